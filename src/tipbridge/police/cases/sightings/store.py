"""Every SQL statement about sightings."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.cases.model import Identifier, IdentifierKind, Person, Sighting
from tipbridge.police.cases.referred import Seen
from tipbridge.police.cases.sightings.tables import case_sightings

# Built once: building a statement anew costs more than running it.
_SEEN = case_sightings.c
_OF_CASE = (
    select(case_sightings)
    .where(_SEEN.case_id == bindparam("id"))
    .order_by(_SEEN.value, _SEEN.at.nulls_last(), _SEEN.referral_id, _SEEN.label)
)


def add_sightings(db: Connection, person: Person, referral_id: str, seen: Iterable[Seen]) -> None:
    """Note when a referral says that something of somebody's was seen; again changes nothing."""
    rows = [
        {
            "person_id": person.id,
            "case_id": person.case_id,
            "referral_id": referral_id,
            "label": each.label,
            "kind": each.identifier.kind.value,
            "scope": each.identifier.scope,
            "value": each.identifier.value,
            "at": each.at,
            "port": each.port,
            "event": each.event,
        }
        for each in seen
    ]
    insert_rows(db, case_sightings, rows, or_not=True)


def sightings_of(db: Connection, case_id: str) -> dict[str, list[Sighting]]:
    """The sightings of a case's people, by person; what was seen, then the earliest first."""
    found: dict[str, list[Sighting]] = {}
    for row in db.execute(_OF_CASE, {"id": case_id}).mappings():
        seen = Sighting(
            identifier=Identifier(
                kind=IdentifierKind(row["kind"]), scope=row["scope"], value=row["value"]
            ),
            referral_id=row["referral_id"],
            label=row["label"],
            at=row["at"],
            port=row["port"],
            event=row["event"],
        )
        found.setdefault(row["person_id"], []).append(seen)
    return found
