"""In which order a referral's parts are read: pure."""

import re

_NUMBERS = re.compile(r"(\d+)")


def in_order(label: str) -> tuple[tuple[bool, int, str], ...]:
    """Where a part stands among others: its numbers as numbers, so that 10 comes after 9."""
    steps = [each for each in _NUMBERS.split(label) if each]
    return tuple((each.isdecimal(), int(each) if each.isdecimal() else 0, each) for each in steps)
