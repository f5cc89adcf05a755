"""Who asks for reports that are not theirs: counted, told to staff, never to who asks.

What is no report of the asker and what is no report at all are one answer, so a row of such
answers is all that shows that somebody walks through the numbers.
"""

from tipbridge.foundation.access.model import Login
from tipbridge.foundation.base.actors import DOORKEEPER, Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.tips.intake import store
from tipbridge.tips.intake.errors import NoSuchReport
from tipbridge.tips.intake.model import GuessAlarm
from tipbridge.tips.intake.rules import GUESSES_BEFORE_ALARM

_DESK = (Role.PROVIDER_MANAGER, Role.ADMINISTRATOR)


def note_refused(node: Node, login: Login, refusal: NoSuchReport) -> None:
    """Count a number that was refused to a provider, in a unit of work of its own."""
    told = refusal.detail.get("id", "")
    if told.isdecimal():
        with open_work(node, DOORKEEPER) as work:
            note_guess(work, credential_id=login.credential_id, number=int(told))


@action("intake.guessing.noticed", system=True, idle=True)
def note_guess(work: Work, *, credential_id: str, number: int) -> str | None:
    """Count a guessed report number; raises an alarm at the twentieth different one.

    Shape: the alarm's id when one was raised. It stops nobody, and the next one waits until
    somebody has looked at this one.
    """
    alarm = store.count_guess(
        work.db,
        work.ids.new(),
        credential_id=credential_id,
        number=number,
        most=GUESSES_BEFORE_ALARM,
        at=work.now,
    )
    if alarm is not None:
        store.raise_alarm(work.db, alarm, work.now)
        work.record(credential_id, alarm=alarm, numbers=GUESSES_BEFORE_ALARM)
    return alarm


def count_unseen(work: Work) -> int:
    """How many alarms nobody has looked at, for the start page."""
    return store.guess_alarms_unseen(work.db)


@action("intake.guesses.read", roles=_DESK)
def list_guessing(work: Work) -> list[GuessAlarm]:
    """Alarms about guessed report numbers, the unseen ones first; 200 at most."""
    found = store.guess_alarms(work.db)
    work.record("all", count=len(found))
    return found


@action("intake.guessing.seen", roles=_DESK)
def see_guessing(work: Work, *, alarm: str) -> None:
    """Note who looked at an alarm; its user name's guesses are counted anew from here.

    Errors: NotFound, also when somebody did already.
    """
    if not store.see_guess_alarm(work.db, alarm, at=work.now, by=work.actor.name):
        raise NotFound("alarm that waits", alarm)
    work.record(alarm)
