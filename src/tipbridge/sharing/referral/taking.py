"""What follows when a package of a peer has arrived, or one of ours has been settled."""

from dataclasses import replace

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.knowledge.agreements.model import CASE_BY_CASE, Part
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import (
    Basis,
    BasisKind,
    Draft,
    Incoming,
    OutboxState,
    PackageKind,
    VerifiedHeader,
)
from tipbridge.sharing.exchange.statement import claimed_receipt
from tipbridge.sharing.exchange.told import report_received_at
from tipbridge.sharing.referral import facts, messages, named, rules, store
from tipbridge.sharing.referral.consent import leaves
from tipbridge.sharing.referral.keeping import noting
from tipbridge.sharing.referral.model import (
    Direction,
    Feedback,
    Referral,
    ReleaseRequest,
    SourceKind,
    State,
    Step,
    StepName,
)
from tipbridge.sharing.referral.releasing import salted
from tipbridge.sharing.referral.sources import sent_of_report
from tipbridge.tips.intake.actions import record_feedback
from tipbridge.tips.triage import actions as triage

ROOT_UNIT = 1


def keep_referral(work: Work, package_id: str) -> tuple[Referral, bool]:
    """Make a received package a referral of the root unit; again finds the same one.

    Shape: one for named recipients only is restricted to those who may accept it; with nobody
    here who may, it is open to nobody and waits as a left list.
    Errors: Invalid when it was passed on without the leave that an earlier sender's marks need, or
    that is not proven.
    """
    store.one_at_a_time(work.db, package_id)
    known = store.referral_by_package(work.db, package_id)
    if known is not None:
        return known, False
    package = exchange.received_package(work, package_id)
    header = exchange.received_header(work, package_id)
    leaves.check_leave(work, header)
    before = tuple(statement.package_id for statement in header.statements[:-1])
    referral = replace(_received(work, package, header), earlier=before)
    store.insert_referral(work.db, referral)
    senders = tuple(statement.sender for statement in header.statements)
    store.insert_parts(work.db, referral.id, header.parts, senders)
    store.note_steps(work.db, referral.id, _road(work, package, header))
    noting.note_received(work, referral.id, package.basis, header)
    return referral, True


def _received(work: Work, package: Incoming, header: VerifiedHeader) -> Referral:
    parts = [item.part for item in header.parts]
    restricted = leaves.for_named_only(work, package.basis, header)
    return Referral(
        id=work.ids.new(),
        direction=Direction.IN,
        unit_id=ROOT_UNIT,
        restricted=restricted,
        members=named.first_readers(work, ROOT_UNIT) if restricted else (),
        peer_id=package.sender,
        source=None,
        origin=facts.origin_of(parts),
        purpose=package.purpose,
        offences=tuple(sorted(facts.offences_of(parts))),
        state=State.RECEIVED,
        basis=package.basis,
        channel=_channel(work, package.basis),
        package_id=package.package_id,
        decision=None,
        name_withheld=facts.name_was_withheld(parts),
        opened_at=package.received_at,
        opened_by=package.sender,
        way=facts.way_of(parts, package.sender),
    )


def _channel(work: Work, basis: Basis) -> str:
    agreement = agreement_held(work, basis.id) if basis.kind is BasisKind.AGREEMENT else None
    return CASE_BY_CASE if agreement is None else agreement.channel


def _road(work: Work, package: Incoming, header: VerifiedHeader) -> list[Step]:
    """The steps that a received package proves, and this node's own."""
    steps = [
        Step(name=StepName.RELEASED, node_id=statement.sender, at=statement.sent_at)
        for statement in header.statements
    ]
    reported = report_received_at(item.part for item in header.parts)
    if reported is not None:
        first = header.statements[0].sender
        steps.append(Step(name=StepName.REPORT_RECEIVED, node_id=first, at=reported))
    if package.basis.kind is BasisKind.REQUEST:
        request = store.request_by_id(work.db, package.basis.id)
        if request is not None:
            steps += request_steps(request, work.node.id)
    steps.append(Step(name=StepName.RECEIVED, node_id=work.node.id, at=package.received_at))
    return steps


def request_steps(request: ReleaseRequest, node_id: str) -> list[Step]:
    """The steps of a case-by-case request as this node saw them."""
    steps = [Step(name=StepName.REQUEST_OPENED, node_id=node_id, at=request.opened_at)]
    if request.answered_at is not None:
        answered = StepName.REQUEST_ANSWERED
        steps.append(Step(name=answered, node_id=node_id, at=request.answered_at))
    return steps


def note_settled(work: Work, package_id: str) -> Referral | None:
    """Bring a package's end to its referral; a delivered one sends its receipt back."""
    package = exchange.sent_package(work, package_id)
    referral = store.referral_by_package(work.db, package_id, hold=True)
    if package is None or referral is None or package.state not in rules.SETTLED:
        return None
    if referral.state not in (State.ACKNOWLEDGED, State.RECALLED):
        store.set_state(work.db, referral.id, rules.SETTLED[package.state])
    if package.state is OutboxState.DELIVERED and package.receipt is not None:
        at = package.settled_at or work.now
        step = Step(name=StepName.DELIVERED, node_id=work.node.id, at=at)
        store.note_steps(work.db, referral.id, [step])
        relay_receipt(work, referral, package.receipt)
    return referral


def relay_receipt(work: Work, referral: Referral, envelope: bytes) -> bool:
    """Pass a receipt for what went on, unchanged, to whoever sent it to this node."""
    before = before_of(work, referral)
    if before is None or before.package_id is None:
        return False
    _reply(work, before, PackageKind.RECEIPT, messages.receipt_part(envelope))
    return True


def keep_receipt(work: Work, package_id: str) -> tuple[Referral | None, bool]:
    """Keep a final receiver's receipt with the referral it is for, and pass it on.

    Shape: also whether it is verified here; one that is not acknowledges nothing. It goes on
    all the same: whoever is before may have its signer's card.
    Errors: IntegrityFailure when it is not signed by whom it names; Invalid when it is none.
    """
    header = exchange.received_header(work, package_id)
    text = messages.message_value(header.parts, messages.RECEIPT).get("envelope")
    if not isinstance(text, str):
        raise Invalid("This package holds no receipt.")
    envelope = text.encode("utf-8")
    kept = exchange.keep_relayed_receipt(work, envelope)
    if kept is None:
        return None, True
    relayed, fresh = kept
    referral = store.referral_by_package(work.db, relayed.package_id, hold=True)
    if referral is None:
        return None, True
    if fresh:
        relay_receipt(work, referral, envelope)
    if relayed.verified:
        _acknowledge(work, referral, relayed.signer, envelope)
    return referral, relayed.verified


def _acknowledge(work: Work, referral: Referral, signer: str, envelope: bytes) -> None:
    received_at = claimed_receipt(envelope).received_at
    step = Step(name=StepName.ACKNOWLEDGED, node_id=signer, at=received_at)
    store.note_steps(work.db, referral.id, [step])
    if referral.state in (State.RELEASED, State.DELIVERED):
        store.set_state(work.db, referral.id, State.ACKNOWLEDGED)


def keep_feedback(work: Work, package_id: str) -> tuple[Referral, Feedback] | None:
    """Keep what became of a sent referral; None when it came before.

    Errors: NotFound when the package answers no referral of this node.
    """
    package = exchange.received_package(work, package_id)
    header = exchange.received_header(work, package_id)
    value = messages.message_value(header.parts, messages.FEEDBACK)
    feedback_id, outcome, at, found = messages.read_feedback(value)
    referral = store.referral_by_package(work.db, package.about or "")
    if referral is None:
        raise NotFound("referral of package", package.about or "none")
    feedback = Feedback(
        feedback_id=feedback_id,
        direction=Direction.IN,
        sender=header.statements[0].sender,
        outcome=outcome,
        at=at,
        facts=found,
        package_id=package_id,
    )
    if not store.insert_feedback(work.db, referral.id, feedback, work.now):
        return None
    _pass_feedback_on(work, referral, feedback, header)
    return referral, feedback


def _pass_feedback_on(
    work: Work, referral: Referral, feedback: Feedback, header: VerifiedHeader
) -> None:
    """To the report it began with, or unchanged to whoever sent the referral here."""
    report_id = report_of(work, referral)
    if report_id is not None:
        record_feedback(
            work,
            report_id=report_id,
            feedback_id=feedback.feedback_id,
            sender=feedback.sender,
            outcome=feedback.outcome,
            at=feedback.at,
            facts=feedback.facts,
        )
        return
    before = before_of(work, referral)
    if before is not None and before.package_id is not None:
        exchange.queue_package(
            work,
            Draft(
                kind=PackageKind.FEEDBACK,
                recipient=before.peer_id,
                basis=Basis(kind=BasisKind.REPLY, id=before.package_id),
                purpose=before.purpose,
                parts=header.parts,
                about=before.package_id,
                passes_on=feedback.package_id,
            ),
        )


def report_of(work: Work, referral: Referral) -> str | None:
    """The report of this node that a referral began with, as a tip or as a lead of one."""
    if referral.source is None:
        return None
    match referral.source.kind:
        case SourceKind.TIP:
            return referral.source.id
        case SourceKind.LEAD:
            return triage.report_of_lead(work, referral.source.id)
        case SourceKind.REFERRAL:
            return None


def packages_of_report(work: Work, report_id: str) -> list[str]:
    """The packages that took parts of a report away, as a tip or as one of its leads."""
    sent = sent_of_report(work, report_id)
    return [each.package_id for each in sent if each.package_id is not None]


def reply_feedback(work: Work, received: Referral, part: Part) -> str:
    """Queue a feedback to the sender of a received referral; the package's id."""
    return _reply(work, received, PackageKind.FEEDBACK, part)


def _reply(work: Work, received: Referral, kind: PackageKind, part: Part) -> str:
    """Queue a message to the sender of a received referral."""
    package_id = received.package_id or ""
    return exchange.queue_package(
        work,
        Draft(
            kind=kind,
            recipient=received.peer_id,
            basis=Basis(kind=BasisKind.REPLY, id=package_id),
            purpose=received.purpose,
            parts=tuple(salted(work, [part])),
            about=package_id,
        ),
    )


def before_of(work: Work, referral: Referral) -> Referral | None:
    """The received referral that this one passes on."""
    if referral.source is None or referral.source.kind is not SourceKind.REFERRAL:
        return None
    return store.referral_by_id(work.db, referral.source.id)
