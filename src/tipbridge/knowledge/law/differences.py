"""What differs between two versions of a law, and between two pieces of advice, in words; pure.

Every field of every entry is compared, whatever it is: what a file can say, the difference tells.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tipbridge.knowledge.law.fields import in_language, shown
from tipbridge.knowledge.law.model import Words
from tipbridge.knowledge.law.shape import Band, Diversion, LawVersion
from tipbridge.knowledge.law.terms import said

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Key = tuple[str, str]
Fields = Mapping[str, object]
Entry = tuple[Key, Fields]
Document = Mapping[str, Any]
"""Advice as it is kept with a decision: JSON."""

_KINDS: Mapping[str, Words] = {
    "offence": Words(en="Offence", ko="죄"),
    "band": Words(en="Ages", ko="연령"),
    "diversion": Words(en="Way out of booking", ko="입건 외 처리"),
    "at-risk": Words(en="At risk", ko="우범"),
    "limitation": Words(en="Limitation", ko="공소시효"),
    "duty": Words(en="Duty", ko="의무"),
    "trigger": Words(en="Duties", ko="의무 발생"),
    "outcome": Words(en="Outcome", ko="처분"),
    "stage": Words(en="Stage", ko="단계"),
    "transition": Words(en="Step", ko="절차"),
    "clock": Words(en="Clock", ko="기한"),
    "body": Words(en="Body that decides", ko="심의기구"),
    "age": Words(en="Age", ko="연령 기준"),
    "principle": Words(en="Principles", ko="일반 원칙"),
    "word": Words(en="Word", ko="용어"),
    "permitted": Words(en="Permitted", ko="허용"),
    "forbidden": Words(en="Not allowed", ko="불허"),
    "unknown": Words(en="Fact", ko="사실"),
    "law": Words(en="Law", ko="적용 법"),
    "applied": Words(en="Offence", ko="죄"),
    "finding": Words(en="Finding", ko="판단"),
    "caution": Words(en="Not loaded", ko="반영하지 않은 개정"),
}
_WAYS: Mapping[str, Words] = {
    "new": Words(en="new: {after}", ko="신설: {after}"),
    "gone": Words(en="gone: {before}", ko="폐지: {before}"),
    "now-open": Words(en="not known any more", ko="이제 알 수 없음"),
    "now-known": Words(en="was not known, is known now", ko="전에는 미상, 이제 확인됨"),
    "changed": Words(en="{before} → {after}", ko="{before} → {after}"),
}
_PRINCIPLES = (
    "time_zone",
    "lenient",
    "principle",
    "unresolved",
    "no_offence",
    "serious",
    "declared_margin_years",
)
_OWN = ("title", "valid_from", "valid_to", "began")
"""What parts two versions of one law anyhow: compared between two editions of one version."""
_TRIGGERS = ("unresolved_duties", "minor_duties", "self_produced_duties", "depicted_duties")
_FINDINGS = ("age_resolved", "punishable", "fine_only", "no_fine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs: what it is, and what it was and is; None: not there."""

    kind: str
    name: str
    before: str | None
    after: str | None

    def said(self, language: str) -> str:
        """The difference in words."""
        key = "new" if self.before is None else "gone" if self.after is None else "changed"
        if self.kind == "unknown":
            key = "now-open" if self.before is None else "now-known"
        way = in_language(_WAYS[key], language).format(before=self.before, after=self.after)
        name = f" {self.name}:" if self.name else ""
        return f"{in_language(_KINDS[self.kind], language)}:{name} {way}"


def law_differences(old: LawVersion, new: LawVersion, language: str) -> list[Difference]:
    """What another version, or another edition of it, says otherwise, entry by entry."""
    alike = old.id == new.id
    before, after = (_Said(law, language).entries(alike=alike) for law in (old, new))
    return _Told(new.words, language).differing(before, after)


def advice_differences(
    old: Document, new: Document, words: Mapping[str, Words], language: str
) -> list[Difference]:
    """What other law or other facts make of the advice; days of duties are not compared."""
    before, after = (_advice(each, words, language) for each in (old, new))
    return _Told(words, language).differing(before, after)


class _Told:
    """Two sides by their entries, and what differs between them in words."""

    def __init__(self, words: Mapping[str, Words], language: str) -> None:
        self._words, self._language = words, language

    def differing(self, old: Iterable[Entry], new: Iterable[Entry]) -> list[Difference]:
        """Entries that are on one side only, and of the others the fields that differ."""
        before, after = dict(_numbered(old)), dict(_numbered(new))
        found: list[Difference] = []
        for key in dict.fromkeys((*before, *after)):
            was, now = before.get(key), after.get(key)
            if was != now:
                first, last = self._both(was, now)
                found.append(Difference(kind=key[0], name=key[1], before=first, after=last))
        return found

    def _both(self, was: Fields | None, now: Fields | None) -> tuple[str | None, str | None]:
        if was is None or now is None:
            return (
                None if was is None else self._whole(was),
                None if now is None else self._whole(now),
            )
        names = [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]
        first, last = (self._part(each, names, self._language) for each in (was, now))
        if first == last:  # it is the other language that differs
            other = "en" if self._language == "ko" else "ko"
            first, last = (self._part(each, names, other) for each in (was, now))
        return first, last

    def _whole(self, entry: Fields) -> str:
        names = [name for name, value in entry.items() if value not in (None, False, (), [])]
        return self._part(entry, names, self._language)

    def _part(self, entry: Fields, names: Iterable[str], language: str) -> str:
        return "; ".join(shown(name, entry.get(name), self._words, language) for name in names)


def _numbered(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries of one name told apart by their number, the first without one."""
    seen: dict[Key, int] = {}
    for key, entry in entries:
        seen[key] = seen.get(key, 0) + 1
        yield (key if seen[key] == 1 else (key[0], f"{key[1]} ({seen[key]})")), entry


def _fields(entry: "DataclassInstance", *named: str) -> Fields:
    """Every field of an entry but those that name it."""
    return {
        each.name: getattr(entry, each.name) for each in fields(entry) if each.name not in named
    }


class _Said:
    """A law's entries by kind and name."""

    def __init__(self, law: LawVersion, language: str) -> None:
        self._law, self._language = law, language

    def entries(self, *, alike: bool) -> Iterator[Entry]:
        """All of them; what is the version's own only between editions of one version."""
        law = self._law
        yield from self._people()
        yield from self._outcomes()
        general = (*_PRINCIPLES, *(_OWN if alike else ()))
        yield ("principle", ""), {name: getattr(law, name) for name in general}
        yield ("trigger", ""), {name: getattr(law, name) for name in _TRIGGERS}
        for rule in law.limitations:
            if law.valid_to is None or rule.since is None or rule.since <= law.valid_to:
                of = ", ".join(self._say(each) for each in sorted(rule.offences))
                yield ("limitation", of), _fields(rule, "offences")
        for each in law.pending:
            if law.valid_to is None or each.since <= law.valid_to:
                yield ("caution", each.source.rule), _fields(each)
        for code, words in law.words.items():
            yield ("word", code), {"says": words}

    def _people(self) -> Iterator[Entry]:
        law = self._law
        for name, age in (("juvenile", law.juvenile), ("child", law.child)):
            yield ("age", self._say(name)), _fields(age)
        for text in law.offences:
            yield ("offence", self._say(text.offence)), _fields(text, "offence")
        for band in law.bands:
            named = ("from_age", "below_age", "decided_from", "decided_below")
            yield ("band", _ages(band)), _fields(band, *named)
        for way in law.diversions:
            name = f"{self._say(way.outcome)} {_ages(way)}"
            named = ("outcome", "from_age", "below_age")
            yield ("diversion", name), _fields(way, *named)
        for each in law.at_risk:
            yield ("at-risk", self._say(each.outcome)), _fields(each, "outcome")

    def _outcomes(self) -> Iterator[Entry]:
        law = self._law
        for duty in law.duties:
            yield ("duty", self._say(duty.code)), _fields(duty, "code")
        for rule in law.outcomes:
            yield ("outcome", self._say(rule.outcome)), _fields(rule, "outcome")
        for stage in law.stages:
            yield ("stage", self._say(stage.stage)), _fields(stage, "stage")
        for step in law.transitions:
            name = f"{self._say(step.stage)} → {self._say(step.leads_to)}"
            yield ("transition", name), _fields(step, "stage", "leads_to")
        for clock in law.clocks:
            name = f"{self._say(clock.code)}, {self._say(clock.starts)}"
            yield ("clock", name), _fields(clock, "code", "starts")
        for body in law.bodies:
            yield ("body", self._say(body.code)), _fields(body, "code")

    def _say(self, code: str) -> str:
        return said(self._law.words, code, self._language)


def _ages(entry: Band | Diversion) -> str:
    ages = f"{entry.from_age}-{'' if entry.below_age is None else entry.below_age - 1}"
    if isinstance(entry, Band) and (entry.decided_from, entry.decided_below) != (0, None):
        last = "" if entry.decided_below is None else entry.decided_below - 1
        ages += f" ({entry.decided_from}-{last})"
    return ages


def _advice(document: Document, words: Mapping[str, Words], language: str) -> Iterator[Entry]:
    def name(code: str) -> str:
        return said(words, code, language)

    yield ("law", ""), {"law": f"{document['law_of_act']} · {document['law_of_decision']}"}
    for number, each in enumerate(document["permitted"], start=1):
        entry = {"place": number} | {key: value for key, value in each.items() if key != "outcome"}
        yield ("permitted", name(each["outcome"])), entry
    for each in document["forbidden"]:
        yield ("forbidden", name(each["outcome"])), {"source": each["source"]}
    for each in document["duties"]:
        yield ("duty", name(each["code"])), {"source": each["source"], "who": each.get("who")}
    for code in document["unknowns"]:
        yield ("unknown", name(code)), {"law": "?"}
    for source in document.get("cautions", ()):
        yield ("caution", str(source["rule"])), {"source": source}
    if applied := document.get("applied"):
        entry = {key: value for key, value in applied.items() if key != "law"}
        yield ("applied", ""), entry | {"law_of_text": applied.get("law")}
    if limitation := document.get("limitation"):
        yield ("limitation", ""), limitation
    yield ("finding", ""), {name_: document.get(name_) for name_ in _FINDINGS}
