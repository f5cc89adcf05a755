"""Sending a filing, try by try.

Each try is committed before it is made, and its end in one transaction with the beginning of
the next; the row is held while the call lasts, so that nobody else makes one.
"""

from datetime import timedelta
from functools import partial

from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.tips.filing import preservation, rules, sending, store, targets
from tipbridge.tips.filing.model import Answer, Ending, FilingState, Move, Standing, Task

WOKEN_FOR = timedelta(minutes=10)
"""A job that was enqueued for a filing has so long before another is."""

_TOLD_CHARACTERS = 4000


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
        note_filed(work, filing_id, username, answer)
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
    return _ending(answer), answer, rules.after(standing, task, answer), target.username


def _ending(answer: Answer | None) -> Ending:
    """Trouble of the server leaves open whether the call was carried out: as good as lost."""
    told = answer is not None and rules.tells_outcome(answer)
    return Ending.ANSWERED if told else Ending.LOST


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


def note_filed(work: Work, filing_id: str, username: str | None, answer: Answer | None) -> None:
    """Keep when a filing was filed, its receipt, and how long it is preserved."""
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
