"""Every SQL statement about what was worked out of reports."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Table, distinct, func, select

from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.knowledge.places.model import (
    AddressFacts,
    DataSource,
    Network,
    NetworkKind,
    Place,
    PlaceKind,
    Reach,
)
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
    tip_ip_facts,
    tip_list_hits,
    tip_person_facts,
)
from tipbridge.tips.intake.tables import report_files
from tipbridge.tips.report.model import PersonRole

_FACTS = (tip_ip_facts, tip_person_facts, tip_favours, tip_duplicates, tip_list_hits)


def replace_facts(db: Connection, report_id: int, facts: Facts, at: datetime) -> None:
    """Keep what was worked out of a report, in place of what was kept before."""
    db.execute(tip_enrichments.delete().where(tip_enrichments.c.report_id == report_id))
    db.execute(tip_enrichments.insert().values(report_id=report_id, enriched_at=at))
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
        if values:
            db.execute(table.insert(), [{"report_id": report_id, **each} for each in values])


def read_facts(db: Connection, report_id: int, people: Sequence[Identified]) -> Facts | None:
    """What was worked out of a report; None before its first enrichment.

    Shape: `people` are the report's own, whose captures the stored facts are joined to.
    """
    if _rows(db, tip_enrichments, report_id) == []:
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
        for row in _rows(db, tip_ip_facts, report_id)
        if row["label"] in captures
    ]
    order = list(captures)
    return Facts(
        person_facts=tuple(_person(row) for row in _rows(db, tip_person_facts, report_id)),
        placed=tuple(sorted(placed, key=lambda each: order.index(each.label))),
        favours=tuple(_favour(row) for row in _rows(db, tip_favours, report_id)),
        duplicates=tuple(_duplicate(row) for row in _rows(db, tip_duplicates, report_id)),
        hits=tuple(_hit(row) for row in _rows(db, tip_list_hits, report_id)),
    )


def forget_facts(db: Connection, report_id: int) -> bool:
    """Delete what was worked out of a report; False when there was nothing."""
    query = tip_enrichments.delete().where(tip_enrichments.c.report_id == report_id)
    found = db.execute(query).rowcount == 1
    if found:
        text_ended(db, *_FACTS)
    return found


def earlier_files(db: Connection, report_id: int) -> tuple[Duplicate, ...]:
    """The files of a report that came in a report with a lower number, by SHA-256.

    Shape: empty files are left out: they are all alike and say nothing.
    """
    mine, other = report_files, report_files.alias("other")
    first, count = func.min(other.c.report_id), func.count(distinct(other.c.report_id))
    query = (
        select(mine.c.id, mine.c.sha256, first.label("first"), count.label("earlier"))
        .join(other, other.c.sha256 == mine.c.sha256)
        .where(mine.c.report_id == report_id, other.c.report_id < report_id)
        .where(mine.c.size_bytes > 0)
        .group_by(mine.c.id, mine.c.sha256)
        .order_by(mine.c.id)
    )
    return tuple(
        Duplicate(
            file_id=row.id,
            sha256=row.sha256,
            first_report_id=row.first,
            earlier_reports=row.earlier,
        )
        for row in db.execute(query)
    )


def _rows(db: Connection, table: Table, report_id: int) -> list[RowMapping]:
    query = select(table).where(table.c.report_id == report_id).order_by(*table.primary_key)
    return list(db.execute(query).mappings())


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


def _address_facts(row: RowMapping) -> AddressFacts:
    network = source = None
    if row["asn"] is not None:
        kind = NetworkKind(row["network_kind"])
        network = Network(asn=row["asn"], name=row["network"], kind=kind)
    if row["source_file"] is not None:
        source = DataSource(
            file_name=row["source_file"],
            sha256=row["source_sha256"],
            built_at=row["source_built_at"],
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


def _person(row: RowMapping) -> PersonFacts:
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


def _favour(row: RowMapping) -> Favour:
    return Favour(kind=FavourKind(row["kind"]), about=row["about"], text=row["text"])


def _duplicate_row(found: Duplicate) -> dict[str, object]:
    return {
        "file_id": found.file_id,
        "sha256": found.sha256,
        "first_report_id": found.first_report_id,
        "earlier_reports": found.earlier_reports,
    }


def _duplicate(row: RowMapping) -> Duplicate:
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
        "mark": hit.mark,
    }


def _hit(row: RowMapping) -> ListHit:
    return ListHit(
        file_id=row["file_id"],
        list_id=row["list_id"],
        list_name=row["list_name"],
        purpose=row["purpose"],
        mark=row["mark"],
    )
