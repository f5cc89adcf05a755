"""Verbs on referrals: open, decide, release, show, give to a unit, send feedback."""

from collections.abc import Collection, Mapping
from datetime import datetime

from tipbridge.foundation.access.store import staff_by_username
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.decisions import decision_document
from tipbridge.knowledge.agreements.model import DataClass, Part, Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import BasisKind
from tipbridge.sharing.exchange.told import report_received_at
from tipbridge.sharing.referral import facts as known
from tipbridge.sharing.referral import (
    messages,
    reading,
    releasing,
    rules,
    store,
    taking,
)
from tipbridge.sharing.referral.consent import leaves
from tipbridge.sharing.referral.keeping import noting
from tipbridge.sharing.referral.model import (
    Direction,
    FactValue,
    Feedback,
    ReceivedReferral,
    Referral,
    ReferralView,
    Source,
    SourceKind,
    State,
    Step,
    StepName,
    Way,
)
from tipbridge.sharing.referral.replaying import keeping
from tipbridge.sharing.referral.replaying import store as decisions
from tipbridge.sharing.referral.sources import content_of

SENDERS = (Role.ANALYST, Role.LIAISON)
READERS = (Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR)
ANSWERERS = (Role.LIAISON, Role.INVESTIGATOR)
PAGE_LINES = 100


@action("referral.referral.opened", roles=SENDERS)
def open_referral(
    work: Work,
    *,
    kind: SourceKind,
    source_id: str,
    peer_id: str,
    purpose: Purpose = Purpose.INVESTIGATION,
    way: Way | None = None,
) -> str:
    """Prepare to refer a tip, a lead or a received referral to a peer; nothing leaves yet.

    Shape: an agreement allows a purpose, some occasions and the desks of its agency trees.
    Errors: NotFound for what the actor may not see and for an unknown peer; Conflict while
    another referral of it to the same peer is prepared.
    """
    exchange.known_peer(work, peer_id)
    source = Source(kind=kind, id=source_id)
    content = content_of(work, source)
    for other in store.referrals_of_source(work.db, source):
        if other.peer_id == peer_id and other.state in rules.DECIDABLE:
            raise Conflict(f"Referral {other.id} of this is being prepared.", id=other.id)
    referral = Referral(
        id=work.ids.new(),
        direction=Direction.OUT,
        unit_id=content.unit_id,
        restricted=content.restricted,
        members=content.members,
        peer_id=peer_id,
        source=source,
        origin=known.origin_of(content.all_parts),
        purpose=purpose,
        offences=tuple(sorted(known.offences_of(content.all_parts))),
        state=State.DRAFT,
        basis=None,
        channel=None,
        package_id=None,
        decision=None,
        name_withheld=False,
        opened_at=work.now,
        opened_by=work.actor.id,
        way=Way() if way is None else way,
    )
    store.insert_referral(work.db, referral)
    steps = [Step(name=StepName.OPENED, node_id=work.node.id, at=work.now)]
    received_at = report_received_at(content.all_parts)
    if received_at is not None:
        steps.append(Step(name=StepName.REPORT_RECEIVED, node_id=work.node.id, at=received_at))
    store.note_steps(work.db, referral.id, steps)
    work.record(referral.id, source=kind.value, source_id=source_id, peer=peer_id)
    return referral.id


@action("referral.release.decided", roles=SENDERS)
def decide_referral(work: Work, referral_id: str) -> Referral:
    """Decide by the agreements, part by part, what may be released; the record can be replayed.

    Errors: NotFound; Conflict once it was released.
    """
    referral = to_send(work, referral_id)
    judged = releasing.judge(work, referral)
    keeping.keep_decision(work, referral, judged)
    allowed = judged.basis is not None
    store.keep_decision(
        work.db,
        referral_id,
        state=State.ALLOWED if allowed else State.DENIED,
        decision=decision_document(judged.decision),
        basis=judged.basis,
        channel=judged.channel,
        name_withheld=judged.decision.name_withheld,
        offences=sorted(known.offences_of(judged.content.all_parts)),
    )
    _step(work, referral_id, StepName.DECIDED)
    work.record(
        referral_id,
        allowed=allowed,
        basis=judged.decision.basis or "none",
        refusal=judged.decision.refusal or "none",
        rule=judged.decision.rule_version,
        released=len(judged.decision.released),
        withheld=len(judged.decision.withheld),
        name_withheld=judged.decision.name_withheld,
    )
    return _known(work, referral_id)


@action("referral.referral.released", roles=SENDERS)
def release_referral(work: Work, referral_id: str) -> str:
    """Sign and queue what was decided, if it still holds; the package's id.

    Errors: NotFound; Conflict unless it was allowed; NotReleasable when the agreement has
    lapsed since; Changed when another decision would come out now.
    """
    referral = to_send(work, referral_id)
    if referral.state is not State.ALLOWED or referral.basis is None:
        raise Conflict(f"This referral is {referral.state}, not allowed.", id=referral_id)
    package_id, judged = releasing.package_of(work, referral)
    keeping.keep_decision(work, referral, judged, package_id=package_id)
    store.keep_release(work.db, referral_id, package_id)
    noting.note_released(work, referral, work.now)
    if referral.basis.kind is BasisKind.REQUEST:
        store.note_released(work.db, referral.basis.id, work.now)
    _step(work, referral_id, StepName.RELEASED)
    work.record(referral_id, package=package_id, basis=referral.basis.id, peer=referral.peer_id)
    return package_id


@action("referral.list.read", roles=READERS)
def list_referrals(
    work: Work, *, direction: Direction | None = None, page: int = 1
) -> list[Referral]:
    """Referrals both ways, newest first, a hundred at a time."""
    offset = (max(page, 1) - 1) * PAGE_LINES
    found = store.referrals_newest(work.db, direction=direction, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found


@action("referral.referral.read", roles=READERS)
def read_referral(work: Work, referral_id: str) -> ReferralView:
    """One referral: its parts or its decision, its road, receipts and feedback.

    Errors: NotFound; another unit's looks the same.
    """
    view = reading.view_of(work, _known(work, referral_id))
    work.record(referral_id, direction=view.referral.direction.value)
    return view


@action("referral.referral.placed", roles=(*SENDERS, Role.INVESTIGATOR))
def place_referral(
    work: Work,
    referral_id: str,
    *,
    unit: str,
    restricted: bool = False,
    members: tuple[str, ...] = (),
) -> None:
    """Give a referral to a unit at or below the actor's own; restrict it to named staff.

    Errors: NotFound; Invalid for a unit or name that is not there, and for one that is for named
    recipients only and would be opened to a unit.
    """
    referral = _known(work, referral_id)
    received = referral.direction is Direction.IN
    if not restricted and received and leaves.named_only(work, referral):
        raise Invalid("This is marked TLP:RED, for named recipients only: name who reads it.")
    ids = _own_units(work)
    if unit not in ids:
        raise Invalid(f"The unit is one of: {', '.join(sorted(ids))}.")
    found = {work.actor.id} if restricted else set[str]()
    for username in members:
        member = staff_by_username(work.db, username)
        if member is None or not member.active:
            raise Invalid(f"No active member of staff {username}.")
        found.add(member.id)
    store.place(
        work.db,
        referral_id,
        unit_id=ids[unit],
        restricted=restricted,
        members=sorted(found),
    )
    work.record(referral_id, unit=ids[unit], restricted=restricted, members=len(found))
    if restricted and received:
        work.emit("referral.readers.named", referral_id=referral_id, by=work.actor.id)


# Feedback and the end.


@action("referral.feedback.sent", roles=ANSWERERS, system=True)
def send_feedback(
    work: Work,
    referral_id: str,
    *,
    feedback_id: str,
    outcome: str,
    at: datetime,
    facts: Mapping[str, FactValue] | None = None,
) -> bool:
    """Tell the sender of a received referral what became of it; false when told before.

    Shape: `feedback_id` names the outcome and stays the same at every hop; `facts` are
    counts, dates and closed words.
    Errors: NotFound; Invalid for a fact that is a text.
    """
    referral = _known(work, referral_id)
    if referral.direction is not Direction.IN:
        raise NotFound("received referral", referral_id)
    told = store.has_feedback(work.db, referral_id, feedback_id)
    if not told:
        part = messages.feedback_part(feedback_id, outcome, at, facts or {})
        feedback = Feedback(
            feedback_id=feedback_id,
            direction=Direction.OUT,
            sender=work.node.id,
            outcome=outcome,
            at=at,
            facts=dict(facts or {}),
            package_id=taking.reply_feedback(work, referral, part),
        )
        store.insert_feedback(work.db, referral_id, feedback, work.now)
    work.record(referral_id, feedback=feedback_id, outcome=outcome, fresh=not told)
    return not told


@action("referral.report.forgotten", system=True)
def forget_report(work: Work, *, report_id: str) -> None:
    """Make what left of a purged report unreadable here: the packages' own copies of its parts."""
    packages = taking.packages_of_report(work, report_id)
    for package_id in packages:
        exchange.erase_package(work, package_id)
    work.record(report_id, packages=len(packages))


# Offered to the police rooms, whose actions leave the audit record.


def read_parts(work: Work, referral_id: str) -> list[Part]:
    """The parts of a received referral, by label.

    Errors: NotFound; another unit's looks the same.
    """
    _known(work, referral_id)
    return [item.part for item in store.parts_of(work.db, referral_id)]


def favours_told(work: Work, referral_id: str) -> list[Part]:
    """What a received referral says in anybody's favour, for who sees a case that it feeds too.

    Shape: the referral itself may be closed to the actor; nothing else of it is told then.
    """
    parts = [item.part for item in store.parts_of(work.db, referral_id)]
    return [each for each in parts if each.data_class is DataClass.FAVOURS]


def restricted_beside(work: Work, referral_id: str) -> bool:
    """Whether a referral is restricted, for who sees a case that it feeds; true for others."""
    return store.restricted_beside(work.db, referral_id)


def let_read(work: Work, referral_id: str, staff_id: str) -> bool:
    """Let a member of staff read a restricted referral too, within a system action; false if they do.

    Errors: NotFound.
    """
    referral = _known(work, referral_id)
    if not referral.restricted or staff_id in referral.members:
        return False
    members = sorted({*referral.members, staff_id})
    unit_id = referral.unit_id
    return store.place(work.db, referral_id, unit_id=unit_id, restricted=True, members=members)


def referral_seen(work: Work, referral_id: str) -> Referral:
    """A referral of the actor's, within the caller's own action.

    Errors: NotFound; another unit's looks the same.
    """
    return _known(work, referral_id)


def contents_of(work: Work, referral_id: str) -> dict[str, Sealed]:
    """Where the bytes of a received referral's content parts lie sealed, by label.

    Errors: NotFound.
    """
    referral = _known(work, referral_id)
    if referral.direction is not Direction.IN or referral.package_id is None:
        raise NotFound("received referral", referral_id)
    return dict(exchange.received_package(work, referral.package_id).files)


def read_received(work: Work, referral_id: str) -> ReceivedReferral:
    """A received referral's road: origin, channel, owner and times.

    Errors: NotFound.
    """
    return reading.received(work, _known(work, referral_id))


def received_for(work: Work, purposes: Collection[Purpose]) -> list[Referral]:
    """The received referrals of these purposes that the actor sees, oldest first.

    Shape: none that was recalled, or deleted as its agreement asks.
    """
    return store.received_for(work.db, purposes)


def units_to_give(work: Work) -> tuple[str, ...]:
    """The codes of the units to which this actor may give a referral."""
    return tuple(sorted(_own_units(work)))


def count_to_release(work: Work) -> int:
    """How many referrals wait for a decision or release, for the start page."""
    return store.count_in_state(work.db, [State.DRAFT, State.ALLOWED, State.REFUSED])


def known_keys(work: Work, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups to which inputs of decisions are sealed."""
    return decisions.known_keys(work.db, key_ids)


def _known(work: Work, referral_id: str) -> Referral:
    referral = store.referral_by_id(work.db, referral_id)
    if referral is None:
        raise NotFound("referral", referral_id)
    return referral


def _own_units(work: Work) -> dict[str, int]:
    """The actor's unit and those below it, by code."""
    codes = store.unit_codes(work.db)
    return {code: id_ for id_, code in codes.items() if id_ in work.actor.units}


def to_send(work: Work, referral_id: str) -> Referral:
    """A referral of which nothing has left yet, held until this work ends.

    Errors: NotFound; Conflict once it was released.
    """
    referral = store.referral_by_id(work.db, referral_id, hold=True)
    if referral is None or referral.direction is not Direction.OUT:
        raise NotFound("referral to be sent", referral_id)
    if referral.state not in rules.DECIDABLE:
        raise Conflict(f"This referral is {referral.state} already.", id=referral_id)
    return referral


def _step(work: Work, referral_id: str, name: StepName) -> None:
    step = Step(name=name, node_id=work.node.id, at=work.now)
    store.note_steps(work.db, referral_id, [step])
