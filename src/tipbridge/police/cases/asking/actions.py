"""Verbs on deconfliction: ask, and let the worker answer over all cases of the node."""

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.desks import store as desk_store
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, knowing
from tipbridge.police.cases.asking import rules, store
from tipbridge.police.cases.asking.model import Asking, AskingView, HitLine
from tipbridge.police.cases.seeing import WORKING, case_kept, case_seen


@action("cases.asking.made", roles=WORKING)
def ask_others(work: Work, case_id: str, *, grounds: str) -> Asking:
    """Ask whether other cases of this node hold the same account, number, device or file.

    Shape: the answer comes from the worker: hit or no hit by kind, and whom to talk to; of a
    restricted case nothing more, while its own list is told who asked.
    Errors: NotFound; Invalid without grounds.
    """
    case = case_kept(work, case_id)
    asking = Asking(
        id=work.ids.new(),
        case_id=case.id,
        grounds=checks.text("grounds", grounds),
        asked_by=work.actor.id,
        asked_at=work.now,
    )
    store.insert_asking(work.db, asking)
    work.record(case.id, asking=asking.id)
    work.emit("cases.asking.made", asking_id=asking.id)
    return asking


@action("cases.asking.answered", system=True)
def answer_asking(work: Work, *, asking_id: str) -> None:
    """Look through every case of the node; a repeat changes nothing.

    Errors: NotFound.
    """
    asking = store.asking_by_id(work.db, asking_id)
    if asking is None:
        raise NotFound("question", asking_id)
    case = case_seen(work, asking.case_id)
    matches = knowing.others_knowing(work, case)
    hits = rules.hits_of(matches)
    fresh = store.answer(work.db, asking, hits, work.now)
    if fresh:
        knowing.tell_of(work, case, matches)
    work.record(case.id, asking=asking.id, hits=len(hits), fresh=fresh)


@action("cases.identifier.compared", system=True)
def compare_case(work: Work, *, case_id: str) -> None:
    """Propose links, and tell restricted cases, after staff found a new identifier.

    What was found is no fact of the record: a case's readers would learn of cases that they don't
    see, with no question asked and no grounds given.
    """
    case = case_seen(work, case_id)
    matches = knowing.others_knowing(work, case)
    knowing.tell_of(work, case, matches)
    work.record(case.id)


def askings_of(work: Work, case_id: str) -> tuple[AskingView, ...]:
    """The questions of a case with their answers."""
    names = {unit.id: unit.name for unit in access_store.all_units(work.db)}
    return tuple(
        AskingView(
            asking=asking,
            lines=tuple(
                HitLine(
                    kind=hit.kind,
                    unit=None if hit.unit_id is None else names[hit.unit_id],
                    on_duty=()
                    if hit.unit_id is None
                    else desk_store.on_duty(work.db, hit.unit_id, work.now),
                )
                for hit in asking.hits
            ),
        )
        for asking in store.askings_of(work.db, case_id)
    )
