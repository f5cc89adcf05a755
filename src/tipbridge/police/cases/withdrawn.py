"""What a case hears when a referral that feeds it is recalled or corrected: a task, once."""

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import store
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.cases.seeing import case_seen
from tipbridge.sharing.referral.life.model import Word

_KINDS = {
    Word.RECALL: TaskKind.REFERRAL_RECALLED,
    Word.CORRECTION: TaskKind.REFERRAL_CORRECTED,
}


@action("cases.withdrawal.noted", system=True)
def note_withdrawal(work: Work, *, referral_id: str, word: str) -> int:
    """Open a task in every case that this referral feeds; how many. Again opens none.

    Shape: the task's title is the referral's id. What was erased has no task.
    """
    opened = open_tasks(work, referral_id, Word(word))
    work.record(referral_id, word=word, tasks=opened)
    return opened


def open_tasks(work: Work, referral_id: str, word: Word) -> int:
    """The same for another action of this room, which records it."""
    kind, opened = _KINDS[word], 0
    for case_id in store.cases_of_referral(work.db, referral_id):
        waiting = [
            task
            for task in diary.tasks_of(work, case_id)
            if (task.kind, task.title, task.done_at) == (kind, referral_id, None)
        ]
        if not waiting and case_seen(work, case_id).erased_at is None:
            diary.open_task(work, case_id, kind, title=referral_id)
            opened += 1
    return opened
