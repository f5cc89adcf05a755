"""JSON bodies of programs: bounded, and refused by the place that does not fit."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from tipbridge.foundation.base.errors import Invalid

M = TypeVar("M", bound=BaseModel)


async def limited_body(request: Request, most_bytes: int) -> bytes:
    """A request's whole body. Errors: Invalid when it is longer than is allowed."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most_bytes:
            raise Invalid(f"A JSON request has at most {most_bytes} bytes.")
    return body


def fitted(model: type[M], body: bytes) -> M:
    """A body as its model. Errors: Invalid, naming the place and what is allowed there."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise Invalid(f"{where}: {first['msg']}.") from error
