"""Every SQL statement about what was worked out of reports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Label, Select, Table, bindparam, distinct, func, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by

from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.knowledge.hashes.model import Handling
from tipbridge.knowledge.places.model import (
    AddressFacts,
    DataSource,
    Network,
    NetworkKind,
    Place,
    PlaceKind,
    Reach,
)
from tipbridge.tips.enrichment.likeness.store import LIKENESSES, forget_looks, look_of, near_of
from tipbridge.tips.enrichment.model import (
    Basis,
    Confidence,
    CountryReason,
    Duplicate,
    Facts,
    Favour,
    FavourKind,
    Identified,
    LikelyCountry,
    ListHit,
    PersonFacts,
    PlacedIp,
)
from tipbridge.tips.enrichment.tables import (
    tip_duplicates,
    tip_enrichments,
    tip_favours,
    tip_file_looks,
    tip_ip_facts,
    tip_list_hits,
    tip_near_hits,
    tip_person_facts,
)
from tipbridge.tips.intake.tables import report_files, reports
from tipbridge.tips.report.model import PersonRole

_FACTS = (tip_ip_facts, tip_person_facts, tip_favours, tip_duplicates, tip_list_hits)
_Row = Mapping[str, Any]
"""One row of a table of facts, as JSON: times are text."""


def _rows_of(table: Table) -> Label[Any]:
    """All rows of a report's facts of one kind, in order, as one value."""
    order = aggregate_order_by(func.to_jsonb(table.table_valued()), *table.primary_key)
    rows = select(func.coalesce(func.jsonb_agg(order), text("'[]'::jsonb"))).where(
        table.c.report_id == tip_enrichments.c.report_id
    )
    return rows.scalar_subquery().label(table.name)


_READ = select(*map(_rows_of, _FACTS + LIKENESSES)).where(
    tip_enrichments.c.report_id == bindparam("id")
)
"""All that is known of a report in one statement: each of its own would be planned anew."""
_DELETE = tip_enrichments.delete().where(tip_enrichments.c.report_id == bindparam("id"))
_INSERT = tip_enrichments.insert()


def replace_facts(db: Connection, report_id: int, facts: Facts, at: datetime) -> None:
    """Keep what was worked out of a report, in place of what was kept before."""
    db.execute(_DELETE, {"id": report_id})
    db.execute(_INSERT, {"report_id": report_id, "enriched_at": at})
    rows: dict[Table, list[dict[str, object]]] = {
        tip_ip_facts: [_ip_row(each) for each in facts.placed],
        tip_person_facts: [_person_row(each) for each in facts.person_facts],
        tip_favours: [
            {"number": number, "kind": each.kind.value, "about": each.about, "text": each.text}
            for number, each in enumerate(facts.favours)
        ],
        tip_duplicates: [_duplicate_row(each) for each in facts.duplicates],
        tip_list_hits: [_hit_row(each) for each in facts.hits],
    }
    for table, values in rows.items():
        insert_rows(db, table, [{"report_id": report_id, **each} for each in values])


def read_facts(db: Connection, report_id: int, people: Sequence[Identified]) -> Facts | None:
    """What was worked out of a report; None before its first enrichment.

    Shape: `people` are the report's own, whose captures the stored facts are joined to.
    """
    kept = db.execute(_READ, {"id": report_id}).mappings().one_or_none()
    if kept is None:
        return None
    captures = {
        f"people/{person.index}/ips/{number}": (person.index, capture)
        for person in people
        for number, capture in enumerate(person.ips)
    }
    placed = [
        PlacedIp(
            label=row["label"],
            person=captures[row["label"]][0],
            event=captures[row["label"]][1],
            facts=_address_facts(row),
        )
        for row in kept[tip_ip_facts.name]
        if row["label"] in captures
    ]
    order = list(captures)
    return Facts(
        person_facts=tuple(_person(row) for row in kept[tip_person_facts.name]),
        placed=tuple(sorted(placed, key=lambda each: order.index(each.label))),
        favours=tuple(_favour(row) for row in kept[tip_favours.name]),
        duplicates=tuple(_duplicate(row) for row in kept[tip_duplicates.name]),
        hits=tuple(_hit(row) for row in kept[tip_list_hits.name]),
        near=tuple(near_of(row) for row in kept[tip_near_hits.name]),
        looks=tuple(look_of(row) for row in kept[tip_file_looks.name]),
    )


def forget_facts(db: Connection, report_id: int) -> bool:
    """Delete what was worked out of a report; False when there was nothing."""
    found = db.execute(_DELETE, {"id": report_id}).rowcount == 1
    if found:
        text_ended(db, *_FACTS)
    return forget_looks(db, report_id) or found


def _earlier() -> Select[*tuple[Any, ...]]:
    mine, other = report_files, report_files.alias("other")
    first, count = func.min(other.c.report_id), func.count(distinct(other.c.report_id))
    return (
        select(mine.c.id, mine.c.sha256, first.label("first"), count.label("earlier"))
        .join(other, other.c.sha256 == mine.c.sha256)
        .join(reports, reports.c.id == other.c.report_id)
        .where(reports.c.sandbox.is_(False))
        .where(mine.c.report_id == bindparam("id"), other.c.report_id < bindparam("id"))
        .where(mine.c.size_bytes > 0)
        .group_by(mine.c.id, mine.c.sha256)
        .order_by(mine.c.id)
    )


_EARLIER = _earlier()


def earlier_files(db: Connection, report_id: int) -> tuple[Duplicate, ...]:
    """The files of a report that came in a report with a lower number, by SHA-256.

    Shape: empty files are left out: they are all alike and say nothing.
    """
    return tuple(
        Duplicate(
            file_id=row.id,
            sha256=row.sha256,
            first_report_id=row.first,
            earlier_reports=row.earlier,
        )
        for row in db.execute(_EARLIER, {"id": report_id})
    )


def _ip_row(placed: PlacedIp) -> dict[str, object]:
    facts, network, source = placed.facts, placed.facts.network, placed.facts.source
    return {
        "label": placed.label,
        "address": facts.address,
        "reach": facts.reach.value,
        "prefix": facts.prefix,
        "country": facts.country,
        "asn": network.asn if network else None,
        "network": network.name if network else None,
        "network_kind": network.kind.value if network else None,
        "source_file": source.file_name if source else None,
        "source_sha256": source.sha256 if source else None,
        "source_built_at": source.built_at if source else None,
    }


def _address_facts(row: _Row) -> AddressFacts:
    network = source = None
    if row["asn"] is not None:
        kind = NetworkKind(row["network_kind"])
        network = Network(asn=row["asn"], name=row["network"], kind=kind)
    if row["source_file"] is not None:
        source = DataSource(
            file_name=row["source_file"],
            sha256=row["source_sha256"],
            built_at=datetime.fromisoformat(row["source_built_at"]),
        )
    return AddressFacts(
        address=row["address"],
        reach=Reach(row["reach"]),
        prefix=row["prefix"],
        country=row["country"],
        network=network,
        source=source,
    )


def _person_row(facts: PersonFacts) -> dict[str, object]:
    return {
        "person": facts.index,
        "role": facts.role.value,
        "country": facts.likely.country,
        "confidence": facts.likely.confidence.value,
        "reasons": [
            {
                "basis": each.basis.value,
                "country": each.country,
                "points": each.points,
                "about": each.about,
            }
            for each in facts.likely.reasons
        ],
        "place_kind": facts.place.kind.value if facts.place else None,
        "place_service": facts.place.service if facts.place else None,
    }


def _person(row: _Row) -> PersonFacts:
    reasons = tuple(
        CountryReason(
            basis=Basis(each["basis"]),
            country=each["country"],
            points=each["points"],
            about=each["about"],
        )
        for each in row["reasons"]
    )
    place = None
    if row["place_kind"] is not None:
        place = Place(kind=PlaceKind(row["place_kind"]), service=row["place_service"])
    confidence = Confidence(row["confidence"])
    return PersonFacts(
        index=row["person"],
        role=PersonRole(row["role"]),
        likely=LikelyCountry(country=row["country"], confidence=confidence, reasons=reasons),
        place=place,
    )


def _favour(row: _Row) -> Favour:
    return Favour(kind=FavourKind(row["kind"]), about=row["about"], text=row["text"])


def _duplicate_row(found: Duplicate) -> dict[str, object]:
    return {
        "file_id": found.file_id,
        "sha256": found.sha256,
        "first_report_id": found.first_report_id,
        "earlier_reports": found.earlier_reports,
    }


def _duplicate(row: _Row) -> Duplicate:
    return Duplicate(
        file_id=row["file_id"],
        sha256=row["sha256"],
        first_report_id=row["first_report_id"],
        earlier_reports=row["earlier_reports"],
    )


def _hit_row(hit: ListHit) -> dict[str, object]:
    return {
        "file_id": hit.file_id,
        "list_id": hit.list_id,
        "list_name": hit.list_name,
        "purpose": hit.purpose,
        "handling": hit.handling.value,
        "mark": hit.mark,
    }


def _hit(row: _Row) -> ListHit:
    return ListHit(
        file_id=row["file_id"],
        list_id=row["list_id"],
        list_name=row["list_name"],
        purpose=row["purpose"],
        handling=Handling(row["handling"]),
        mark=row["mark"],
    )
