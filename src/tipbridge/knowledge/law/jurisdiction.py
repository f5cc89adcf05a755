"""Reads a jurisdiction's file: dated entries, out of which its law on any day is made."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar
from zoneinfo import available_timezones

from tipbridge.knowledge.law import entries
from tipbridge.knowledge.law.errors import NotALaw
from tipbridge.knowledge.law.model import Mark, Source, Words
from tipbridge.knowledge.law.reading import Reader
from tipbridge.knowledge.law.shape import (
    AgeRule,
    AtRisk,
    Band,
    Body,
    Clock,
    Count,
    Diversion,
    DutyRule,
    Lenient,
    LimitationRule,
    OffenceText,
    OutcomeRule,
    Pending,
    StageRule,
    Term,
    Transition,
)

_Entry = TypeVar("_Entry", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Generic[_Entry]):
    """An entry with the time it holds."""

    term: Term
    entry: _Entry
    place: str

    def on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.term.holds_on(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A stretch of time in which nothing here changes, and on what its first day rests."""

    id: str
    since: date
    source: Source
    title: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """One file, read and typed; every entry still with its dates.

    Shape: `read_in` says of each confirmed rule where its text was read.
    """

    file: str
    code: str
    edition: int
    time_zone: str
    versions: tuple[Version, ...]
    rules: Mapping[str, Source]
    read_in: Mapping[str, str]
    used_rules: frozenset[str]
    juvenile: AgeRule
    child: AgeRule
    lenient: Lenient
    principle: Source
    unresolved: Source
    no_offence: Source
    serious: Source
    declared_margin_years: int
    triggers: Mapping[str, tuple[str, ...]]
    offences: tuple[Dated[OffenceText], ...]
    bands: tuple[Dated[Band], ...]
    diversions: tuple[Dated[Diversion], ...]
    at_risk: tuple[Dated[AtRisk], ...]
    duties: tuple[Dated[DutyRule], ...]
    outcomes: tuple[Dated[OutcomeRule], ...]
    stages: tuple[Dated[StageRule], ...]
    transitions: tuple[Dated[Transition], ...]
    clocks: tuple[Dated[Clock], ...]
    bodies: tuple[Dated[Body], ...]
    limitations: tuple[LimitationRule, ...]
    pending: tuple[Pending, ...]
    words: Mapping[str, Words]

    def dated(self) -> Sequence[Dated[object]]:
        """Every dated entry."""
        return (
            *self.offences,
            *self.bands,
            *self.diversions,
            *self.at_risk,
            *self.duties,
            *self.outcomes,
            *self.stages,
            *self.transitions,
            *self.clocks,
            *self.bodies,
        )


TRIGGERS = ("unresolved", "minor", "self_produced", "depicted")


def read_jurisdiction(text: str, file: str) -> Jurisdiction:
    """A jurisdiction from its TOML.

    Errors: NotALaw naming file, entry, field and what is allowed.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotALaw(f"{file}: not TOML: {error}.") from error
    rules, read_in = _rules(file, document)
    top = Reader(file, {k: v for k, v in document.items() if k != "rules"}, rules)
    found = _jurisdiction(top, file, rules)
    top.done()
    return replace(found, used_rules=frozenset(top.used), read_in=read_in)


def _rules(file: str, document: Mapping[str, object]) -> tuple[dict[str, Source], dict[str, str]]:
    """Every cited rule, and where each that is confirmed was read."""
    top = Reader(file, {k: v for k, v in document.items() if k == "rules"})
    table = top.table("rules")
    found: dict[str, Source] = {}
    read_in: dict[str, str] = {}
    for rule in table.keys():  # noqa: SIM118 - a reader is no dict; it notes that they were asked for
        item = table.table(rule)
        found[rule] = Source(
            rule=rule,
            citation=item.text("en"),
            citation_ko=item.text("ko"),
            mark=(mark := item.choice("mark", Mark)),
        )
        if mark is Mark.CONFIRMED:
            read_in[rule] = item.text("read_in")
        elif item.has("read_in"):
            raise item.refuse("read_in", f"is for what is confirmed; this is {mark}")
    top.done()
    return found, read_in


def _jurisdiction(top: Reader, file: str, rules: Mapping[str, Source]) -> Jurisdiction:
    ages, lenient, principles = (top.table(key) for key in ("ages", "lenient", "principles"))
    triggers = top.table("triggers")
    zone = top.text("time_zone")
    if zone not in available_timezones():
        raise top.refuse("time_zone", f"is {zone!r}; allowed are IANA names such as Asia/Seoul")
    return Jurisdiction(
        file=file,
        code=top.text("jurisdiction"),
        edition=top.number("edition"),
        time_zone=zone,
        versions=tuple(_version(item) for item in top.tables("versions")),
        rules=rules,
        read_in={},
        used_rules=frozenset(),
        juvenile=_age(ages.table("juvenile")),
        child=_age(ages.table("child")),
        lenient=lenient.choice("which", Lenient),
        principle=lenient.source(),
        unresolved=principles.source("unresolved"),
        no_offence=principles.source("no_offence"),
        serious=principles.source("serious"),
        declared_margin_years=top.table("declared").number("margin_years"),
        triggers={key: triggers.codes(key) for key in TRIGGERS},
        offences=_dated(top, "offences", entries.offence),
        bands=_dated(top, "bands", entries.band),
        diversions=_dated(top, "diversions", entries.diversion),
        at_risk=_dated(top, "at_risk", entries.at_risk),
        limitations=tuple(entries.limitation(item) for item in top.tables("limitations")),
        duties=_dated(top, "duties", entries.duty),
        outcomes=_dated(top, "outcomes", entries.outcome),
        stages=_dated(top, "stages", entries.stage),
        transitions=_transitions(top),
        clocks=_dated(top, "clocks", entries.clock),
        bodies=_dated(top, "bodies", entries.body),
        pending=tuple(entries.pending(item) for item in top.tables("pending")),
        words=_own_words(top),
    )


def _age(item: Reader) -> AgeRule:
    return AgeRule(
        source=item.source(), below=item.number("below"), count=item.choice("count", Count)
    )


def _version(item: Reader) -> Version:
    return Version(
        id=item.text("id"),
        since=item.day("since"),
        source=item.source(),
        title=item.words("title"),
    )


def _dated(top: Reader, key: str, read: Callable[[Reader], _Entry]) -> tuple[Dated[_Entry], ...]:
    return tuple(
        Dated(term=item.term(), entry=read(item), place=f"{key}[{number}]")
        for number, item in enumerate(top.tables(key), start=1)
    )


def _transitions(top: Reader) -> tuple[Dated[Transition], ...]:
    return tuple(
        Dated(term=many.term, entry=one, place=many.place)
        for many in _dated(top, "transitions", entries.transitions)
        for one in many.entry
    )


def _own_words(top: Reader) -> dict[str, Words]:
    """How this jurisdiction names a code, where it differs."""
    if not top.has("words"):
        return {}
    table = top.table("words")
    return {code: table.words(code) for code in table.keys()}  # noqa: SIM118 - no dict
