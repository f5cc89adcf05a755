"""Works out of a finished report what it does not say itself; pure."""

from collections.abc import Sequence
from datetime import datetime

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.knowledge.places.base import PlacesBase
from tipbridge.knowledge.places.model import Service
from tipbridge.tips.enrichment.model import (
    Duplicate,
    Facts,
    Identified,
    ListHit,
    NearListHit,
    PersonFacts,
    PlacedIp,
    Source,
    TipFile,
)
from tipbridge.tips.enrichment.rules import favours, likely_country, place_of
from tipbridge.tips.intake.model import ReportRecord


def source_of(record: ReportRecord) -> Source | None:
    """A report as enrichment reads it; None unless it is finished and its text still here.

    Shape: files are numbered in the order in which they arrived.
    """
    if record.report is None or record.finished_at is None:
        return None
    return Source(
        report_id=int(record.report_id),
        provider=record.provider_name,
        received_at=record.finished_at,
        report=record.report,
        files=tuple(
            TipFile(
                index=index,
                file_id=file.file_id,
                digests=Digests(
                    md5=file.md5, sha1=file.sha1, sha256=file.sha256, size_bytes=file.size_bytes
                ),
                details=file.details,
                sealed=file.sealed,
            )
            for index, file in enumerate(record.files)
        ),
    )


def work_out(
    source: Source,
    people: Sequence[Identified],
    *,
    base: PlacesBase,
    services: Sequence[Service],
    duplicates: tuple[Duplicate, ...],
    hits: tuple[ListHit, ...],
    near: tuple[NearListHit, ...] = (),
    at: datetime,
) -> Facts:
    """Everything that follows from a report, the address data and the look-ups."""
    placed = tuple(ip for person in people for ip in _placed(person, base))
    person_facts = tuple(
        PersonFacts(
            index=person.index,
            role=person.role,
            likely=likely_country(
                person, [each for each in placed if each.person == person.index], source.received_at
            ),
            place=place_of(source.report.incident, person, services),
        )
        for person in people
    )
    return Facts(
        person_facts=person_facts,
        placed=placed,
        favours=favours(people, placed, source.files, hits, at, near=near),
        duplicates=duplicates,
        hits=hits,
        near=near,
    )


def _placed(person: Identified, base: PlacesBase) -> list[PlacedIp]:
    found: list[PlacedIp] = []
    for number, capture in enumerate(person.ips):
        facts = base.look_up(capture.address)
        if facts is not None:
            label = f"people/{person.index}/ips/{number}"
            found.append(PlacedIp(label=label, person=person.index, event=capture, facts=facts))
    return found
