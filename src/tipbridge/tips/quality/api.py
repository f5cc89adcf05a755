"""Quality for the provider itself, beside the reporting API: one call of our own (JSON)."""

import json
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tipbridge.foundation.base.errors import Invalid
from tipbridge.tips.quality import actions
from tipbridge.tips.quality.model import QualityView
from tipbridge.tips.quality.present import own_json
from tipbridge.web.provider_gate import door_of, is_sandbox, login_of, run_for

_MOST_DAYS = 3660
_MOST_PAGES = 100_000


async def _own_quality(request: Request) -> Response:
    asked = request.query_params
    days = _whole("days", asked.get("days"), actions.USUAL_DAYS, _MOST_DAYS)
    page = _whole("page", asked.get("page"), 1, _MOST_PAGES)

    def look() -> bytes:
        with door_of(request).work(login_of(request)) as work:
            view = actions.read_own_quality(work, days=days, page=page)
        return _json(view, days=days, page=page, sandbox=is_sandbox(request))

    return Response(await run_for(request, look), media_type="application/json")


ROUTES = (Route("/quality", _own_quality, methods=["GET"]),)
"""Mounted with the calls of the reporting API, behind the same gate."""


def _whole(name: str, asked: str | None, usual: int, most: int) -> int:
    if asked is None:
        return usual
    fits = asked.isascii() and asked.isdecimal() and len(asked) <= len(str(most))
    if not fits or not 1 <= int(asked) <= most:
        raise Invalid(f"'{name}' is a whole number from 1 to {most}.")
    return int(asked)


def _json(view: QualityView, *, days: int, page: int, sandbox: bool) -> bytes:
    told = {"test": sandbox, "days": days, "page": page, **own_json(view)}
    return json.dumps(told, default=datetime.isoformat).encode()
