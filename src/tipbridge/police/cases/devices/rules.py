"""The numbers in what somebody wrote of a seized thing: pure decisions."""

import re
import unicodedata
from collections.abc import Iterable

import phonenumbers

from tipbridge.police.cases.model import Identifier, IdentifierKind

COMPARED = frozenset({IdentifierKind.DEVICE, IdentifierKind.PHONE})
"""The kinds of identifiers that a seized thing may bear."""
_LEAST, _LEAST_DIGITS, _MOST_OF_MARK = 6, 4, 200
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


def marks_in(mark: str, text: str) -> tuple[str, ...]:
    """By what an exhibit is found, however short: its mark, and each word with a digit in a text.

    Shape: in the form of `mark_of`; many things bear such a one, so it is compared with nothing.
    """
    words = (mark_of(word) for word in _WORDS.split(text))
    found = {mark_of(mark), *(word for word in words if any(each.isdigit() for each in word))}
    return tuple(sorted(found - {""}))


def mark_of(text: str) -> str:
    """A mark in the form in which it is searched: letters of any script and digits alone.

    Shape: its beginning, where a text without spaces would be longer than an index compares.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(each for each in plain if each.isalnum())[:_MOST_OF_MARK]


def _code(text: str) -> str:
    return re.sub("[^0-9A-Z]", "", text.upper())


def _tells(code: str) -> bool:
    digits = sum(each.isdigit() for each in code)
    return len(code) >= _LEAST and digits >= _LEAST_DIGITS
