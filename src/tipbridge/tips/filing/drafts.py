"""Drafts: reports that wait for a person to decide; nothing of them is sent before."""

from collections.abc import Iterable, Sequence
from functools import partial

from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.work import Work, action
from tipbridge.tips.filing import parcels, store, targets
from tipbridge.tips.filing.actions import (
    FILERS,
    held,
    keep_filing,
    keep_parcel,
    stated_grounds,
)
from tipbridge.tips.filing.documents import Report
from tipbridge.tips.filing.errors import WrongState
from tipbridge.tips.filing.facts import Facts, report_from
from tipbridge.tips.filing.model import FilingState, Origin, Reason, Standing
from tipbridge.tips.filing.parcels import Enclosure
from tipbridge.tips.filing.trying import WOKEN_FOR


@action("filing.draft.saved", roles=FILERS, system=True)
def save_draft(
    work: Work,
    report: Report | bytes | Facts,
    files: Iterable[Enclosure] = (),
    *,
    origin: Origin = Origin.LIBRARY,
    hits: Sequence[dict[str, str]] = (),
) -> str:
    """Keep a report for a person to decide on; nothing is sent.

    Errors: MalformedDocument, InvalidDocument, Invalid.
    """
    whole = report_from(report) if isinstance(report, Facts) else report
    parcel = parcels.drafted(whole, files)
    standing = keep_parcel(work, parcel, url="", sandbox=False, state=FilingState.DRAFT)
    reason = Reason.MATCHED if hits else Reason.DRAFTED
    keep_filing(work, standing, parcel, reason=reason, origin=origin, hits=hits)
    work.record(standing.id, files=len(standing.files), origin=origin.value, hits=len(hits))
    return standing.id


@action("filing.draft.changed", roles=FILERS)
def change_draft(
    work: Work, filing_id: str, facts: Facts | None = None, files: Iterable[Enclosure] = ()
) -> None:
    """Put other facts in a drafted report's place, or add files to it.

    Errors: NoSuchFiling; WrongState; InvalidDocument, Invalid.
    """
    standing = held_draft(work, filing_id)
    report = work.node.vault.read(standing.document) if facts is None else report_from(facts)
    parcel = parcels.drafted(report, files)
    if facts is not None:
        sealed = work.node.vault.seal(standing.key_id, work.ids.new(), parcel.document)
        store.set_document(
            work.db,
            filing_id,
            sealed,
            incident_type=parcel.incident_type,
            batched=parcel.batched,
        )
        work.on_rollback(partial(work.node.vault.remove_file, sealed))
        work.after_commit(partial(work.node.vault.remove_file, standing.document))
    added = parcels.seal_files(work, standing.key_id, parcel.files, first=len(standing.files))
    store.insert_files(work.db, filing_id, added)
    work.record(filing_id, facts=facts is not None, files=len(added))


@action("filing.draft.decided", roles=FILERS)
def decide_draft(
    work: Work,
    filing_id: str,
    *,
    file: bool,
    grounds: str = "",
    to: str | None = None,
    sandbox: bool = False,
) -> None:
    """A person decides: the draft is filed, or dropped with a reason.

    Shape: a refused filing may be dropped too.
    Errors: NoSuchFiling; WrongState; InvalidDocument, Invalid, NoCredential.
    """
    if not file:
        droppable = held(work, filing_id)
        if droppable.state not in {FilingState.DRAFT, FilingState.REFUSED}:
            raise WrongState(filing_id, droppable.state, "a draft, or one that is refused")
        stated = stated_grounds(grounds)
        store.set_state(
            work.db, filing_id, state=FilingState.DROPPED, reason=Reason.DROPPED, grounds=stated
        )
        work.record(filing_id, filed=False)
        return
    standing = held_draft(work, filing_id)
    url = targets.chosen_url(work.node, to, sandbox=sandbox)
    targets.target_of(work.node, url, sandbox=sandbox)
    document = work.node.vault.read(standing.document)
    parcels.check_kept(work, document, files=len(standing.files))
    for number, one in enumerate(standing.files, 1):
        if one.details is not None:
            parcels.check_details(work, number, work.node.vault.read(one.details))
    now = machine_now()
    store.release_draft(
        work.db, filing_id, url=url, sandbox=sandbox, at=now, woken_until=now + WOKEN_FOR
    )
    work.emit("filing.filing.due", filing_id=filing_id)
    work.record(filing_id, filed=True, sandbox=sandbox)


def held_draft(work: Work, filing_id: str) -> Standing:
    """A draft's standing, kept from others until this work ends.

    Errors: NoSuchFiling; WrongState when it is decided; Conflict.
    """
    standing = held(work, filing_id)
    if standing.state is not FilingState.DRAFT:
        raise WrongState(filing_id, standing.state, "a draft")
    return standing
