"""Verbs of enrichment: work a finished report out, read what was found, forget it."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.files.actions import has_likenesses
from tipbridge.knowledge.places.base import chosen_base, known_services
from tipbridge.tips.enrichment import store
from tipbridge.tips.enrichment.facts import source_of, work_out
from tipbridge.tips.enrichment.likeness import store as likenesses
from tipbridge.tips.enrichment.likeness.rules import to_compare
from tipbridge.tips.enrichment.model import Facts, ListHit, Source, Tip
from tipbridge.tips.enrichment.people import identify
from tipbridge.tips.intake.actions import read_report
from tipbridge.tips.intake.model import ReportRecord
from tipbridge.tips.report.model import FileDetails


@action("enrichment.tip.enriched", system=True)
def enrich_tip(work: Work, *, report_id: str, record: ReportRecord | None = None) -> None:
    """Work out everything that follows from a finished report; may be run again."""
    # A purge waits, then forgets.
    source = source_of(record or read_report(work, report_id, hold=True))
    if source is None:
        work.record(report_id, done=False)
        return
    facts = _facts(work, source)
    store.replace_facts(work.db, source.report_id, facts, work.now)
    for file_id in _begun_looks(work, source):
        work.emit("enrichment.file.waiting", report_id=report_id, file_id=file_id)
    work.record(
        report_id,
        done=True,
        addresses=len(facts.placed),
        duplicates=len(facts.duplicates),
        list_hits=len(facts.hits),
        near_hits=len(facts.near),
    )


@action("enrichment.tip.forgotten", system=True)
def forget_tip(work: Work, *, report_id: str) -> None:
    """Delete what was worked out of a report whose text has ended."""
    work.record(report_id, done=store.forget_facts(work.db, int(report_id)))


def tip_of(work: Work, record: ReportRecord) -> Tip:
    """A report with what was worked out of it, within the caller's own action.

    Errors: NotFound when it is not finished or its text has ended.
    """
    source = source_of(record)
    if source is None:
        raise NotFound("tip", record.report_id)
    people = identify(source.report, _details(source))
    facts = store.read_facts(work.db, source.report_id, people)
    return Tip(source=source, people=people, facts=facts or Facts())


def _details(source: Source) -> list[FileDetails]:
    return [file.details for file in source.files if file.details is not None]


def _facts(work: Work, source: Source) -> Facts:
    settings = work.node.settings
    return work_out(
        source,
        identify(source.report, _details(source)),
        base=chosen_base(settings.places_file, synthetic=settings.synthetic),
        services=known_services(),
        duplicates=store.earlier_files(work.db, source.report_id),
        hits=_list_hits(work, source),
        near=likenesses.near_hits(work.db, source.report_id),
        at=work.now,
    )


def _begun_looks(work: Work, source: Source) -> list[str]:
    """The files that are now to be compared by likeness, where a list has anything for that."""
    files = to_compare(source.files)
    if not files or not has_likenesses(work):
        return []
    return likenesses.begin_looks(work.db, source.report_id, files)


def _list_hits(work: Work, source: Source) -> tuple[ListHit, ...]:
    """Each list a file stands on, once, whichever of its digests the list holds."""
    files = [
        (file.file_id, digest)
        for file in source.files
        for digest in (file.digests.md5, file.digests.sha1, file.digests.sha256)
    ]
    known = hashes.known(work, {digest for _, digest in files})
    found = {
        (file_id, hit.list_id): ListHit(
            file_id=file_id,
            list_id=hit.list_id,
            list_name=hit.list_name,
            purpose=hit.purpose.value,
            handling=hit.handling,
            mark=hit.mark,
        )
        for file_id, digest in files
        for hit in known.get(digest, ())
    }
    return tuple(found[key] for key in sorted(found))
