"""What time alone does to advice: a birthday, the end of limitation, a law that begins.

It raises a task and changes nothing else: a named member of staff looks and decides.
"""

from datetime import date, datetime

from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.law.errors import NoLaw
from tipbridge.knowledge.law.loading import shipped_jurisdictions, shipped_laws
from tipbridge.knowledge.law.rules import gist, local_day
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.acts import acts_of
from tipbridge.police.cases.model import Case, Person, TaskKind
from tipbridge.police.outcomes import asking, rules, store


@action("outcomes.days.watched", system=True, idle=True)
def watch_days(work: Work) -> int:
    """Once a day has begun somewhere, look for whom it alone changed the advice since the last look.

    Shape: how many cases. A case with such people is reviewed; of who is not decided about yet, for whom no
    decision can differ, the task is opened here. The very first look only notes its time.
    """
    last = store.looked_at(work.db)
    if last is not None and _days(last) == _days(work.now):
        return 0
    store.note_look(work.db, work.now)
    turned = 0
    for case_id in [] if last is None else store.cases_asked(work.db):
        people = _turned(work, cases.case_seen(work, case_id), last or work.now)
        for person in people:
            if store.standing_about(work.db, person.id) is None:
                cases.ensure_task(work, person, TaskKind.ADVICE_CHANGED, wanted=True)
        if people:
            work.emit("outcomes.day.turned", case_id=case_id)
        turned += bool(people)
    if turned:
        work.record("all", cases=turned)
    return turned


def _days(at: datetime) -> tuple[date, ...]:
    """The days that a moment is on wherever a law is loaded."""
    return tuple(local_day(shipped_laws(), each.code, at) for each in shipped_jurisdictions())


def _turned(work: Work, case: Case, last: datetime) -> list[Person]:
    """The people of a case who are advised otherwise than on the day of the last look."""
    try:
        first = local_day(shipped_laws(), case.jurisdiction, last)
        today = asking.today(work, case)
    except NoLaw:
        return []
    if first == today:
        return []
    people = [each for each in cases.people_seen(work, case.id) if rules.may_be_decided(each)]
    return [each for each in people if _answers(case, each, first) != _answers(case, each, today)]


def _answers(case: Case, person: Person, day: date) -> object:
    """What matters of the advice on each act on a day; None without a law of then."""
    laws, where = shipped_laws(), case.jurisdiction
    try:
        return [
            gist(laws, where, rules.act_facts(person, act), act_on, day)
            for act in acts_of(person)
            if not asking.only_dates(case, act)
            for act_on in act.days
        ]
    except NoLaw:
        return None
