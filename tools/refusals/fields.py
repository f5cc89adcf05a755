"""Names of the fields that forms and addresses of pages have, as refusals name them."""

from collections.abc import Iterator
from inspect import isclass

from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tipbridge import app
from tools.refusals import rule


def page_fields() -> Iterator[tuple[str, FieldInfo]]:
    """Every field of every route of a page that needs words, by the name that is sent."""
    for door in app.DOORS:
        for route in door.router.routes:
            if isinstance(route, APIRoute) and rule.is_entry(route.endpoint.__module__):
                yield from _fields(route)


def _fields(route: APIRoute) -> Iterator[tuple[str, FieldInfo]]:
    taken = route.dependant
    for each in (*taken.body_params, *taken.query_params, *taken.path_params):
        kind = each.field_info.annotation
        if isclass(kind) and issubclass(kind, BaseModel):
            yield from ((field.alias or name, field) for name, field in kind.model_fields.items())
        else:
            yield each.alias, each.field_info
