"""Rows of the cases room as what they mean."""

from collections.abc import Mapping
from typing import Any

from tipbridge.knowledge.law.model import Birth, Certainty, Offence, SchoolLevel
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.police.cases.model import (
    Act,
    Case,
    Custody,
    Exploiting,
    IdentifierKind,
    Motive,
    Person,
    PersonRole,
    Stage,
    Statement,
    TakenReferral,
    WelfareFlag,
)
from tipbridge.police.cases.referred import Match
from tipbridge.sharing.referral.model import Origin

Row = Mapping[Any, Any]


def person_values(person: Person) -> Mapping[str, object]:
    """What is known of a person, as columns."""
    birth, stated, shown = person.birth, person.exploiting, person.depicted_born
    return {
        "reference": person.reference,
        "name": person.name,
        "roles": sorted(person.roles),
        "birth_earliest": birth.earliest if birth else None,
        "birth_latest": birth.latest if birth else None,
        "birth_certainty": birth.certainty.value if birth else None,
        "school_level": person.school_level,
        "country": person.country,
        "offence": person.offence,
        "act": person.act,
        "act_on": person.act_on,
        "place_kind": person.place_kind,
        "place_service": person.place_service,
        "self_produced": person.self_produced,
        "motive": person.motive,
        "stage": person.stage.value,
        "custody": person.custody.value,
        "nationalities": list(person.nationalities),
        "guardian": person.guardian,
        "guardian_contact": person.guardian_contact,
        "counsel": person.counsel,
        "counsel_contact": person.counsel_contact,
        "flags": sorted(person.flags),
        "further_acts": list(person.further_acts),
        "depicted_earliest": shown.earliest if shown else None,
        "depicted_latest": shown.latest if shown else None,
        "depicted_certainty": shown.certainty.value if shown else None,
        "exploiting": stated.answer.value if stated else None,
        "exploiting_source": stated.source if stated else None,
        "exploiting_by": stated.by if stated else None,
        "exploiting_at": stated.at if stated else None,
    }


def to_person(row: Row) -> Person:
    """A person of a row."""
    return Person(
        id=row["id"],
        case_id=row["case_id"],
        position=row["position"],
        reference=row["reference"],
        name=row["name"],
        roles=frozenset(PersonRole(role) for role in row["roles"]),
        birth=to_birth(row),
        school_level=None if row["school_level"] is None else SchoolLevel(row["school_level"]),
        country=row["country"],
        offence=None if row["offence"] is None else Offence(row["offence"]),
        act=None if row["act"] is None else Act(row["act"]),
        act_on=row["act_on"],
        place_kind=None if row["place_kind"] is None else PlaceKind(row["place_kind"]),
        place_service=row["place_service"],
        self_produced=row["self_produced"],
        motive=None if row["motive"] is None else Motive(row["motive"]),
        stage=Stage(row["stage"]),
        custody=Custody(row["custody"]),
        nationalities=tuple(row["nationalities"]),
        guardian=row["guardian"],
        guardian_contact=row["guardian_contact"],
        counsel=row["counsel"],
        counsel_contact=row["counsel_contact"],
        flags=frozenset(WelfareFlag(flag) for flag in row["flags"]),
        exploiting=_to_statement(row),
        further_acts=tuple(row["further_acts"]),
        depicted_born=to_birth(row, "depicted"),
        struck_at=row["struck_at"],
    )


def _to_statement(row: Row) -> Statement | None:
    if row["exploiting"] is None:
        return None
    return Statement(
        answer=Exploiting(row["exploiting"]),
        source=row["exploiting_source"],
        by=row["exploiting_by"],
        at=row["exploiting_at"],
    )


def to_birth(row: Row, of: str = "birth") -> Birth | None:
    """When somebody was born, as far as it is known."""
    if row[f"{of}_earliest"] is None:
        return None
    return Birth(
        earliest=row[f"{of}_earliest"],
        latest=row[f"{of}_latest"],
        certainty=Certainty(row[f"{of}_certainty"]),
    )


def to_taken(row: Row) -> TakenReferral:
    """A taken referral of a row."""
    return TakenReferral(
        referral_id=row["referral_id"],
        case_id=row["case_id"],
        origin=Origin(row["origin"]),
        channel=row["channel"],
        basis=row["basis"],
        report_number=row["report_number"],
        provider=row["provider"],
        possible_self_production=row["possible_self_production"],
        incident_at=row["incident_at"],
        reported_at=row["reported_at"],
        first_sent_at=row["first_sent_at"],
        sent_at=row["sent_at"],
        received_at=row["received_at"],
        taken_at=row["taken_at"],
    )


def to_case(row: Row) -> Case:
    """A case of a row."""
    return Case(
        id=row["id"],
        number=row["number"],
        unit_id=row["unit_id"],
        restricted=row["restricted"],
        members=tuple(row["members"]),
        jurisdiction=row["jurisdiction"],
        opened_at=row["opened_at"],
        erased_at=row["erased_at"],
    )


def to_match(row: Row) -> Match:
    """A match of a row."""
    return Match(
        case_id=row["case_id"],
        unit_id=row["unit_id"],
        restricted=row["restricted"],
        opened_at=row["opened_at"],
        kind=IdentifierKind(row["kind"]),
    )
