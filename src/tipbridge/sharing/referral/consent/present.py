"""Consents as pages and commands show them."""

from typing import Any

from tipbridge.sharing.referral.consent.model import Consent


def consent_json(consent: Consent) -> dict[str, Any]:
    """One consent: what is asked of whom, and what was answered."""
    answer, ask = consent.answer, consent.ask
    return {
        "id": ask.id,
        "place": consent.place.value,
        "use": ask.aim.use.value,
        "recipient": ask.aim.recipient,
        "purpose": ask.aim.purpose.value,
        "originator": ask.originator,
        "asker": ask.asker,
        "peer": consent.peer_id,
        "referral": consent.referral_id,
        "state": consent.state.value,
        "why": None if answer is None or answer.why is None else answer.why.value,
        "classes": [] if answer is None else sorted(each.value for each in answer.classes),
        "ends_at": None if answer is None else answer.ends_at,
        "asked_at": consent.asked_at,
        "answered_at": consent.answered_at,
    }
