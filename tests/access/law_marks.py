"""Where a text uses a line of the law that nobody confirmed: its mark must stand beside it."""

import functools
import re
from collections.abc import Mapping

from tipbridge.knowledge.law.loading import shipped_jurisdictions
from tipbridge.knowledge.law.model import Mark
from tipbridge.police.welfare.clocks import known_clocks
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

ON_A_PAGE = 60
"""Within so many characters: the rule's code stands between."""
IN_AN_ANSWER = 300
"""The citation's other language and names of fields stand between."""

WORDS: Mapping[Mark, tuple[str, ...]] = {
    Mark.UNCONFIRMED: ("unconfirmed", "미확인"),
    Mark.PRACTICE: ("agency-practice", "agency practice", "기관 실무"),
}


@functools.cache
def _marks() -> Mapping[str, frozenset[Mark]]:
    """Every citation of the law and of welfare's clocks, in both languages, with its marks."""
    found: dict[str, set[Mark]] = {}
    for law in shipped_jurisdictions():
        for source in law.rules.values():
            for text in (source.citation, source.citation_ko):
                found.setdefault(text, set()).add(source.mark)
    korean = catalogue(Language.KOREAN)
    for rule in known_clocks():
        for text in (rule.citation, korean.gettext(rule.citation, "welfare")):
            found.setdefault(text, set()).add(rule.mark)
    return {text: frozenset(marks) for text, marks in found.items()}


@functools.cache
def unsure() -> Mapping[str, tuple[str, ...]]:
    """Citations of lines that nobody confirmed, and the words of their marks."""
    return {
        text: tuple(word for mark in marks for word in WORDS[mark])
        for text, marks in _marks().items()
        if Mark.CONFIRMED not in marks
    }


@functools.cache
def _any_citation() -> re.Pattern[str]:
    longest_first = sorted(_marks(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def used_in(text: str, within: int) -> list[tuple[str, str]]:
    """Every use of such a citation in a text, with so many characters behind it."""
    return [
        (found[0], text[found.end() : found.end() + within])
        for found in _any_citation().finditer(text)
        if found[0] in unsure()
    ]


def unmarked(text: str, within: int) -> list[str]:
    """The citations that a text uses without their mark."""
    return [
        citation
        for citation, behind in used_in(text, within)
        if not any(word in behind for word in unsure()[citation])
    ]
