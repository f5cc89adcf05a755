"""What later rooms may read of exhibits, within the caller's own action."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipbridge.foundation.work import Work
from tipbridge.police.evidence import store
from tipbridge.police.evidence.acquiring.model import Acquisition
from tipbridge.police.evidence.model import (
    CustodyEvent,
    Examination,
    Exhibit,
    FoundFile,
    Photograph,
    Running,
    SkippedEntry,
    SourceFacts,
    UnreadRange,
)
from tipbridge.police.evidence.readings import Opening
from tipbridge.police.evidence.searches import Searching

_ALL = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationFound:
    """An examination with its findings, near matches, what it left out and could not read."""

    examination: Examination
    findings: tuple[FoundFile, ...]
    near: tuple[FoundFile, ...]
    skipped: tuple[SkippedEntry, ...]
    unread: tuple[UnreadRange, ...]
    searched: tuple[Searching, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitTold:
    """An exhibit with its chain, the images made of it, and what was found."""

    exhibit: Exhibit
    photographs: tuple[Photograph, ...]
    custody: tuple[CustodyEvent, ...]
    acquisitions: tuple[Acquisition, ...]
    examinations: tuple[ExaminationFound, ...]
    running: tuple[Running, ...] = ()
    opened: tuple[Opening, ...] = ()


def exhibits_in(work: Work, case_id: str) -> list[Exhibit]:
    """The exhibits of a case that the actor sees, in the order of their marks."""
    rows = store.exhibits_of(work.db, case_id)
    return sorted((exhibit for exhibit, _ in rows), key=lambda each: each.mark)


def told_of(work: Work, exhibits: Sequence[Exhibit]) -> list[ExhibitTold]:
    """Everything that is kept of these exhibits but files that are no findings."""
    ids = [exhibit.id for exhibit in exhibits]
    photographs = store.photographs_of(work.db, ids)
    chains, done = store.custody_of(work.db, ids), store.examinations_of(work.db, ids)
    return [
        ExhibitTold(
            exhibit=exhibit,
            photographs=tuple(photographs.get(exhibit.id, ())),
            custody=tuple(chains.get(exhibit.id, ())),
            acquisitions=tuple(store.acquisitions_of(work.db, exhibit.id)),
            examinations=tuple(_found(work, each) for each in done.get(exhibit.id, ())),
            running=(
                *store.running_of(work.db, exhibit.id),
                *store.given_up_of(work.db, exhibit.id),
            ),
            opened=store.openings_of(work.db, exhibit.id),
        )
        for exhibit in exhibits
    ]


def _found(work: Work, done: Examination) -> ExaminationFound:
    id_, exhibit = done.id, done.exhibit_id
    files = store.files_of(work.db, exhibit, _ALL, findings_only=True, examination=id_)
    near = store.files_of(
        work.db, exhibit, _ALL, findings_only=False, near_only=True, examination=id_
    )
    return ExaminationFound(
        examination=done,
        findings=tuple(files),
        near=tuple(near),
        skipped=tuple(store.skipped_of(work.db, exhibit, _ALL, examination=id_)),
        unread=tuple(store.unread_of(work.db, id_)),
        searched=store.searched_by(work.db, [id_]).get(id_, ()),
    )


def sources_of(work: Work, exhibit_id: str) -> dict[str, SourceFacts]:
    """What each source of an exhibit was when an examination of it began, by examination."""
    return store.facts_of(work.db, exhibit_id)
