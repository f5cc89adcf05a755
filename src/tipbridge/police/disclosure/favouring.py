"""What a bundle says in somebody's favour, of the defence, and of corrections (house law 15).

A bundle names nobody of its case; in words that somebody typed here or wrote there, names stand as
`[person N]`, N as the case counts its people.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import cast

from tipbridge.foundation.base.canonical import parse_json
from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.versions import counts_as_child, is_juvenile, law_on, local_day
from tipbridge.office.terminal import plain
from tipbridge.police.cases.fairness.favouring import kept_in
from tipbridge.police.cases.fairness.model import DefenceRequest, Favour, Kept, PersonKept
from tipbridge.police.cases.model import Case, IdentifierKind, Person
from tipbridge.police.cases.seeing import identifiers_seen
from tipbridge.police.disclosure.model import Content, Json, Purpose
from tipbridge.police.disclosure.naming import ListsTold
from tipbridge.police.outcomes.telling import is_decided_about
from tipbridge.sharing.referral.consent.leaves import court_leave

NOTHING = "Nothing that favours is recorded; that is not the same as nothing."
TO_WHOM_THE_DEFENCE_SPEAKS = frozenset({Purpose.COURT, Purpose.PROSECUTION, Purpose.DEFENCE})
"""Who reads what the defence asked and was told; others read that it did, and when."""
RECORDED = {
    "cases.favour.recorded": "favour",
    "cases.defence.asked": "request",
    "cases.defence.answered": "request",
    "cases.person.corrected": "correction",
    "cases.correction.taken-back": "correction",
}
"""The log's events about what staff put on record for somebody, and the fact that has its id."""
_FEWEST_CHARACTERS = 2
_POINTING = frozenset(IdentifierKind) - {IdentifierKind.FILE}


def favours_told(work: Work, case: Case, content: Content, lists: ListsTold) -> Json:
    """What favours everybody whom the case accuses, the defence's requests, and corrections.

    Shape: nobody who is a victim only, unless the defence or a correction speaks of them.
    """
    kept = kept_in(work, case)
    decided = {each["person_id"] for each in content.decisions}
    people = [each for each in kept.people if _is_told(each, decided)]
    words = _Words(work, kept, {each.person.id for each in people}, lists)
    purpose = Purpose(content.head["purpose"])
    of_case = [words.favour(each) for each in kept.of_case]
    proposed = datetime.fromisoformat(content.head["proposed_at"])
    said: Json = {
        "of_case": of_case,
        "people": [
            {
                "child": was_child(case.jurisdiction, each.person, proposed),
                **_person(each, words, purpose, of_case=bool(of_case)),
            }
            for each in people
        ],
        "not_found": [_not_found(each) for each in content.examinations if not each["findings"]],
    }
    return {**said, "elsewhere": sorted(logged(content.audit).keys() - ids_in(said))}


def was_child(jurisdiction: str, person: Person, proposed: datetime) -> bool | None:
    """Whether somebody was a child or a juvenile at the act, or else when it was proposed.

    Shape: None where that is uncertain, or no law is known there.
    """
    try:
        on = person.act_on or local_day(shipped_laws(), jurisdiction, proposed)
        law = law_on(shipped_laws(), jurisdiction, on)
    except NoLaw:
        return None
    found = {is_juvenile(law, person.birth, on), counts_as_child(law, person.birth, on)}
    return True if True in found else None if None in found else False


def _is_told(one: PersonKept, decided: Collection[str]) -> bool:
    accused = one.person.struck_at is None and is_decided_about(one.person)
    return bool(accused or one.person.id in decided or one.requests or one.corrections)


def _person(one: PersonKept, words: "_Words", purpose: Purpose, *, of_case: bool) -> Json:
    return {
        "person": one.person.id,
        "number": one.person.position,
        "nothing": None if one.favours or of_case else NOTHING,
        "favours": [words.favour(each) for each in one.favours],
        "defence": [words.request(each, purpose) for each in one.requests],
        "corrections": [
            {
                "id": each.id,
                "made_at": plain(each.made_at),
                "made_by": each.made_by,
                "grounds": words.told(each.grounds),
                "taken_back_at": plain(each.taken_back_at),
                "undoes": each.undoes,
            }
            for each in one.corrections
        ],
    }


def _not_found(examination: Json) -> Json:
    """An examination that found nothing: what was looked for and is not there favours too."""
    names = ("exhibit_id", "at", "verdict", "near")
    return {"examination": examination["id"], **{name: examination[name] for name in names}}


def logged(audit: Json) -> dict[str, set[str]]:
    """What the quoted log says was put on record for somebody: the events by the record's id."""
    found: dict[str, set[str]] = {}
    for entry in audit["entries"]:
        said = cast("Json", parse_json(entry["entry"].encode()))
        named = RECORDED.get(said["event"])
        if named is not None and named in said["facts"]:
            found.setdefault(said["facts"][named], set()).add(said["event"])
    return found


def ids_in(said: Json) -> set[str]:
    """The ids of all that staff put on record for somebody, as the document has it."""
    found = {each["via"] for each in said["of_case"] if each["kind"] == "staff"}
    for one in said["people"]:
        found |= {each["via"] for each in one["favours"] if each["kind"] == "staff"}
        found |= {each["id"] for each in (*one["defence"], *one["corrections"])}
    return found


def favours_of(payload: Mapping[str, bytes]) -> Json:
    """The document as it leaves."""
    return cast("Json", parse_json(payload["data/favours.json"]))


def counted(said: Json) -> Json:
    """How much a bundle says in anybody's favour; `nothing`: of how many people nothing is recorded."""
    people = said["people"]
    return {
        "people": len(people),
        "favours": len(said["of_case"]) + sum(len(each["favours"]) for each in people),
        "defence": sum(len(each["defence"]) for each in people),
        "corrections": sum(len(each["corrections"]) for each in people),
        "not_found": len(said["not_found"]),
        "nothing": sum(each["nothing"] is not None for each in people),
    }


class _Words:
    """Words as they may leave: without names of the case, and lists that may not be named."""

    def __init__(self, work: Work, kept: Kept, told: Collection[str], lists: ListsTold) -> None:
        self._work, self._lists = work, lists
        self._held: dict[str, frozenset[str]] = {}
        marks = {
            name: f"[person {each.person.position}]"
            for each in kept.people
            for name in self._names(each.person, told)
        }
        names = sorted(marks, key=lambda name: (-len(name), name))
        self._marks = [marks[name] for name in names]
        self._any = re.compile("|".join(f"({_pattern(name)})" for name in names), re.IGNORECASE)

    def _names(self, person: Person, told: Collection[str]) -> Iterator[str]:
        """What names somebody; of who is not accused also what points at them."""
        named = [person.name, person.guardian, person.guardian_contact]
        if person.id not in told:
            known = identifiers_seen(self._work, person)
            named += [each.value for each in known if each.kind in _POINTING]
        for each in named:
            if each and len(each.strip()) >= _FEWEST_CHARACTERS:
                yield each.strip()

    def told(self, text: str | None) -> str | None:
        """A text with marks in place of names."""
        if text is None or not self._marks:
            return text
        return self._any.sub(lambda found: self._marks[(found.lastindex or 1) - 1], text)

    def favour(self, favour: Favour) -> Json:
        """A favour; its address only where leave for a court covers the part that tells it."""
        held = favour.of is None or favour.subject in self._may_not(favour.via)
        return {
            "kind": favour.kind.value,
            "about": favour.about or None,
            "text": self.told(self._lists.sentence(favour.text)),
            "source": favour.source,
            "at": plain(favour.at),
            "of": None if held else favour.of,
            "via": favour.via,
            "part": favour.part,
        }

    def _may_not(self, referral_id: str | None) -> frozenset[str]:
        if referral_id is None:
            return frozenset()
        if referral_id not in self._held:
            labels = court_leave(self._work, referral_id).may_not
            self._held[referral_id] = frozenset(each.partition("~")[0] for each in labels)
        return self._held[referral_id]

    def request(self, asked: DefenceRequest, purpose: Purpose) -> Json:
        """What the defence asked and was told; to whom it does not speak, that it did."""
        open_ = purpose in TO_WHOM_THE_DEFENCE_SPEAKS
        return {
            "id": asked.id,
            "asked_on": plain(asked.asked_on),
            "recorded_at": plain(asked.recorded_at),
            "asked": self.told(asked.asked) if open_ else None,
            "answered_at": plain(asked.answered_at),
            "answer": self.told(asked.answer) if open_ else None,
        }


def _pattern(name: str) -> str:
    """A name however it is spaced; one in Latin letters as words of its own."""
    letters = name.split() if name.isascii() else "".join(name.split())
    inside = r"\s*".join(map(re.escape, letters))
    edges = (r"(?<![a-z0-9])", r"(?![a-z0-9])") if name.isascii() else ("", "")
    return f"{edges[0]}{inside}{edges[1]}"
