"""Which refusals need words in other languages, and where each is said: the one written rule."""

import re
from http import HTTPStatus
from pathlib import Path

from pydantic_core import ErrorTypeInfo
from pydantic_core._pydantic_core import list_all_errors

PACKAGE = "tipbridge"
CATALOGUE = "{language}.refusals.po"
WITHOUT = ("migrations", "demo", "cli")
"""Folders that nothing of a page lies in."""

ELSEWHERE = {
    "foundation.identity.card": "cards of nodes, which commands and peers bring",
    "foundation.identity.keys": "the node's key file, which commands make",
    "knowledge.hashes.knowngood": "a set of files on the node's own disk, which a command names",
    "knowledge.law.checking": "law files: the program does not start with one that is refused",
    "knowledge.law.entries": "as above",
    "knowledge.law.jurisdiction": "as above",
    "knowledge.law.loading": "as above",
    "knowledge.law.reading": "as above",
    "sharing.exchange.package": "the wire: answered to a peer, one sentence for all",
    "sharing.exchange.statement": "as above",
    "tips.report.batched": "a report's document, refused in the words of the protocol",
    "tips.report.body": "as above",
    "tips.report.parse": "as above",
    "web.bodies": "JSON of programs",
    "web.provider_door": "providers' programs",
    "web.provider_gate": "as above",
    "web.serving": "the listener for peers",
}
"""Modules whose refusals no page's reader causes or can mend, and why."""

KEYS = (
    "knowledge.agreements",
    "knowledge.hashes.forms",
    "knowledge.hashes.documents",
    "police.cases.diary.papers",
    "police.evidence.errors",
)
"""Modules that name keys, columns, endings and forms of files: the same in every language."""

SPEAKERS = {
    ("tipbridge.web.errors", "answer"): 3,
    ("tipbridge.web.render", "told"): 1,
}
"""Functions of the shell that say one of their arguments to the reader."""

PHRASES = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
)
"""What the framework refuses by itself, in the words of HTTP."""

FORM_FAULTS = (
    "missing",
    "extra_forbidden",
    "string_type",
    "string_too_short",
    "string_too_long",
    "string_pattern_mismatch",
    "enum",
    "int_parsing",
    "int_parsing_size",
    "greater_than_equal",
    "less_than_equal",
    "bool_parsing",
    "date_from_datetime_parsing",
    "date_from_datetime_inexact",
)
"""Faults of pydantic in a field of a form or an address; `tests/web` tries every field."""

DAY_FAULTS = (
    "input is too short",
    "invalid character in year",
    "invalid character in month",
    "invalid character in day",
    "invalid date separator, expected `-`",
    "month value is outside expected range of 1-12",
    "day value is outside expected range",
    "invalid datetime separator, expected `T`, `t`, `_` or space",
    "unexpected extra characters at the end of the input",
)
"""What pydantic says of a day that is none."""

_PLURAL = "{expected_plural}"


def is_entry(module: str) -> bool:
    """Whether a module opens pages, or is of the shell around them."""
    inner = module.removeprefix(f"{PACKAGE}.")
    last = inner.rpartition(".")[2]
    return last == "pages" or last.endswith("_pages") or inner.startswith("web.")


def is_elsewhere(module: str) -> bool:
    """Whether what a module refuses with is never read on a page."""
    inner = module.removeprefix(f"{PACKAGE}.")
    return any(inner == each or inner.startswith(f"{each}.") for each in ELSEWHERE)


def is_the_same(module: str, word: str) -> bool:
    """Whether a word is the same in every language: a code, a key, an address, or words in their language."""
    inner = module.removeprefix(f"{PACKAGE}.")
    if not word.isascii() or not any(each.islower() for each in word):
        return True
    return " " not in word and (inner.startswith(KEYS) or re.search("[./]", word) is not None)


def room_of(module: str) -> str:
    """The room that says a module's refusals; the ground floor's are said by the shell."""
    wing, *rest = module.split(".")[1:]
    if wing == "foundation":
        return "web"
    return wing if wing in {"office", "bulletin", "web"} else f"{wing}/{rest[0]}"


def catalogue_of(top: Path, room: str, language: str) -> Path:
    """Where a room's refusals stand in a language."""
    return top / "src" / PACKAGE / room / "locale" / CATALOGUE.format(language=language)


def of_the_framework() -> list[str]:
    """Sentences of the framework that pages show."""
    by_type: dict[str, ErrorTypeInfo] = {each["type"]: each for each in list_all_errors()}
    faults = [by_type[name]["message_template_python"] for name in FORM_FAULTS]
    return [f"{each.phrase}." for each in PHRASES] + [
        each.replace(_PLURAL, ending)
        for each in faults
        for ending in (("", "s") if _PLURAL in each else ("",))
    ]


def kinds_of_the_framework() -> list[str]:
    """What the shell calls these kinds of refusal."""
    return [each.phrase.lower().replace(" ", "-") for each in PHRASES]
