"""The numbers in what somebody wrote of a seized thing: pure decisions."""

import re
from collections.abc import Iterable

import phonenumbers

from tipbridge.police.cases.model import Identifier, IdentifierKind

COMPARED = frozenset({IdentifierKind.DEVICE, IdentifierKind.PHONE})
"""The kinds of identifiers that a seized thing may bear."""
_LEAST, _LEAST_DIGITS = 6, 4
_GROUPED = re.compile(r"(?<!\d)\d(?:[ -]?\d){13,15}(?!\d)")
_WORDS = re.compile(r"[\s,;:/|()\[\]\"']+")


def codes_in(text: str, region: str | None) -> tuple[str, ...]:
    """The serial, IMEI and phone numbers in a text, in the form in which they are compared.

    Shape: a word is one with at least 6 letters and digits, 4 of them digits: what is shorter
    many things bear.
    """
    found = {_code(each.group()) for each in _GROUPED.finditer(text)}
    left = _GROUPED.sub(" ", text)
    for match in phonenumbers.PhoneNumberMatcher(left, region):
        form = phonenumbers.PhoneNumberFormat.E164
        found |= {_code(match.raw_string), _code(phonenumbers.format_number(match.number, form))}
        left = left.replace(match.raw_string, " ")
    found |= {_code(word) for word in _WORDS.split(left)}
    return tuple(sorted(filter(_tells, found)))


def codes_of(identifiers: Iterable[Identifier]) -> tuple[str, ...]:
    """The devices and phone numbers among identifiers, in the same form."""
    found = {_code(each.value) for each in identifiers if each.kind in COMPARED}
    return tuple(sorted(filter(_tells, found)))


def _code(text: str) -> str:
    return re.sub("[^0-9A-Z]", "", text.upper())


def _tells(code: str) -> bool:
    digits = sum(each.isdigit() for each in code)
    return len(code) >= _LEAST and digits >= _LEAST_DIGITS
