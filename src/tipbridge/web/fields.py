"""Fields of forms: a surplus one is refused, not dropped, and a day is read in one way."""

from datetime import date
from inspect import isclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request

from tipbridge.foundation.base.errors import Invalid

_FORM = "application/x-www-form-urlencoded"


async def only_known_fields(request: Request) -> None:
    """Refuse a form with a field that its route does not name.

    A form given as a model forbids that itself; single fields would let it pass unseen.
    Errors: Invalid naming the field and those that are allowed.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not route.dependant.body_params:
        return
    if not request.headers.get("content-type", "").startswith(_FORM):
        return
    known, sent = _names(route.dependant), await request.form()
    if surplus := sorted({*sent} - known):
        raise Invalid(f"{surplus[0]}: no such field; this form has: {', '.join(sorted(known))}.")


def day_in(field: str, text: str) -> date | None:
    """The day that a field of a form or address holds; None where it is empty. Errors: Invalid."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid(f"{field} is a day like 2014-03-01; {text[:40]!a} is none.") from error


def _names(dependant: Dependant) -> set[str]:
    found: set[str] = set()
    for param in dependant.body_params:
        kind = param.field_info.annotation
        if isclass(kind) and issubclass(kind, BaseModel):
            found |= {field.alias or name for name, field in kind.model_fields.items()}
        else:
            found.add(param.alias)
    return found
