"""Referrals and requests as pages and commands show them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from tipbridge.foundation.access.approvals.model import Waiting
from tipbridge.foundation.base.defanging import defang_within
from tipbridge.sharing.exchange.model import Basis
from tipbridge.sharing.referral.model import Referral, ReferralView, ReleaseRequest
from tipbridge.sharing.referral.terms import due_on, is_overdue, shares_nothing


def line_json(referral: Referral) -> dict[str, Any]:
    """One referral in a list."""
    source = referral.source
    return {
        "id": referral.id,
        "direction": referral.direction.value,
        "peer": referral.peer_id,
        "source": None if source is None else {"kind": source.kind.value, "id": source.id},
        "origin": referral.origin.value,
        "state": referral.state.value,
        "purpose": referral.purpose.value,
        "occasion": referral.way.occasion.value,
        "sender_desk": referral.way.sender_desk,
        "receiver_desk": referral.way.receiver_desk,
        "offences": [offence.value for offence in referral.offences],
        "basis": _basis(referral.basis),
        "channel": referral.channel,
        "name_withheld": referral.name_withheld,
        "restricted": referral.restricted,
        "opened_at": referral.opened_at,
        "package_id": referral.package_id,
    }


def referral_json(view: ReferralView, now: datetime) -> dict[str, Any]:
    """Everything of one referral: what was let through, what was held back, and why."""
    decision = cast("Mapping[str, Any] | None", view.referral.decision)
    fates: list[dict[str, Any]] = list(decision["parts"]) if decision else []
    senders = dict(enumerate(view.senders))
    return {
        **line_json(view.referral),
        "unit": view.unit,
        "opened_by": view.referral.opened_by,
        "dropped_why": view.referral.dropped_why,
        "decision": None
        if decision is None
        else {
            **{name: value for name, value in decision.items() if name != "parts"},
            "decided_at": datetime.fromisoformat(decision["decided_at"]),
        },
        "released": [fate for fate in fates if fate["released"]],
        "withheld": [fate for fate in fates if not fate["released"]],
        "parts": [
            {
                "label": item.part.label,
                "data_class": item.part.data_class.value,
                "form": item.part.form.value,
                "value": defang_within(item.part.value),
                "sender": senders.get(item.hop),
            }
            for item in view.parts
        ],
        "steps": [
            {"step": step.name.value, "node": step.node_id, "at": step.at} for step in view.steps
        ],
        "receipts": list(view.receipts),
        "feedback": [
            {
                "id": said.feedback_id,
                "direction": said.direction.value,
                "sender": said.sender,
                "outcome": said.outcome,
                "at": said.at,
                "facts": dict(said.facts),
            }
            for said in view.feedback
        ],
        "alike": [
            {"label": each.label, "referral": each.referral_id, "other": each.other_label}
            for each in view.alike
        ],
        "requests": [request_json(request, now) for request in view.requests],
    }


def approval_json(approval: Waiting | None) -> dict[str, object] | None:
    """How many people approved what would leave now, and by what name it is approved."""
    if approval is None:
        return None
    return {
        "content_sha256": approval.content_sha256,
        "approved": approval.approved,
        "needed": approval.needed,
    }


def request_json(request: ReleaseRequest, now: datetime) -> dict[str, Any]:
    """One case-by-case request with its clock."""
    answer = request.answer
    return {
        "id": request.id,
        "direction": request.direction.value,
        "peer": request.peer_id,
        "referral": request.referral_id,
        "state": request.state.value,
        "purpose": request.purpose.value,
        "offences": [offence.value for offence in request.offences],
        "incident_on": request.incident_on,
        "legal_basis": None if answer is None else answer.legal_basis,
        "allowed": [] if answer is None else sorted(each.value for each in answer.allowed),
        "chosen": None if request.chosen is None else sorted(each.value for each in request.chosen),
        "nothing_in_common": shares_nothing(request),
        "valid_to": None if answer is None else answer.valid_to,
        "opened_at": request.opened_at,
        "due_on": due_on(request.opened_at),
        "overdue": is_overdue(request, now),
        "answered_at": request.answered_at,
        "released_at": request.released_at,
        "withdrawn_at": request.withdrawn_at,
        "withdrawn_why": request.withdrawn_why,
    }


def _basis(basis: Basis | None) -> dict[str, str] | None:
    return None if basis is None else {"kind": basis.kind.value, "id": basis.id}
