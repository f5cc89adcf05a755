"""Rows of the welfare tables as the room's types, and back."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from tipbridge.knowledge.law.model import Mark
from tipbridge.police.cases.model import Motive
from tipbridge.police.welfare.model import (
    Clock,
    ClockStep,
    CoerciveStep,
    Consent,
    ConsentBy,
    Ending,
    FollowUp,
    FollowUpKind,
    GuardianNotice,
    OwnMaterial,
    Reason,
    Standing,
    StepTaken,
    Talk,
    TalkWith,
    Welfare,
    WelfareChange,
    WelfareFact,
)

Row = Mapping[Any, Any]
W = TypeVar("W", bound=StrEnum)


def _word(kind: type[W], text: str | None) -> W | None:
    return None if text is None else kind(text)


def _text(word: StrEnum | None) -> str | None:
    return None if word is None else word.value


def welfare_values(welfare: Welfare) -> dict[str, object]:
    """A record as its row."""
    return {
        "id": welfare.id,
        "case_id": welfare.case_id,
        "person_id": welfare.person_id,
        "jurisdiction": welfare.jurisdiction,
        "reasons": [reason.value for reason in welfare.reasons],
        "opened_at": welfare.opened_at,
        "due_on": welfare.due_on,
        "agency": welfare.agency,
        "contact_made": welfare.contact_made,
        "contact_on": welfare.contact_on,
        "guardian_notice": _text(welfare.guardian_notice),
        "guardian_notice_on": welfare.guardian_notice_on,
        "consent": _text(welfare.consent),
        "consent_by": _text(welfare.consent_by),
        "consent_on": welfare.consent_on,
        "own_material": _text(welfare.own_material),
        "own_material_on": welfare.own_material_on,
        "ending": _text(welfare.ending),
        "closed_at": welfare.closed_at,
        "narrowed": welfare.narrowed,
        "members": list(welfare.members),
    }


def to_welfare(row: Row) -> Welfare:
    """A row as a record."""
    return Welfare(
        id=row["id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        jurisdiction=row["jurisdiction"],
        reasons=tuple(Reason(reason) for reason in row["reasons"]),
        opened_at=row["opened_at"],
        due_on=row["due_on"],
        agency=row["agency"],
        contact_made=row["contact_made"],
        contact_on=row["contact_on"],
        guardian_notice=_word(GuardianNotice, row["guardian_notice"]),
        guardian_notice_on=row["guardian_notice_on"],
        consent=_word(Consent, row["consent"]),
        consent_by=_word(ConsentBy, row["consent_by"]),
        consent_on=row["consent_on"],
        own_material=_word(OwnMaterial, row["own_material"]),
        own_material_on=row["own_material_on"],
        ending=_word(Ending, row["ending"]),
        closed_at=row["closed_at"],
        narrowed=row["narrowed"],
        members=tuple(row["members"]),
    )


def standing_values(welfare: Welfare) -> dict[str, object]:
    """What the case sees of a record, as its row."""
    return {
        "welfare_id": welfare.id,
        "case_id": welfare.case_id,
        "person_id": welfare.person_id,
        "opened_at": welfare.opened_at,
        "contacted_on": welfare.contact_on if welfare.contact_made else None,
        "closed_at": welfare.closed_at,
    }


def to_standing(row: Row) -> Standing:
    """A row as what the case sees of a record."""
    return Standing(
        welfare_id=row["welfare_id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        opened_at=row["opened_at"],
        contacted_on=row["contacted_on"],
        closed_at=row["closed_at"],
        removal_waits=row["removal_waits"],
        removal_held=row["removal_held"],
    )


def to_clock(row: Row) -> Clock:
    """A row as a clock."""
    return Clock(
        welfare_id=row["welfare_id"],
        step=ClockStep(row["step"]),
        due_on=row["due_on"],
        citation=row["citation"],
        mark=Mark(row["mark"]),
        met_on=row["met_on"],
        missed_at=row["missed_at"],
        round=row["round"],
        again_from=row["again_from"],
        replaced_at=row["replaced_at"],
    )


def to_talk(row: Row) -> Talk:
    """A row as a talk."""
    return Talk(
        id=row["id"],
        welfare_id=row["welfare_id"],
        talk_with=TalkWith(row["talk_with"]),
        on=row["on"],
        why=_word(Motive, row["why"]),
        by=row["by"],
        taken_back_by=row["taken_back_by"],
        taken_back_at=row["taken_back_at"],
        taken_back_because=row["taken_back_because"],
    )


def to_follow_up(row: Row) -> FollowUp:
    """A row as a follow-up."""
    return FollowUp(
        id=row["id"],
        welfare_id=row["welfare_id"],
        kind=FollowUpKind(row["kind"]),
        due_on=row["due_on"],
        done_on=row["done_on"],
        done_by=row["done_by"],
        dropped_by=row["dropped_by"],
        dropped_on=row["dropped_on"],
        dropped_because=row["dropped_because"],
    )


def to_step(row: Row) -> StepTaken:
    """A row as a coercive step."""
    return StepTaken(
        id=row["id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        step=CoerciveStep(row["step"]),
        on=row["on"],
        contacted=row["contacted"],
        grounds=row["grounds"],
        by=row["by"],
        at=row["at"],
    )


def to_change(row: Row) -> WelfareChange:
    """A row as what a record said before."""
    fact, before = WelfareFact(row["fact"]), row["before"]
    return WelfareChange(
        id=row["id"],
        welfare_id=row["welfare_id"],
        fact=fact,
        before=date.fromisoformat(before) if before and fact.endswith("-on") else before,
        by=row["changed_by"],
        at=row["changed_at"],
    )
