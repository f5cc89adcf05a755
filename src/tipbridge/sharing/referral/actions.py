"""Verbs on referrals: open, decide, release, take in, ask for leave, send feedback."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from tipbridge.foundation.access.store import staff_by_username
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.decisions import decision_document
from tipbridge.knowledge.agreements.model import DataClass, MinimumAge, Part, Purpose
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import BasisKind, PackageKind
from tipbridge.sharing.referral import (
    asking,
    messages,
    reading,
    releasing,
    rules,
    store,
    taking,
)
from tipbridge.sharing.referral import facts as known
from tipbridge.sharing.referral.life import actions as life
from tipbridge.sharing.referral.model import (
    Direction,
    FactValue,
    Feedback,
    ReceivedReferral,
    Referral,
    ReferralView,
    ReleaseRequest,
    RequestAnswer,
    RequestState,
    Source,
    SourceKind,
    State,
    Step,
    StepName,
)
from tipbridge.sharing.referral.replaying import keeping
from tipbridge.sharing.referral.replaying import store as decisions
from tipbridge.sharing.referral.sources import content_of

SENDERS = (Role.ANALYST, Role.LIAISON)
READERS = (Role.ANALYST, Role.LIAISON, Role.INVESTIGATOR)
ANSWERERS = (Role.LIAISON, Role.INVESTIGATOR)
PAGE_LINES = 100
GRANT_DAYS = 90
"""How long a granted request can be used when the answer does not say."""


@action("referral.referral.opened", roles=SENDERS)
def open_referral(
    work: Work,
    *,
    kind: SourceKind,
    source_id: str,
    peer_id: str,
    purpose: Purpose = Purpose.INVESTIGATION,
) -> str:
    """Prepare to refer a tip, a lead or a received referral to a peer; nothing leaves yet.

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
    )
    store.insert_referral(work.db, referral)
    steps = [Step(name=StepName.OPENED, node_id=work.node.id, at=work.now)]
    received_at = known.report_received_at(content.all_parts)
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
    referral = _to_send(work, referral_id)
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
    referral = _to_send(work, referral_id)
    if referral.state is not State.ALLOWED or referral.basis is None:
        raise Conflict(f"This referral is {referral.state}, not allowed.", id=referral_id)
    package_id, judged = releasing.package_of(work, referral)
    keeping.keep_decision(work, referral, judged, package_id=package_id)
    store.keep_release(work.db, referral_id, package_id)
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

    Errors: NotFound; Invalid for a unit or name that is not there.
    """
    _known(work, referral_id)
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


# What the exchange brings.


@action("referral.package.taken", system=True)
def take_package(work: Work, *, package_id: str, kind: str) -> None:
    """Do what follows from a received package; a repeated event changes nothing."""
    steps = {
        PackageKind.REFERRAL: receive_referral,
        PackageKind.RECEIPT: receive_receipt,
        PackageKind.FEEDBACK: receive_feedback,
        PackageKind.REQUEST: receive_request,
        PackageKind.ANSWER: receive_answer,
        PackageKind.STATUS: life.receive_saying,
        PackageKind.RECALL: life.receive_withdrawal,
    }
    step = steps.get(PackageKind(kind))
    outcome = "no-such-step" if step is None else "followed"
    if step is not None:
        try:
            with work.part():
                step(work, package_id=package_id)
        except (Invalid, NotFound, IntegrityFailure):
            # A peer's message that says nothing usable stays in the inbox; trying it again
            # would not mend it, and it must not hold up what comes after it.
            outcome = "unfit"
    work.record(package_id, kind=kind, outcome=outcome)


@action("referral.referral.received", system=True)
def receive_referral(work: Work, *, package_id: str) -> str:
    """Make a received package a referral of the root unit; its id."""
    referral, fresh = taking.keep_referral(work, package_id)
    if fresh:
        work.emit("referral.referral.received", referral_id=referral.id)
    work.record(referral.id, package=package_id, fresh=fresh, sender=referral.peer_id)
    return referral.id


@action("referral.receipt.kept", system=True)
def receive_receipt(work: Work, *, package_id: str) -> None:
    """Keep the final receiver's receipt and pass it on unchanged."""
    referral = taking.keep_receipt(work, package_id)
    work.record(referral.id if referral else "none", package=package_id)


@action("referral.feedback.received", system=True)
def receive_feedback(work: Work, *, package_id: str) -> None:
    """Keep what became of a referral; it goes on to the report or to the sender before."""
    found = taking.keep_feedback(work, package_id)
    if found is None:
        work.record("none", package=package_id, fresh=False)
        return
    referral, feedback = found
    work.record(referral.id, package=package_id, fresh=True, outcome=feedback.outcome)


@action("referral.request.received", system=True)
def receive_request(work: Work, *, package_id: str) -> str:
    """Put a peer's case-by-case request before staff; its id."""
    request_id, fresh = asking.keep_request(work, package_id)
    work.record(request_id, package=package_id, fresh=fresh)
    return request_id


@action("referral.answer.received", system=True)
def receive_answer(work: Work, *, package_id: str) -> None:
    """Keep a peer's answer to a request of this node."""
    request = asking.keep_answer(work, package_id)
    if request is None:
        work.record("none", package=package_id, fresh=False)
        return
    work.record(request.id, package=package_id, fresh=True, state=request.state.value)


@action("referral.package.settled", system=True)
def note_settled(work: Work, *, package_id: str) -> None:
    """Bring the end of a package's journey to its referral; again changes nothing more."""
    referral = taking.note_settled(work, package_id)
    work.record(referral.id if referral else "none", package=package_id)


# Case-by-case requests.


@action("referral.request.opened", roles=SENDERS)
def open_request(work: Work, referral_id: str) -> ReleaseRequest:
    """Ask the peer for leave to refer, when no agreement covers it; sends no personal data.

    Errors: NotFound; Conflict while one is open or after the release; Invalid without offence.
    """
    request = asking.ask(work, _to_send(work, referral_id))
    work.record(request.id, referral=referral_id, peer=request.peer_id)
    return request


@action("referral.request.answered", roles=ANSWERERS)
def answer_request(
    work: Work,
    request_id: str,
    *,
    granted: bool,
    legal_basis: str,
    minimum_age: MinimumAge | None = None,
    allowed: frozenset[DataClass] | None = None,
    days: int = GRANT_DAYS,
) -> ReleaseRequest:
    """Grant or refuse a peer's request, with the legal basis; a grant lets its packages in.

    Shape: `allowed` are the classes this node may receive by its law, by default all;
    `minimum_age` is below which its law does not punish: the sender holds names back by it.
    Errors: NotFound; Conflict when it was answered; Invalid without basis or minimum age.
    """
    request = store.request_by_id(work.db, request_id, hold=True)
    if request is None or request.direction is not Direction.IN:
        raise NotFound("request", request_id)
    if request.state is not RequestState.OPEN:
        raise Conflict(f"This request is {request.state}, not open.", id=request_id)
    if not legal_basis.strip() or (granted and minimum_age is None) or days < 1:
        raise Invalid("An answer names its legal basis; a grant the minimum age and its days.")
    today = work.now.date()
    answer = RequestAnswer(
        granted=granted,
        legal_basis=legal_basis.strip(),
        allowed=(frozenset(DataClass) if allowed is None else allowed) if granted else frozenset(),
        valid_from=today if granted else None,
        valid_to=today + timedelta(days=days) if granted else None,
        minimum_age=minimum_age if granted else None,
    )
    asking.reply(work, request, messages.read_answer(messages.answer_document(answer)))
    work.record(request_id, granted=granted, peer=request.peer_id)
    return _request(work, request_id)


@action("referral.requests.listed", roles=READERS)
def list_requests(work: Work, *, page: int = 1) -> list[ReleaseRequest]:
    """Case-by-case requests both ways, newest first, a hundred at a time."""
    offset = (max(page, 1) - 1) * PAGE_LINES
    found = store.requests_newest(work.db, limit=PAGE_LINES, offset=offset)
    work.record("all", count=len(found), page=page)
    return found


@action("referral.request.read", roles=READERS)
def read_request(work: Work, request_id: str) -> ReleaseRequest:
    """One case-by-case request.

    Errors: NotFound.
    """
    request = _request(work, request_id)
    work.record(request_id)
    return request


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


def units_to_give(work: Work) -> tuple[str, ...]:
    """The codes of the units to which this actor may give a referral."""
    return tuple(sorted(_own_units(work)))


def count_to_release(work: Work) -> int:
    """How many referrals wait for a decision or release, for the start page."""
    return store.count_in_state(work.db, [State.DRAFT, State.ALLOWED, State.REFUSED])


def count_open_requests(work: Work) -> int:
    """How many requests of peers wait for an answer, for the start page."""
    return store.count_open_requests(work.db)


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


def _to_send(work: Work, referral_id: str) -> Referral:
    referral = store.referral_by_id(work.db, referral_id, hold=True)
    if referral is None or referral.direction is not Direction.OUT:
        raise NotFound("referral to be sent", referral_id)
    if referral.state not in rules.DECIDABLE:
        raise Conflict(f"This referral is {referral.state} already.", id=referral_id)
    return referral


def _request(work: Work, request_id: str) -> ReleaseRequest:
    request = store.request_by_id(work.db, request_id)
    if request is None:
        raise NotFound("request", request_id)
    return request


def _step(work: Work, referral_id: str, name: StepName) -> None:
    step = Step(name=name, node_id=work.node.id, at=work.now)
    store.note_steps(work.db, referral_id, [step])
