"""Verbs on how cases stand to each other: link, set above, merge, split, and take back."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks, moving
from tipbridge.police.cases import store as cases_store
from tipbridge.police.cases.joining import rules, store
from tipbridge.police.cases.joining.model import CaseRelation, Joined, Relation, RelationLine
from tipbridge.police.cases.model import Case, Link, LinkState, Notice, Person
from tipbridge.police.cases.seeing import (
    WORKING,
    case_kept,
    case_seen,
    people_ever,
    people_seen,
    person_in,
)
from tipbridge.police.cases.struck.reading import struck_in


@action("cases.link.decided", roles=WORKING)
def decide_link(work: Work, case_id: str, link_id: str, *, confirmed: bool) -> None:
    """Say whether two cases belong together; both stay cases of their own.

    Errors: NotFound when there is no such link to decide.
    """
    case = case_seen(work, case_id)
    state = LinkState.CONFIRMED if confirmed else LinkState.REJECTED
    known = {link.id for link in store.links_of(work.db, case.id)}
    if link_id not in known or not store.settle_link(
        work.db, link_id, state, by=work.actor.id, at=work.now
    ):
        raise NotFound("open link", link_id)
    work.record(case.id, link=link_id, confirmed=confirmed)


@action("cases.link.reopened", roles=WORKING)
def reopen_link(work: Work, case_id: str, link_id: str) -> None:
    """Take back what was said of whether two cases belong together: it is open again.

    Errors: NotFound when there is no such link that was decided.
    """
    case = case_seen(work, case_id)
    known = {link.id for link in store.links_of(work.db, case.id)}
    if link_id not in known or not store.reopen_link(
        work.db, link_id, by=work.actor.id, at=work.now
    ):
        raise NotFound("decided link", link_id)
    work.record(case.id, link=link_id)


@action("cases.relation.made", roles=WORKING)
def join_cases(
    work: Work, case_id: str, *, other: str, relation: Relation, grounds: str
) -> CaseRelation:
    """Say that a case is another's parent, holds it by merging, or belongs together with it.

    Shape: nothing is moved or rewritten: a merged case is kept whole and shown inside the
    other, to those who see both; taking it back loses nothing. What the actor doesn't see
    stands in no relation's way.
    Errors: NotFound; Invalid; Conflict for what cannot be.
    """
    if relation is Relation.SPLIT:
        raise Invalid("A split names the people who go; split the case instead.")
    store.lock_joining(work.db)
    case, second = case_kept(work, case_id), case_kept(work, other)
    made = _made(work, relation, case, second, checks.text("grounds", grounds))
    against = rules.reason_against(
        relation,
        case.id,
        second.id,
        standing=[each for each in store.relations_of(work.db, case.id, second.id) if each.stands],
        above=store.cases_above(work.db, case.id),
    )
    if against is not None:
        raise Conflict(against)
    store.insert_relation(work.db, made)
    work.record(case.id, relation=relation, other=second.id, made=made.id)
    return made


@action("cases.case.split", roles=WORKING)
def split_case(work: Work, case_id: str, *, people: Sequence[str], grounds: str) -> Case:
    """Open a case of its own for some of a case's people, who go there with all about them.

    Shape: what was decided and is owed about them goes along; the referrals that speak of
    them feed both cases.
    Errors: NotFound; Invalid without people; Conflict when nobody would stay.
    """
    case = case_seen(work, case_id)
    chosen = [person_in(work, case.id, person_id) for person_id in dict.fromkeys(people)]
    if not chosen:
        raise Invalid("Name the people who go: at least one.")
    if len(chosen) == len(people_seen(work, case.id)):
        raise Conflict("Somebody must stay, or nothing is split.")
    named = {each.id for each in chosen}
    chosen += [each.person for each in struck_in(work, case.id) if each.strike.same_as in named]
    opened = moving.open_beside(work, case)
    why = checks.text("grounds", grounds)
    carried = moving.move(work, chosen, opened.id)
    gone = tuple(person.id for person in chosen)
    made = note_split(work, case, opened, people=gone, referrals=carried, grounds=why)
    work.record(case.id, other=opened.id, made=made.id, people=len(chosen))
    _changed(work, case.id, opened.id)
    return opened


@action("cases.relation.undone", roles=WORKING)
def undo_relation(work: Work, case_id: str, relation_id: str) -> CaseRelation:
    """Take a relation back; after a split, those who went and are still there come home.

    Shape: a referral that was carried along with them feeds the other case no more, unless it
    speaks of somebody who stays there.
    Errors: NotFound when no such relation stands between cases that the actor both sees;
    AlreadyErased when the case to come home to is.
    """
    case = case_seen(work, case_id)
    known = {each.id: each for each in store.relations_of(work.db, case.id)}
    made = known.get(relation_id)
    if made is not None and made.stands and made.relation is Relation.SPLIT:
        case_kept(work, made.case_id)
    if made is None or not store.undo_relation(work.db, made.id, by=work.actor.id, at=work.now):
        raise NotFound("standing relation", relation_id)
    returned: tuple[str, ...] = ()
    if made.relation is Relation.SPLIT:
        there = [each for each in people_ever(work, made.other_id) if each.id in made.people]
        moving.move(work, there, made.case_id)
        returned = moving.take_out(work, made.referrals, made.other_id)
        _changed(work, made.case_id, made.other_id)
        work.emit("cases.split.undone", case_id=made.other_id, home_id=made.case_id)
    work.record(
        case.id,
        relation=made.relation,
        other=made.other_id,
        undone=made.id,
        returned=len(returned) or None,
    )
    return made


def note_split(
    work: Work,
    case: Case,
    opened: Case,
    *,
    people: tuple[str, ...],
    referrals: tuple[str, ...],
    grounds: str,
) -> CaseRelation:
    """Say that a case came out of another, within another verb's action."""
    made = _made(work, Relation.SPLIT, case, opened, grounds)
    made = replace(made, people=people, referrals=referrals)
    store.insert_relation(work.db, made)
    return made


def relations_of(work: Work, case_id: str) -> list[RelationLine]:
    """How a case stands to others that the actor sees too."""
    lines: list[RelationLine] = []
    for made in store.relations_of(work.db, case_id):
        other_id = made.other_id if made.case_id == case_id else made.case_id
        lines.append(
            RelationLine(
                relation=made,
                role=rules.role_in(made, case_id),
                other_id=other_id,
                number=case_seen(work, other_id).number,
            )
        )
    return lines


def joined_in(work: Work, case_id: str) -> tuple[Joined, ...]:
    """The cases merged into this one that the actor sees, whole; deeper ones too, each once."""
    return tuple(_joined_in(work, case_id, {case_id}))


def _joined_in(work: Work, case_id: str, passed: set[str]) -> Iterator[Joined]:
    for part in parts_of(work, case_id):
        if part.id not in passed:
            passed.add(part.id)
            yield Joined(case=part, people=tuple(people_seen(work, part.id)))
            yield from _joined_in(work, part.id, passed)


def parts_of(work: Work, case_id: str) -> Iterator[Case]:
    """The cases merged into this one itself that the actor sees."""
    for made in store.relations_of(work.db, case_id):
        if made.stands and made.relation is Relation.MERGED and made.case_id == case_id:
            yield case_seen(work, made.other_id)


def whole_of(work: Work, case_id: str) -> str:
    """The open case that holds this one by merging; else itself."""
    return store.whole_of(work.db, case_id)


def wholes_of(work: Work, case_id: str) -> list[str]:
    """This case and all that hold it by merging, restricted ones too."""
    return store.wholes_of(work.db, case_id)


def cases_left(work: Work, person: Person) -> dict[str, datetime]:
    """The cases in which somebody was before a split or its undoing, and until when."""
    left: dict[str, datetime] = {}
    for made in store.splits_of(work.db, person.id):
        left[made.case_id] = made.made_at
        if made.undone_at is not None:
            left[made.other_id] = made.undone_at
    left.pop(person.case_id, None)
    return left


def cases_sharing(work: Work, case_id: str) -> list[str]:
    """This case, those that a referral of it feeds too, and those it was split from or into."""
    found = {case_id}
    for taken in cases_store.referrals_of(work.db, case_id):
        found.update(cases_store.cases_of_referral(work.db, taken.referral_id))
    for made in store.relations_of(work.db, case_id):
        if made.relation is Relation.SPLIT:
            found |= {made.case_id, made.other_id}
    return sorted(found)


def cases_connected(work: Work, case_id: str) -> list[str]:
    """The cases that share with this one, and those it was merged with, for another room's action."""
    found = set(cases_sharing(work, case_id))
    for made in store.relations_of(work.db, case_id):
        if made.relation is Relation.MERGED:
            found |= {made.case_id, made.other_id}
    return sorted(found)


def propose_link(work: Work, link: Link) -> None:
    """Propose that two cases belong together."""
    store.propose_link(work.db, link)


def tell(work: Work, notice: Notice) -> None:
    """Tell a restricted case of another that came upon something it holds."""
    store.add_notice(work.db, notice)


def links_of(work: Work, case_id: str) -> list[Link]:
    """The links of a case that the actor sees both ends of."""
    return store.links_of(work.db, case_id)


def notices_of(work: Work, case_id: str) -> list[Notice]:
    """What a restricted case was told."""
    return store.notices_of(work.db, case_id)


def _made(work: Work, relation: Relation, case: Case, other: Case, grounds: str) -> CaseRelation:
    return CaseRelation(
        id=work.ids.new(),
        relation=relation,
        case_id=case.id,
        other_id=other.id,
        grounds=grounds,
        made_by=work.actor.id,
        made_at=work.now,
    )


def _changed(work: Work, *case_ids: str) -> None:
    for case_id in case_ids:
        work.emit("cases.people.changed", case_id=case_id)
