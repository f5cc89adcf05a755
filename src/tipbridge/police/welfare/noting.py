"""Every change of what a welfare record says goes through here, and keeps what it said before."""

from tipbridge.foundation.work import Work
from tipbridge.police.welfare import store
from tipbridge.police.welfare.model import Welfare, WelfareChange, WelfareFact


def change_record(work: Work, before: Welfare, after: Welfare) -> None:
    """Write down what is now known, and keep what was known before.

    Within another verb's action, by whom that action is recorded.
    """
    store.update_record(work.db, after)
    differing = [fact for fact in WelfareFact if fact.of(before) != fact.of(after)]
    if differing:
        change_id = work.ids.new()
        changes = [
            WelfareChange(
                id=change_id,
                welfare_id=before.id,
                fact=fact,
                before=fact.of(before),
                by=work.actor.id,
                at=work.now,
            )
            for fact in differing
        ]
        store.insert_changes(work.db, changes)
