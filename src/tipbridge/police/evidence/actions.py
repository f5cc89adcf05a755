"""Verbs on exhibits: add, pass from hand to hand, examine, look."""

from collections import Counter
from datetime import datetime

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.knowing import hold_written
from tipbridge.police.cases.seeing import case_kept
from tipbridge.police.evidence import store
from tipbridge.police.evidence.chain import add_event, exhibit_seen, said, said_if
from tipbridge.police.evidence.errors import MarkTaken
from tipbridge.police.evidence.model import (
    CustodyEvent,
    CustodyKind,
    Exhibit,
    ExhibitKind,
    ExhibitLine,
    ExhibitView,
    ProgressView,
    Seizure,
    Taking,
)
from tipbridge.police.evidence.receivers import OUTSIDE, check_receiver
from tipbridge.police.evidence.rules import both_sides, changed_since, keeping_after
from tipbridge.police.welfare import steps as coercive
from tipbridge.police.welfare.opening import day_of

_WORKING = (Role.INVESTIGATOR, Role.EXAMINER)
_SHOWN_FILES = 200


@action("evidence.exhibit.added", roles=_WORKING)
def add_exhibit(
    work: Work,
    case: str,
    *,
    mark: str,
    kind: str,
    description: str,
    place: str,
    authority: str,
    identifiers: str = "",
    taking: Taking | None = None,
) -> Exhibit:
    """Add a seized thing to a case, with the seizure as its first custody event.

    The seizure is written down on whom it was from, as a coercive step: of a child after contact
    with the agency, or with the actor's own reason why it could not wait.
    Shape: `case` is a case's id or number.
    Errors: NotFound (case, person); AlreadyErased; Invalid; MarkTaken; ContactFirst; CustodyBroken
    when seized in the future.
    """
    found = store.case_found(work.db, case)
    if found is None:
        raise NotFound("case", case)
    kept, how = case_kept(work, found[0]), taking or Taking()
    if kind not in set(ExhibitKind):
        raise Invalid(f"An exhibit is one of: {', '.join(ExhibitKind)}.")
    exhibit = Exhibit(
        id=work.ids.new(),
        case_id=found[0],
        mark=said("mark", mark),
        kind=ExhibitKind(kind),
        description=said("description", description),
        identifiers=said_if("number or name that tells it apart", identifiers) or "",
        seizure=Seizure(
            place=said("place", place),
            authority=said("authority", authority),
            at=how.at or work.now,
            by=said_if("name of who seized it", how.by) or work.actor.name,
        ),
        added_at=work.now,
    )
    on = day_of(work, kept.jurisdiction, at=exhibit.seizure.at)
    of = coercive.take_from(work, kept.id, how.person, on=on, grounds=how.grounds)
    if not store.insert_exhibit(work.db, exhibit):
        raise MarkTaken(exhibit.mark)
    hold_written(work, kept, exhibit.id, mark=exhibit.mark, text=exhibit.identifiers)
    event = add_event(
        work,
        exhibit.id,
        kind=CustodyKind.SEIZED,
        taker=exhibit.seizure.by,
        at=exhibit.seizure.at,
    )
    work.record(
        exhibit.id, case=exhibit.case_id, kind=exhibit.kind, custody=event.digest, person=of
    )
    return exhibit


@action("evidence.custody.given", roles=_WORKING)
def hand_over(
    work: Work,
    exhibit_id: str,
    *,
    to: str,
    outside: bool = False,
    at: datetime | None = None,
    reason: str | None = None,
) -> CustodyEvent:
    """The giving side of a hand-over: the actor gives the exhibit to somebody named.

    Shape: `to` is the user name of somebody who works here; with `outside` it is the name of somebody
    who does not, from whom no taking side will come, and the event says so.
    Errors: NotFound; Invalid for a receiver of the other kind; CustodyBroken when the actor does not
    hold it and no reason is stated.
    """
    exhibit_seen(work, exhibit_id)
    receiver = said("receiver", to)
    check_receiver(work, receiver, outside=outside)
    event = add_event(
        work,
        exhibit_id,
        kind=CustodyKind.HANDED_OVER,
        giver=work.actor.name,
        taker=receiver,
        at=at,
        reason=reason,
        detail=OUTSIDE if outside else None,
    )
    work.record(exhibit_id, position=event.position, faults=len(event.faults), custody=event.digest)
    return event


@action("evidence.custody.received", roles=_WORKING)
def receive(
    work: Work, exhibit_id: str, *, at: datetime | None = None, reason: str | None = None
) -> CustodyEvent:
    """The taking side of a hand-over: the actor says that the exhibit arrived.

    Errors: NotFound; CustodyBroken when it was not handed to the actor and no reason is stated.
    """
    exhibit_seen(work, exhibit_id)
    chain = store.custody_of(work.db, [exhibit_id]).get(exhibit_id, [])
    keeping = keeping_after(chain)
    event = add_event(
        work,
        exhibit_id,
        kind=CustodyKind.RECEIVED,
        giver=keeping.handed_over_by or keeping.holder,
        taker=work.actor.name,
        at=at,
        reason=reason,
    )
    work.record(exhibit_id, position=event.position, faults=len(event.faults), custody=event.digest)
    return event


@action("evidence.custody.returned", roles=_WORKING)
def return_exhibit(
    work: Work, exhibit_id: str, *, to: str, at: datetime | None = None, reason: str | None = None
) -> CustodyEvent:
    """The actor gives the exhibit back to whom it belongs; its chain ends.

    Errors: NotFound; CustodyBroken when the actor does not hold it and no reason is stated.
    """
    exhibit_seen(work, exhibit_id)
    event = add_event(
        work,
        exhibit_id,
        kind=CustodyKind.RETURNED,
        giver=work.actor.name,
        taker=said("receiver", to),
        at=at,
        reason=reason,
    )
    work.record(exhibit_id, position=event.position, faults=len(event.faults), custody=event.digest)
    return event


@action("evidence.list.read", roles=_WORKING)
def list_exhibits(work: Work, *, case: str | None = None) -> list[ExhibitLine]:
    """The exhibits that the actor sees, of one case (id or number) or of all.

    Errors: NotFound (case).
    """
    case_id = None
    if case is not None:
        found = store.case_found(work.db, case)
        if found is None:
            raise NotFound("case", case)
        case_id = found[0]
    rows = store.exhibits_of(work.db, case_id)
    ids = [exhibit.id for exhibit, _ in rows]
    chains, examined = store.custody_of(work.db, ids), store.examinations_of(work.db, ids)
    items = store.item_counts(work.db, ids)
    work.record(case_id or "all", count=len(rows))
    return [
        ExhibitLine(
            id=exhibit.id,
            case_id=exhibit.case_id,
            case_number=number,
            mark=exhibit.mark,
            kind=exhibit.kind,
            seized_at=exhibit.seizure.at,
            holder=keeping_after(chains.get(exhibit.id, ())).holder,
            examinations=len(examined.get(exhibit.id, ())),
            items=items.get(exhibit.id, 0),
        )
        for exhibit, number in rows
    ]


@action("evidence.exhibit.read", roles=_WORKING)
def read_exhibit(
    work: Work, exhibit_id: str, *, findings_only: bool = False, skipped_before: int = 0
) -> ExhibitView:
    """An exhibit with custody, examinations, what was not processed, and its first files.

    Shape: what was not processed comes a page at a time, behind so many `skipped_before`.
    Errors: NotFound.
    """
    exhibit, number = exhibit_seen(work, exhibit_id)
    chain = store.custody_of(work.db, [exhibit_id]).get(exhibit_id, [])
    examinations = store.examinations_of(work.db, [exhibit_id]).get(exhibit_id, [])
    categories = store.categories_of(work.db, exhibit_id).values()
    view = ExhibitView(
        exhibit=exhibit,
        case_number=number,
        keeping=keeping_after(chain),
        custody=tuple(chain),
        both_sides=both_sides(chain),
        custody_changed=changed_since(exhibit_id, chain),
        examinations=tuple(examinations),
        skipped=tuple(store.skipped_of(work.db, exhibit_id, _SHOWN_FILES, offset=skipped_before)),
        skipped_before=skipped_before,
        skipped_by_reason=store.skipped_counts(work.db, exhibit_id),
        files=tuple(store.files_of(work.db, exhibit_id, _SHOWN_FILES, findings_only=findings_only)),
        running=store.running_of(work.db, exhibit_id),
        sources=store.facts_of(work.db, exhibit_id),
        given_up=store.given_up_of(work.db, exhibit_id),
        opened=store.openings_of(work.db, exhibit_id),
        searched=store.searched_by(work.db, [each.id for each in examinations]),
        first_seen={
            digest: other
            for done in examinations
            for digest, other in store.seen_before(work.db, exhibit_id, done.id).items()
        },
        seen_since={
            digest: other
            for done in examinations
            for digest, other in store.seen_since(work.db, exhibit_id, done.id).items()
        },
        categories=dict(sorted(Counter(category for category, _ in categories).items())),
        unread=tuple(each for done in examinations for each in store.unread_of(work.db, done.id)),
        acquisitions=tuple(store.acquisitions_of(work.db, exhibit_id)),
        photographs=tuple(store.photographs_of(work.db, [exhibit_id]).get(exhibit_id, ())),
        near=tuple(
            store.files_of(work.db, exhibit_id, _SHOWN_FILES, findings_only=False, near_only=True)
        ),
    )
    work.record(exhibit_id, case=exhibit.case_id, files_shown=len(view.files))
    return view


@action("evidence.progress.read", roles=_WORKING)
def read_progress(work: Work, exhibit_id: str) -> ProgressView:
    """How far the examinations of an exhibit that run now have come.

    Errors: NotFound.
    """
    exhibit, _ = exhibit_seen(work, exhibit_id)
    running = store.running_of(work.db, exhibit_id)
    opened = tuple(each for each in store.openings_of(work.db, exhibit_id) if each.given_up is None)
    work.record(exhibit_id, running=len(running) + len(opened))
    return ProgressView(exhibit_id=exhibit_id, mark=exhibit.mark, running=running, opened=opened)
