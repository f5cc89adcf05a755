"""Tasks for staff about a place, for this room's actions."""

from tipbridge.foundation.work import Work
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals.model import Removal


def ask_staff(work: Work, case_id: str, kind: TaskKind, title: str) -> None:
    """Open a task, unless the same one waits."""
    waiting = {
        task.title
        for task in diary.tasks_of(work, case_id)
        if task.kind is kind and task.done_at is None
    }
    if title not in waiting:
        diary.open_task(work, case_id, kind, title=title)


def tell_failed(work: Work, removal: Removal) -> None:
    """Open a task where a notice reached nobody and is tried no more."""
    ask_staff(work, removal.case_id, TaskKind.NOTICE_FAILED, removal.address)
