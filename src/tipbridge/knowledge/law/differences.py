"""What differs between two versions of a law, and between two pieces of advice, in words; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tipbridge.knowledge.law.model import Mark, Source, Words
from tipbridge.knowledge.law.shape import Diversion, LawVersion
from tipbridge.knowledge.law.terms import said
from tipbridge.knowledge.law.words import cited

Line = tuple[tuple[str, str], str]
Document = Mapping[str, Any]
"""Advice as it is kept with a decision: JSON."""

_KINDS: Mapping[str, Words] = {
    "offence": Words(en="Offence", ko="죄"),
    "band": Words(en="Ages", ko="연령"),
    "diversion": Words(en="Way out of booking", ko="입건 외 처리"),
    "at-risk": Words(en="At risk", ko="우범"),
    "limitation": Words(en="Limitation", ko="공소시효"),
    "duty": Words(en="Duty", ko="의무"),
    "outcome": Words(en="Outcome", ko="처분"),
    "stage": Words(en="Stage", ko="단계"),
    "transition": Words(en="Step", ko="절차"),
    "clock": Words(en="Clock", ko="기한"),
    "age": Words(en="Age", ko="연령 기준"),
    "permitted": Words(en="Permitted", ko="허용"),
    "forbidden": Words(en="Not allowed", ko="불허"),
    "unknown": Words(en="Fact", ko="사실"),
    "law": Words(en="Law", ko="적용 법"),
    "caution": Words(en="Not loaded", ko="반영하지 않은 개정"),
}
_FINE_ONLY = Words(en="a fine and no more", ko="벌금형만 있는 죄")
_NEEDS_FINE = Words(en="where a fine is possible", ko="벌금형이 가능한 죄")
_WAYS: Mapping[str, Words] = {
    "new": Words(en="new: {after}", ko="신설: {after}"),
    "gone": Words(en="gone: {before}", ko="폐지: {before}"),
    "now-open": Words(en="not known any more", ko="이제 알 수 없음"),
    "now-known": Words(en="was not known, is known now", ko="전에는 미상, 이제 확인됨"),
    "changed": Words(en="{before} → {after}", ko="{before} → {after}"),
}


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
        way = _in(_WAYS[key], language).format(before=self.before, after=self.after)
        name = f" {self.name}:" if self.name else ""
        return f"{_in(_KINDS[self.kind], language)}:{name} {way}"


def law_differences(old: LawVersion, new: LawVersion, language: str) -> list[Difference]:
    """What another version says otherwise, entry by entry."""
    return _differing(_Said(old, language).lines(), _Said(new, language).lines())


def advice_differences(
    old: Document, new: Document, words: Mapping[str, Words], language: str
) -> list[Difference]:
    """What other law or other facts make of the advice; days of duties are not compared."""
    return _differing(_advice(old, words, language), _advice(new, words, language))


def _differing(old: Iterable[Line], new: Iterable[Line]) -> list[Difference]:
    before, after = dict(old), dict(new)
    return [
        Difference(kind=key[0], name=key[1], before=before.get(key), after=after.get(key))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    ]


class _Said:
    """A law's entries by kind and name, each as one line."""

    def __init__(self, law: LawVersion, language: str) -> None:
        self._law, self._language = law, language

    def lines(self) -> Iterator[Line]:
        """All of them."""
        yield from self._people()
        yield from self._outcomes()
        law = self._law
        for clock in law.clocks:
            yield ("clock", self._say(clock.code)), f"{clock.days} d; {self._cite(clock.source)}"
        for rule in law.limitations:
            if law.valid_to is None or rule.since is None or rule.since <= law.valid_to:
                of = self._list(sorted(rule.offences)) if rule.offences else ""
                since = "" if rule.since is None else f"{rule.since}; "
                yield ("limitation", of), f"{since}{self._cite(rule.source)}"
        for each in law.pending:
            if law.valid_to is None or each.since <= law.valid_to:
                says = f"{each.since}: {_in(each.says, self._language)}"
                yield ("caution", each.source.rule), f"{says} {self._cite(each.source)}"

    def _people(self) -> Iterator[Line]:
        law = self._law
        for name, age in (("juvenile", law.juvenile), ("child", law.child)):
            yield ("age", name), f"< {age.below}, {age.count}; {self._cite(age.source)}"
        for text in law.offences:
            line = f"{_in(text.text, self._language)}; {self._cite(text.source)}"
            yield ("offence", self._say(text.offence)), line
        for band in law.bands:
            ages = f"{band.from_age}-{'' if band.below_age is None else band.below_age - 1}"
            ways = f"+ {self._list(band.permitted)}; - {self._list(band.forbidden)}"
            if (band.decided_from, band.decided_below) != (0, None):
                last = "" if band.decided_below is None else band.decided_below - 1
                ages += f" ({band.decided_from}-{last})"
            yield ("band", ages), f"{ways}; {self._cite(band.source)}"

    def _outcomes(self) -> Iterator[Line]:
        law = self._law
        for outcome in dict.fromkeys(way.outcome for way in law.diversions):
            ways = [self._way_out(way) for way in law.diversions if way.outcome is outcome]
            yield ("diversion", self._say(outcome)), " | ".join(ways)
        for each in law.at_risk:
            line = f"{each.from_age}-{each.below_age - 1}; {self._cite(each.source)}"
            yield ("at-risk", self._say(each.outcome)), line
        for duty in law.duties:
            line = f"{duty.due_days} d, {self._say(duty.who)}; {self._cite(duty.source)}"
            if duty.min_months is not None:
                line = f">= {duty.min_months} m; {line}"
            yield ("duty", self._say(duty.code)), line
        for rule in law.outcomes:
            line = f"{self._say(rule.stage)}, {self._say(rule.custody)}; {self._cite(rule.source)}"
            kept = "" if rule.kept is None else f"; {rule.kept_days} d, {self._cite(rule.kept)}"
            yield ("outcome", self._say(rule.outcome)), line + kept
        for stage in law.stages:
            why = f"{self._list(stage.reasons)}; " if stage.reasons else ""
            yield ("stage", self._say(stage.stage)), f"{why}{self._cite(stage.source)}"
        for step in law.transitions:
            name = f"{self._say(step.stage)} → {self._say(step.leads_to)}"
            below = "" if step.still_below is None else f"< {step.still_below}; "
            needs = "" if step.after_duty is None else f"{self._say(step.after_duty)}; "
            fine = f"{_in(_FINE_ONLY, self._language)}; " if step.fine_only else ""
            fine += f"{_in(_NEEDS_FINE, self._language)}; " if step.needs_fine else ""
            line = f"{below}{needs}{fine}{self._say(step.by)}; {self._cite(step.source)}"
            yield ("transition", name), line

    def _way_out(self, way: Diversion) -> str:
        line = f"{way.from_age}-{way.below_age - 1}; {self._list(sorted(way.offences))}"
        if way.decided_below is not None:
            line = f"< {way.decided_below}; {line}"
        return f"{line}; {self._cite(way.source)}"

    def _say(self, code: str) -> str:
        return said(self._law.words, code, self._language)

    def _list(self, codes: Sequence[str]) -> str:
        return ", ".join(self._say(code) for code in codes) or "-"

    def _cite(self, source: Source) -> str:
        return cited(source, self._law.words, self._language)


def _advice(document: Document, words: Mapping[str, Words], language: str) -> Iterator[Line]:
    def cite(source: Document) -> str:
        citation = str(source["citation"])
        given = Source(
            rule=source["rule"],
            citation=citation,
            citation_ko=source.get("citation_ko", citation),
            mark=Mark(source["mark"]),
        )
        return cited(given, words, language)

    yield ("law", ""), f"{document['law_of_act']} · {document['law_of_decision']}"
    for number, each in enumerate(document["permitted"], start=1):
        name = said(words, each["outcome"], language)
        yield ("permitted", name), f"{number}. {cite(each['source'])}"
    for each in document["forbidden"]:
        yield ("forbidden", said(words, each["outcome"], language)), cite(each["source"])
    for each in document["duties"]:
        yield ("duty", said(words, each["code"], language)), cite(each["source"])
    for code in document["unknowns"]:
        yield ("unknown", said(words, code, language)), "?"
    for source in document.get("cautions", ()):
        yield ("caution", str(source["rule"])), cite(source)


def _in(words: Words, language: str) -> str:
    return words.ko if language == "ko" else words.en
