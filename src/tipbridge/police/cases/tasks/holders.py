"""Verbs of the worker on tasks whose doer works on the case no more."""

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.seeing import case_seen
from tipbridge.police.cases.tasks import doers, store


@action("cases.holders.looked_at", system=True)
def note_gone(work: Work, *, case_id: str | None = None) -> None:
    """Note each open task whose doer works on its case no more, of one case or of all.

    Shape: it goes to nobody else by itself (ADR 0260): the case's timeline and the list of tasks
    say it. Of somebody who works on the case again it is noted no longer. A repeat changes nothing.
    Errors: NotFound.
    """
    if case_id is not None:
        case_seen(work, case_id)
    lost = doers.lost(work, store.given(work.db, case_id))
    back = store.note_back(work.db, lost, case_id)
    left = store.note_left(work.db, lost, work.now)
    for of_case, task_id in left:
        tell_left(work, of_case, task_id)
    work.record(case_id or "all", left=len(left), back=back)


@action("cases.task.left", system=True)
def tell_left(work: Work, case_id: str, task_id: str) -> None:
    """Write into a case's timeline that whoever does a task works on the case no more.

    Errors: NotFound for a task of which that is not noted.
    """
    case = case_seen(work, case_id)
    username = store.left_by(work.db, case.id, task_id)
    if username is None:
        raise NotFound("task that was left", task_id)
    member = access_store.staff_by_username(work.db, username)
    work.record(case.id, task=task_id, member=None if member is None else member.id)
