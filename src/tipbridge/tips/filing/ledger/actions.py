"""The ledger of filings: the list, each one whole, and the receipts."""

from collections.abc import Collection
from dataclasses import replace

from tipbridge.foundation.access import store as access
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import IntegrityFailure, NotFound
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work, action
from tipbridge.tips.filing.errors import NoSuchFiling
from tipbridge.tips.filing.facts import Facts, facts_in
from tipbridge.tips.filing.ledger import store
from tipbridge.tips.filing.model import Filing, FilingFile, FilingLine, FilingState
from tipbridge.tips.filing.parcels import said_of
from tipbridge.tips.filing.viewing import viewed_in
from tipbridge.tips.report.errors import InvalidDocument, MalformedDocument
from tipbridge.tips.report.parse import parse_any
from tipbridge.tips.report.tree import flat_values

READERS = (Role.ANALYST, Role.AUDITOR)
PAGE_LINES = 50


@action("filing.list.read", roles=READERS)
def list_filings(
    work: Work, *, states: Collection[FilingState] = (), page: int = 1
) -> list[FilingLine]:
    """The newest filings first, of these states or of all, a page of PAGE_LINES."""
    lines = store.filing_lines(
        work.db, states=states, limit=PAGE_LINES, offset=(page - 1) * PAGE_LINES
    )
    work.record("all", count=len(lines))
    return lines


@action("filing.filing.read", roles=READERS)
def read_filing(work: Work, filing_id: str) -> Filing:
    """One filing with every value of its document, its files, tries and receipt.

    Errors: NoSuchFiling.
    """
    found = store.filing_whole(work.db, filing_id)
    if found is None:
        raise NoSuchFiling(filing_id)
    work.record(filing_id)
    if found.line.state is FilingState.PURGED:
        return found
    files = tuple(_with_viewing(work, file) for file in found.files)
    document = store.document_of(work.db, filing_id)
    values = () if document is None else _values(work, document)
    return replace(found, files=files, values=values)


def _with_viewing(work: Work, file: FilingFile) -> FilingFile:
    """A file with what its details say of it, and the name of who stated that it was viewed."""
    stated = file.viewing
    if stated is not None:
        member = access.staff_by_id(work.db, stated.by)
        stated = replace(stated, by=member.username if member else stated.by)
    try:
        details = b"" if file.details is None else work.node.vault.read(file.details)
        said = said_of(details) if details else ()
        return replace(
            file, viewing=stated, said=said, said_viewed=viewed_in(details) if said else None
        )
    except (NotFound, IntegrityFailure, MalformedDocument, InvalidDocument):
        # Gone, or not what our schema takes: then nothing is known of it.
        return replace(file, viewing=stated)


def _values(work: Work, document: Sealed) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(flat_values(parse_any(work.node.vault.read(document), "report")))
    except (NotFound, IntegrityFailure):
        return ()


@action("filing.receipts.read", roles=READERS)
def read_receipts(work: Work, filing_id: str | None = None) -> list[Filing]:
    """What was filed, with the answers that are the receipts: one filing, or the newest ones.

    Errors: NoSuchFiling.
    """
    if filing_id is None:
        lines = store.filing_lines(
            work.db, states=(FilingState.FILED, FilingState.PURGED), limit=PAGE_LINES, offset=0
        )
        wanted = [line.id for line in lines]
    else:
        wanted = [filing_id]
    found = [each for one in wanted if (each := store.filing_whole(work.db, one)) is not None]
    if filing_id is not None and not found:
        raise NoSuchFiling(filing_id)
    work.record(filing_id or "all", count=len(found))
    return [each for each in found if each.line.filed_at is not None]


def drafted_facts(work: Work, filing: Filing) -> Facts | None:
    """The facts of a draft that was made of facts; the caller's action records the access."""
    if filing.line.state is not FilingState.DRAFT or not filing.from_facts:
        return None
    document = store.document_of(work.db, filing.line.id)
    if document is None:
        return None
    return facts_in(parse_any(work.node.vault.read(document), "report"))


def state_of(work: Work, filing_id: str) -> FilingState | None:
    """Where a filing stands, within the caller's own unit of work."""
    found = store.filing_whole(work.db, filing_id)
    return None if found is None else found.line.state


def line_of(work: Work, filing_id: str) -> FilingLine:
    """How a filing stands in the list, within the caller's own unit of work.

    Errors: NoSuchFiling.
    """
    found = store.filing_whole(work.db, filing_id)
    if found is None:
        raise NoSuchFiling(filing_id)
    return found.line


def count_undecided(work: Work) -> int:
    """How many filings wait for a person: drafts, uncertain ones, refused ones."""
    return store.count_states(
        work.db, (FilingState.DRAFT, FilingState.UNCERTAIN, FilingState.REFUSED)
    )
