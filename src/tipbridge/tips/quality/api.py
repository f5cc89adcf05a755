"""Quality for the provider itself, beside the reporting API: one call of our own (JSON)."""

import json
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tipbridge.tips.intake.answers import MOST_PAGES, whole_number
from tipbridge.tips.quality import actions
from tipbridge.tips.quality.model import QualityView
from tipbridge.tips.quality.present import own_json
from tipbridge.web.provider_gate import door_of, is_sandbox, login_of, run_for

_MOST_DAYS = 3660


async def _own_quality(request: Request) -> Response:
    asked = request.query_params
    days = whole_number("days", asked.get("days"), actions.USUAL_DAYS, _MOST_DAYS)
    page = whole_number("page", asked.get("page"), 1, MOST_PAGES)

    def look() -> bytes:
        with door_of(request).work(login_of(request)) as work:
            view = actions.read_own_quality(work, days=days, page=page)
        return _json(view, days=days, page=page, sandbox=is_sandbox(request))

    return Response(await run_for(request, look), media_type="application/json")


ROUTES = (Route("/quality", _own_quality, methods=["GET"]),)
"""Mounted with the calls of the reporting API, behind the same gate."""


def _json(view: QualityView, *, days: int, page: int, sandbox: bool) -> bytes:
    told = {"test": sandbox, "days": days, "page": page, **own_json(view)}
    return json.dumps(told, default=datetime.isoformat).encode()
