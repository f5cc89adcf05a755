"""The verbs of filing: accept and preview reports, and settle what is uncertain."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.tips.filing import parcels, rules, sending, store, targets
from tipbridge.tips.filing.documents import Report
from tipbridge.tips.filing.errors import NoSuchFiling, WrongState
from tipbridge.tips.filing.model import (
    FilingFile,
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
from tipbridge.tips.report.tree import flat_values

FILERS = (Role.ANALYST,)
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
    keep_filing(work, standing, parcel, reason=Reason.ACCEPTED, origin=origin)
    work.emit("filing.filing.due", filing_id=standing.id)
    work.record(standing.id, files=len(standing.files), sandbox=sandbox, origin=origin.value)
    return standing.id


def keep_parcel(
    work: Work,
    parcel: Parcel,
    *,
    url: str,
    sandbox: bool,
    state: FilingState,
    received: FilingFile | None = None,
) -> Standing:
    """Seal a parcel and say how its filing stands; the caller's action stores it.

    Shape: a file that was sealed as it was `received` lends the filing its group.
    """
    if received is None:
        key_id = work.ids.new()
        document = parcels.seal_document(work, key_id, parcel.document)
    else:
        key_id = received.sealed.key_id
        document = work.node.vault.seal(key_id, work.ids.new(), parcel.document)
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
        files=(parcels.seal_files(work, key_id, parcel.files) if received is None else (received,)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFile:
    """A file as it would be sent, and every value of what would be said of it."""

    name: str | None = field(repr=False)
    digests: Digests
    values: tuple[tuple[str, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would be sent, in order, and under which user name."""

    url: str
    sandbox: bool
    username: str
    calls: tuple[str, ...]
    files: tuple[PreviewFile, ...]
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
    files_shown = tuple(_previewed(file) for file in parcel.files)
    work.record("none", files=len(files_shown), sandbox=sandbox)
    return Preview(
        url=url,
        sandbox=sandbox,
        username=target.username,
        calls=(*calls, "finish"),
        files=files_shown,
        values=tuple(flat_values(parcel.tree)),
    )


def _previewed(file: Enclosure) -> PreviewFile:
    details = file.details if isinstance(file.details, bytes) else b""
    return PreviewFile(
        name=parcels.name_of(file),
        digests=parcels.digests_of(file),
        values=parcels.said_of(details) if details else (),
    )


def remote_schema(work: Work, to: str | None, *, sandbox: bool) -> bytes:
    """The schema of the clearinghouse that would be filed to; the caller's action records it.

    Errors: Invalid, NoCredential, ClearinghouseSilent.
    """
    url = targets.chosen_url(work.node, to, sandbox=sandbox)
    return sending.fetch_schema(work.node, targets.target_of(work.node, url, sandbox=sandbox))


def keep_filing(
    work: Work,
    standing: Standing,
    parcel: Parcel,
    *,
    reason: Reason,
    origin: Origin,
    hits: Sequence[dict[str, str]] = (),
) -> None:
    """Store a new filing; the caller's action records it."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a person says became of an uncertain filing."""

    filed: bool
    grounds: str = field(repr=False)


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
    if not store.exists(work.db, filing_id):
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
    if standing.state not in {FilingState.FILED, FilingState.DROPPED}:
        raise WrongState(filing_id, standing.state, "one that is filed or dropped")
    until = store.kept_until(work.db, filing_id)
    if until is not None and work.now.date() <= until:
        raise Conflict(f"This report is preserved until {until}.", id=filing_id)
    store.set_state(work.db, filing_id, state=FilingState.PURGED, reason=Reason.PURGED)
    store.empty_filing(work.db, filing_id)
    work.after_commit(partial(parcels.erase, work, standing.key_id))
    work.record(filing_id)


def known_keys(work: Work, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups that belong to a filing, purged ones included."""
    return store.known_keys(work.db, key_ids)
