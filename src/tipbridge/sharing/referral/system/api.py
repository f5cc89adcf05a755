"""`/api/v1/referrals`: the agency's own system fetches what it was sent, and answers (JSON).

Behind a token of access or a session; described at `/api/v1/openapi.json` (OpenAPI 3.1).
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from starlette.responses import JSONResponse, Response

from tipbridge.sharing.referral.appraising import appraise_referral
from tipbridge.sharing.referral.life.actions import say_stage
from tipbridge.sharing.referral.system import actions
from tipbridge.sharing.referral.system.documents import (
    AppraisalIn,
    ReferralOut,
    RefusalOut,
    SayingOut,
    StageIn,
    TakenIn,
    ToldOut,
    WaitingPage,
    referral_out,
    saying_out,
    waiting_out,
)
from tipbridge.web.bodies import fitted, limited_body
from tipbridge.web.session import staff_work

PATH = "/api/v1/referrals"
_MOST_BYTES = 16 * 1024
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": RefusalOut, "description": words}
    for status, words in (
        (400, "The request does not fit; the message says where and what is allowed."),
        (401, "No token of access that holds was shown."),
        (403, "The roles of the token's holder do not allow this."),
        (404, "There is none, or it is not of the holder's units."),
        (409, "It may not follow what was said before."),
    )
}

router = APIRouter(responses=_REFUSALS)


_SCHEMAS = "#/components/schemas/{model}"
M = TypeVar("M", bound=BaseModel)


def _described(model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": _SCHEMAS.format(model=model.__name__)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _asked(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """Reads a request's body, as much as is allowed of it, as its model."""

    async def read(request: Request) -> M:
        return fitted(model, await limited_body(request, _MOST_BYTES))

    return read


@router.get(PATH, summary="The referrals that wait for you, oldest first")
def list_waiting(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=actions.MOST)] = actions.MOST,
    after: Annotated[str | None, Query(max_length=80)] = None,
) -> WaitingPage:
    """What is new or changed since you took it over; it waits until you say that you did.

    With `after`, what comes after that page: its `next`.
    """
    with staff_work(request) as work:
        found = actions.list_waiting(work, limit=limit, after=after)
    following = found[-1].referral.id if len(found) == limit else None
    return WaitingPage(waiting=[waiting_out(each) for each in found], next=following)


@router.get(f"{PATH}/{{received_id}}", summary="All of one referral")
def fetch_referral(request: Request, received_id: str) -> ReferralOut:
    """Its parts, its road, and what was said of it since."""
    with staff_work(request) as work:
        return referral_out(actions.fetch_referral(work, received_id))


@router.post(
    f"{PATH}/{{received_id}}/taken",
    status_code=204,
    summary="Say that your system keeps it",
    openapi_extra=_described(TakenIn),
)
def take_over(
    request: Request, received_id: str, asked: Annotated[TakenIn, Depends(_asked(TakenIn))]
) -> Response:
    """It no longer waits for you, until a recall or correction gives it a higher version."""
    with staff_work(request) as work:
        actions.take_over(work, received_id, version=asked.version)
    return Response(status_code=204)


@router.post(
    f"{PATH}/{{received_id}}/stage",
    summary="Accept, refuse, return, work or close it",
    openapi_extra=_described(StageIn),
)
def say_where_it_stands(
    request: Request, received_id: str, asked: Annotated[StageIn, Depends(_asked(StageIn))]
) -> SayingOut:
    """Its sender is told, and theirs; `next_stages` are the words that may follow."""
    with staff_work(request) as work:
        return saying_out(say_stage(work, received_id, asked.word, why=asked.why))


@router.post(
    f"{PATH}/{{received_id}}/appraisal",
    summary="Say of what use it was",
    openapi_extra=_described(AppraisalIn),
)
def appraise(
    request: Request, received_id: str, asked: Annotated[AppraisalIn, Depends(_asked(AppraisalIn))]
) -> ToldOut:
    """The word goes back to the provider; each goes once."""
    with staff_work(request) as work:
        return ToldOut(told=appraise_referral(work, received_id, appraisal=asked.appraisal))


@router.get("/api/v1/openapi.json", include_in_schema=False)
def describe() -> Response:
    """The API's description, for generators of clients."""
    found = get_openapi(
        title="Tipbridge: referrals for an agency's own system",
        version="1",
        routes=router.routes,
        description="Fetch what waits, keep it, say so; answer with stages and appraisals.",
    )
    asked: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (model, "validation") for model in (TakenIn, StageIn, AppraisalIn)
    ]
    _, documents = models_json_schema(asked, ref_template=_SCHEMAS)
    found["components"]["schemas"].update(documents["$defs"])
    found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    found["security"] = [{"token": []}]
    return JSONResponse(found)
