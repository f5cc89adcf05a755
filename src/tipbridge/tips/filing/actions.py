"""The verbs of filing: accept, preview and draft reports, and settle what is uncertain."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.tips.filing import parcels, rules, sending, store, targets
from tipbridge.tips.filing.documents import Report
from tipbridge.tips.filing.errors import NoSuchFiling, WrongState
from tipbridge.tips.filing.facts import Facts, facts_in, report_from
from tipbridge.tips.filing.model import (
    Filing,
    FilingLine,
    FilingState,
    Move,
    Origin,
    Reason,
    Standing,
    Task,
    Then,
    Verb,
)
from tipbridge.tips.filing.parcels import Enclosure, Parcel
from tipbridge.tips.filing.trying import WOKEN_FOR, note_filed
from tipbridge.tips.report.parse import parse_any
from tipbridge.tips.report.tree import flat_values

FILERS = (Role.ANALYST,)
READERS = (Role.ANALYST, Role.AUDITOR)
PAGE_LINES = 50
_GROUNDS_CHARACTERS = 2000


@action("filing.filing.accepted", roles=FILERS, system=True)
def accept_filing(
    work: Work,
    report: Report | bytes,
    files: Iterable[Enclosure] = (),
    *,
    to: str | None = None,
    sandbox: bool = False,
    origin: Origin = Origin.LIBRARY,
    schema: bytes | None = None,
) -> str:
    """Take a report in to be filed; once this is committed it is filed, or shown as not.

    Shape: returns the filing's id; `to` is the clearinghouse's address, else the settings'.
    Errors: MalformedDocument, InvalidDocument, Invalid, NoCredential: nothing is kept then.
    """
    url = targets.chosen_url(work.node, to, sandbox=sandbox)
    targets.target_of(work.node, url, sandbox=sandbox)
    parcel = parcels.checked(work, report, files, schema=schema)
    standing = keep_parcel(work, parcel, url=url, sandbox=sandbox, state=FilingState.SENDING)
    _insert(work, standing, parcel, reason=Reason.ACCEPTED, origin=origin)
    work.emit("filing.filing.due", filing_id=standing.id)
    work.record(standing.id, files=len(standing.files), sandbox=sandbox, origin=origin.value)
    return standing.id


def keep_parcel(
    work: Work, parcel: Parcel, *, url: str, sandbox: bool, state: FilingState
) -> Standing:
    """Seal a parcel and say how its filing stands; the caller's action stores it."""
    key_id = work.ids.new()
    document = parcels.seal_document(work, key_id, parcel.document)
    sends = state is FilingState.SENDING
    return Standing(
        id=work.ids.new(),
        state=state,
        url=url,
        sandbox=sandbox,
        key_id=key_id,
        document=document,
        batched=parcel.batched,
        round=1,
        report_id=None,
        task=rules.first_task() if sends else None,
        misses=0,
        due_at=machine_now() if sends else None,
        finish_open=False,
        open_try=None,
        files=parcels.seal_files(work, key_id, parcel.files),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be sent, in order, and under which user name."""

    url: str
    sandbox: bool
    username: str
    calls: tuple[str, ...]
    files: tuple[Digests, ...]
    values: tuple[tuple[str, str], ...] = field(repr=False)


@action("filing.preview.made", roles=FILERS)
def preview_filing(
    work: Work,
    report: Report | bytes,
    files: Iterable[Enclosure] = (),
    *,
    to: str | None = None,
    sandbox: bool = False,
    schema: bytes | None = None,
) -> Preview:
    """Check everything as for a filing and say what would be sent; nothing is sent or kept.

    Errors: MalformedDocument, InvalidDocument, Invalid, NoCredential.
    """
    url = targets.chosen_url(work.node, to, sandbox=sandbox)
    target = targets.target_of(work.node, url, sandbox=sandbox)
    parcel = parcels.checked(work, report, files, schema=schema)
    calls = ["submit"]
    for number, file in enumerate(parcel.files, 1):
        calls += [f"upload {number}", *([f"fileinfo {number}"] if file.details else [])]
    digests = tuple(parcels.digests_of(file) for file in parcel.files)
    work.record("none", files=len(digests), sandbox=sandbox)
    return Preview(
        url=url,
        sandbox=sandbox,
        username=target.username,
        calls=(*calls, "finish"),
        files=digests,
        values=tuple(flat_values(parcel.tree)),
    )


def remote_schema(work: Work, to: str | None, *, sandbox: bool) -> bytes:
    """The schema of the clearinghouse that would be filed to; the caller's action records it.

    Errors: Invalid, NoCredential, ClearinghouseSilent.
    """
    url = targets.chosen_url(work.node, to, sandbox=sandbox)
    return sending.fetch_schema(work.node, targets.target_of(work.node, url, sandbox=sandbox))


# Drafts: what a person is still to decide.


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
    _insert(work, standing, parcel, reason=reason, origin=origin, hits=hits)
    work.record(standing.id, files=len(standing.files), origin=origin.value, hits=len(hits))
    return standing.id


@action("filing.draft.changed", roles=FILERS)
def change_draft(
    work: Work, filing_id: str, facts: Facts | None = None, files: Iterable[Enclosure] = ()
) -> None:
    """Put other facts in a drafted report's place, or add files to it.

    Errors: NoSuchFiling; WrongState; InvalidDocument, Invalid.
    """
    standing = _draft(work, filing_id)
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

    Errors: NoSuchFiling; WrongState; InvalidDocument, Invalid, NoCredential.
    """
    standing = _draft(work, filing_id)
    if not file:
        stated = stated_grounds(grounds)
        store.set_state(
            work.db, filing_id, state=FilingState.DROPPED, reason=Reason.DROPPED, grounds=stated
        )
        work.record(filing_id, filed=False)
        return
    url = targets.chosen_url(work.node, to, sandbox=sandbox)
    targets.target_of(work.node, url, sandbox=sandbox)
    document = work.node.vault.read(standing.document)
    parcels.checked(work, document, ())
    for number, one in enumerate(standing.files, 1):
        if one.details is not None:
            parcels.check_details(work, number, work.node.vault.read(one.details))
    now = machine_now()
    store.release_draft(
        work.db, filing_id, url=url, sandbox=sandbox, at=now, woken_until=now + WOKEN_FOR
    )
    work.emit("filing.filing.due", filing_id=filing_id)
    work.record(filing_id, filed=True, sandbox=sandbox)


def _draft(work: Work, filing_id: str) -> Standing:
    standing = held(work, filing_id)
    if standing.state is not FilingState.DRAFT:
        raise WrongState(filing_id, standing.state, "a draft")
    return standing


def _insert(
    work: Work,
    standing: Standing,
    parcel: Parcel,
    *,
    reason: Reason,
    origin: Origin,
    hits: Sequence[dict[str, str]] = (),
) -> None:
    store.insert_filing(
        work.db,
        standing,
        reason=reason,
        origin=origin,
        incident_type=parcel.incident_type,
        at=work.now,
        by=work.actor.id,
        unit_id=work.actor.unit or 1,
        hits=hits,
    )


# Reading, and what a person decides.


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a person says became of an uncertain filing."""

    filed: bool
    grounds: str = field(repr=False)


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
    standing = store.take_standing(work.db, filing_id, wait=False)
    if standing is None:  # being sent this moment
        return found
    return replace(found, values=_values(work, standing.document))


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
    standing = store.take_standing(work.db, filing.line.id, wait=False)
    if standing is None:
        return None
    return facts_in(parse_any(work.node.vault.read(standing.document), "report"))


@action("filing.filing.retried", roles=FILERS)
def retry_filing(work: Work, filing_id: str) -> None:
    """Go on with a refused filing once its cause is mended, or at once with one that waits.

    Errors: NoSuchFiling; WrongState for a settled one.
    """
    standing = held(work, filing_id)
    if standing.state not in {FilingState.REFUSED, FilingState.SENDING}:
        raise WrongState(filing_id, standing.state, "one that is refused or waits")
    _set_off(work, standing, Reason.RETRIED, standing.task or rules.first_task())
    work.record(filing_id, was=standing.state.value)


@action("filing.filing.resolved", roles=FILERS)
def resolve_filing(work: Work, filing_id: str, settled: Settled | None = None) -> None:
    """Settle an uncertain filing: ask the clearinghouse, or say what is known from elsewhere.

    Shape: asking sends /retract. An open report is taken back by it and filed anew; a finished
    one says that it is; one that is gone leaves it uncertain, for a person to say.
    Errors: NoSuchFiling; WrongState; Invalid without grounds or without a number to ask for.
    """
    standing = held(work, filing_id)
    if standing.state is not FilingState.UNCERTAIN:
        raise WrongState(filing_id, standing.state, "one that is uncertain")
    if settled is None:
        if standing.report_id is None:
            raise Invalid("No number is known to ask the clearinghouse for.")
        _set_off(work, standing, Reason.ASKED, Task(verb=Verb.RETRACT, then=Then.ASK))
        work.record(filing_id, how="asked")
        return
    grounds = stated_grounds(settled.grounds)
    if settled.filed:
        note_filed(work, filing_id, None, None)
        store.set_state(
            work.db, filing_id, state=FilingState.FILED, reason=Reason.SAID_FILED, grounds=grounds
        )
    else:
        _set_off(work, standing, Reason.SAID_NOT_FILED, rules.first_task(), anew=True)
        store.set_grounds(work.db, filing_id, grounds)
    work.record(filing_id, how="said-filed" if settled.filed else "said-not-filed")


def stated_grounds(text: str) -> str:
    """A person's reason.

    Errors: Invalid when it is empty or too long.
    """
    grounds = text.strip()
    if not grounds or len(grounds) > _GROUNDS_CHARACTERS:
        raise Invalid(f"Give a reason of 1 to {_GROUNDS_CHARACTERS} characters.")
    return grounds


def held(work: Work, filing_id: str) -> Standing:
    """A filing's standing, kept from others until this work ends.

    Errors: NoSuchFiling; Conflict while a call for it is being made.
    """
    standing = store.take_standing(work.db, filing_id, wait=False)
    if standing is not None:
        return standing
    if store.filing_whole(work.db, filing_id) is None:
        raise NoSuchFiling(filing_id)
    raise Conflict("This filing is being sent just now; try again in a moment.", id=filing_id)


def _set_off(
    work: Work, standing: Standing, reason: Reason, task: Task, *, anew: bool = False
) -> None:
    now = machine_now()
    move = Move(state=FilingState.SENDING, reason=reason, task=task, anew=anew)
    store.apply_move(work.db, standing, move, due_at=now, woken_until=now + WOKEN_FOR, told=None)
    work.emit("filing.filing.due", filing_id=standing.id)


@action("filing.filing.purged", roles=(Role.ADMINISTRATOR,))
def purge_filing(work: Work, filing_id: str) -> None:
    """Destroy the documents and files of a settled filing once its preservation is over.

    Errors: NoSuchFiling; WrongState; Conflict while it is preserved.
    """
    standing = held(work, filing_id)
    whole = store.filing_whole(work.db, filing_id)
    if standing.state not in {FilingState.FILED, FilingState.DROPPED} or whole is None:
        raise WrongState(filing_id, standing.state, "one that is filed or dropped")
    until = whole.line.preserve_until
    if until is not None and work.now.date() <= until:
        raise Conflict(f"This report is preserved until {until}.", id=filing_id)
    store.set_state(work.db, filing_id, state=FilingState.PURGED, reason=Reason.PURGED)
    store.empty_filing(work.db, filing_id)
    work.after_commit(partial(parcels.erase, work, standing.key_id))
    work.record(filing_id)


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


def known_keys(work: Work, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups that belong to a filing, purged ones included."""
    return store.known_keys(work.db, key_ids)
