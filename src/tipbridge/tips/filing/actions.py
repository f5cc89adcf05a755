"""The verbs of filing: accept a report, send it call by call, and settle what is uncertain."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.tips.filing import parcels, preservation, rules, sending, store, targets
from tipbridge.tips.filing.documents import Report
from tipbridge.tips.filing.errors import NoSuchFiling, WrongState
from tipbridge.tips.filing.model import (
    Answer,
    Ending,
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
from tipbridge.tips.report.parse import parse_any
from tipbridge.tips.report.tree import flat_values

FILERS = (Role.ANALYST,)
READERS = (Role.ANALYST, Role.AUDITOR)
PAGE_LINES = 50
WOKEN_FOR = timedelta(minutes=10)
"""A job that was enqueued for a filing has so long before another is."""

_TOLD_CHARACTERS = 4000
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


def _insert(
    work: Work, standing: Standing, parcel: Parcel, *, reason: Reason, origin: Origin
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
    )


# Sending. Each try is committed before it is made, and its end in one transaction with the
# beginning of the next; the row is held while the call lasts, so that nobody else makes one.


@action("filing.try.begun", system=True, idle=True)
def send_filing(work: Work, *, filing_id: str) -> int:
    """Begin the next call of a filing when it is due; after the commit it is made, and all that
    follow; 0 when there is nothing to do or somebody is at it.
    """
    standing = store.take_standing(work.db, filing_id, wait=False)
    if standing is None or standing.state is not FilingState.SENDING or standing.task is None:
        return 0
    task = standing.task
    if standing.open_try is not None:
        task = _pick_up(work, standing, standing.open_try, task)
    elif standing.due_at is None or standing.due_at > machine_now():
        return 0
    number = store.begin_try(work.db, standing, task, machine_now())
    work.record(filing_id, number=number, verb=task.verb.value, round=standing.round)
    work.after_commit(partial(_go_on, work.node, filing_id, number))
    return number


def _pick_up(work: Work, standing: Standing, number: int, task: Task) -> Task:
    """Whoever made this try died: whether it was sent is not known."""
    now = machine_now()
    store.end_try(work.db, standing.id, number, ending=Ending.UNENDED, code=None, at=now)
    move = rules.after(standing, task, None)
    store.apply_move(work.db, standing, move, due_at=now, woken_until=now + WOKEN_FOR, told=None)
    return move.task or task


def _go_on(node: Node, filing_id: str, number: int) -> None:
    """Make a try that was begun, and those that follow, until the filing settles or waits."""
    while number:
        with open_work(node, WORKER) as work:
            number = end_try(work, filing_id, number)


@action("filing.try.ended", system=True, idle=True)
def end_try(work: Work, filing_id: str, number: int) -> int:
    """Make a call that was begun and write down what came; begins the next one.

    Shape: the number of the next try, 0 when the filing settled, waits, or is another's.
    """
    standing = store.take_standing(work.db, filing_id, wait=True)
    if standing is None or standing.task is None or standing.open_try != number:
        return 0
    ending, answer, move, username = _made(work, standing, standing.task)
    code = None if answer is None else answer.code
    now = machine_now()
    store.end_try(work.db, filing_id, number, ending=ending, code=code, at=now)
    if move.state is FilingState.FILED:
        _note_filed(work, filing_id, username, answer)
    following = _move(work, standing, move, answer)
    work.record(
        filing_id,
        number=number,
        verb=standing.task.verb.value,
        ending=ending.value,
        code=code,
        state=move.state.value,
    )
    return following


def _made(
    work: Work, standing: Standing, task: Task
) -> tuple[Ending, Answer | None, Move, str | None]:
    try:
        target = targets.target_of(work.node, standing.url, sandbox=standing.sandbox)
    except Invalid:
        return Ending.UNSENT, None, rules.without_credential(standing, task), None
    try:
        answer = sending.call(work.node, target, standing, task)
    except (NotFound, IntegrityFailure):
        return Ending.UNSENT, None, rules.broken_here(standing), None
    ending = Ending.LOST if answer is None else Ending.ANSWERED
    return ending, answer, rules.after(standing, task, answer), target.username


def _move(work: Work, standing: Standing, move: Move, answer: Answer | None) -> int:
    """Apply a move; when it goes on at once, its next try is begun in the same transaction."""
    now = machine_now()
    at_once = move.state is FilingState.SENDING and not move.wait
    due_at, woken_until = now, now + WOKEN_FOR
    if move.wait:
        base = work.node.settings.retry_base_seconds
        due_at, woken_until = now + rules.wait_after(standing.misses + 1, base), None
    told = None
    if answer is not None and answer.code != rules.SUCCESS:
        told = f"{answer.code} {answer.description}"[:_TOLD_CHARACTERS]
    sends = move.state is FilingState.SENDING
    store.apply_move(
        work.db,
        standing,
        move,
        due_at=due_at if sends else None,
        woken_until=woken_until if sends else None,
        told=told,
    )
    if standing.task is not None and (move.file_id or move.described):
        store.note_file(
            work.db,
            standing.id,
            standing.task.position,
            file_id=move.file_id,
            described=move.described,
        )
    if not at_once or move.task is None:
        return 0
    return store.begin_try(work.db, standing, move.task, now)


def _note_filed(work: Work, filing_id: str, username: str | None, answer: Answer | None) -> None:
    jurisdiction = work.node.settings.filing_jurisdiction
    store.note_filed(
        work.db,
        filing_id,
        at=work.now,
        username=username,
        receipt=None if answer is None else answer.exact,
        preserve=preservation.preserved_until(jurisdiction, work.now.date()),
    )


@action("filing.filings.woken", system=True, idle=True)
def wake_due(work: Work) -> int:
    """Enqueue the filings whose next call is due and that nobody was woken for."""
    now = machine_now()
    found = store.due_filings(work.db, now, now + WOKEN_FOR)
    for filing_id in found:
        work.emit("filing.filing.due", filing_id=filing_id)
    if found:
        work.record("all", count=len(found))
    return len(found)


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
        _note_filed(work, filing_id, None, None)
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


def count_undecided(work: Work) -> int:
    """How many filings wait for a person: drafts, uncertain ones, refused ones."""
    return store.count_states(
        work.db, (FilingState.DRAFT, FilingState.UNCERTAIN, FilingState.REFUSED)
    )


def known_keys(work: Work, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups that belong to a filing, purged ones included."""
    return store.known_keys(work.db, key_ids)
