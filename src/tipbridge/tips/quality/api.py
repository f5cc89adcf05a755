"""Quality for the provider itself, beside the reporting API: one call of our own (JSON)."""

import json
from dataclasses import asdict
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.intake.model import Feedback
from tipbridge.tips.quality import actions
from tipbridge.tips.quality.model import Figures, QualityView
from tipbridge.tips.quality.rules import facts_for_provider
from tipbridge.web.provider_gate import door_of, is_sandbox, login_of, run_for

_MOST_DAYS = 3660


async def _own_quality(request: Request) -> Response:
    days = _days_in(request.query_params.get("days"))

    def look() -> bytes:
        with door_of(request).work(login_of(request)) as work:
            view = actions.read_own_quality(work, days=days)
        return _json(view, days=days, sandbox=is_sandbox(request))

    return Response(await run_for(request, look), media_type="application/json")


ROUTES = (Route("/quality", _own_quality, methods=["GET"]),)
"""Mounted with the calls of the reporting API, behind the same gate."""


def _days_in(asked: str | None) -> int:
    if asked is None:
        return actions.USUAL_DAYS
    fits = asked.isascii() and asked.isdecimal() and len(asked) <= len(str(_MOST_DAYS))
    if not fits or not 1 <= int(asked) <= _MOST_DAYS:
        raise Invalid(f"'days' is a whole number from 1 to {_MOST_DAYS}.")
    return int(asked)


def _json(view: QualityView, *, days: int, sandbox: bool) -> bytes:
    found = asdict(view)
    found["quality"] = {
        "provider": view.quality.name,
        "now": _figures(view.quality.now),
        "before": _figures(view.quality.before),
    }
    found["reports"] = [
        {**asdict(line), "feedback": [_feedback(one) for one in line.feedback]}
        for line in view.reports
    ]
    told = {"test": sandbox, "days": days, **found}
    return json.dumps(told, default=datetime.isoformat).encode()


def _feedback(feedback: Feedback) -> dict[str, object]:
    """What a provider is told: nothing of where a person's case or custody stands, nor of age."""
    return {
        "id": feedback.id,
        "at": feedback.at,
        "sender": feedback.sender,
        "outcome": feedback.outcome,
        "facts": facts_for_provider(feedback.facts),
    }


def _figures(figures: Figures) -> dict[str, object]:
    shares = {
        "completeness": figures.completeness,
        "actionable_share": figures.actionable_share,
    }
    return {**asdict(figures), **shares}
