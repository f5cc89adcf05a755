"""A form with a field that its route does not name is refused, whatever way it is declared (N21)."""

from datetime import date
from typing import Annotated

import pytest
from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text
from starlette.requests import Request
from starlette.testclient import TestClient

from tests.nodes import CONSOLE
from tests.web.pages import browser, shell_app
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.web.fields import day_in
from tipbridge.web.shell import shell_of

router = APIRouter()
inner = APIRouter()


class Model(BaseModel):
    """One form as a model."""

    model_config = ConfigDict(extra="forbid")

    word: str


@router.post("/probe/model")
def post_model(form: Annotated[Model, Form()]) -> str:
    """A form given as a model."""
    return form.word


@inner.post("/probe/{part}/single")
def post_single(part: str, word: Annotated[str, Form()], more: Annotated[str, Form()] = "") -> str:
    """A form given field by field, in a router within another."""
    return part + word + more


@router.get("/probe/looked/{name}")
def look_for(request: Request, name: str, json: str = "{}") -> str:
    """Something looked for by a name that stands in the address."""
    with open_work(shell_of(request).node, CONSOLE) as work:
        query = text(
            "SELECT count(*) FROM units WHERE code = :name OR code = CAST(:json AS json) ->> 'a'"
        )
        return str(work.db.execute(query, {"name": name, "json": json}).scalar_one())


@router.get("/probe/fault")
def divide(request: Request) -> str:
    """Data that is bad by a fault of ours."""
    with open_work(shell_of(request).node, CONSOLE) as work:
        return str(work.db.execute(text("SELECT 1 / 0")).scalar_one())


router.include_router(inner)
ROUTES = ("/probe/model", "/probe/a/single")
EXTRA = ("id", "owner", "org", "status", "label", "approved_by", "created_at", "path", "role")


@pytest.fixture
def client(node: Node) -> TestClient:
    return browser(shell_app(node, routers=(router,)))


def test_a_nul_in_an_address_or_in_what_was_sent_is_refused_in_words(client: TestClient) -> None:
    assert client.get("/probe/looked/headquarters").json() == "1"
    for address in ("/probe/looked/a%00b", '/probe/looked/a?json={"a": "\\u0000"}'):
        found = client.get(address)
        assert (found.status_code, "NUL character" in found.text) == (400, True)
    assert client.get("/probe/fault").status_code == 500


def test_a_surplus_field_is_refused_by_name_and_a_known_one_passes(client: TestClient) -> None:
    for route in ROUTES:
        assert client.post(route, data={"word": "x"}).status_code == 200
        for name in EXTRA:
            answer = client.post(route, data={"word": "x", name: "1"})
            assert answer.status_code == 400, route
            assert name in answer.text
    assert client.post(ROUTES[1], data={"word": "x", "more": "y"}).json() == "axy"


@pytest.mark.parametrize("text", ["2014-3-1", "1 March", "2014-02-30", "\x1b[2J"])
def test_what_is_no_day_is_refused_with_its_field_and_how_a_day_is_written(text: str) -> None:
    with pytest.raises(Invalid, match=r"^due_on is a day like 2014-03-01; ") as refused:
        day_in("due_on", text)
    assert "\x1b" not in refused.value.public
    assert (day_in("due_on", ""), day_in("due_on", "2014-03-01")) == (None, date(2014, 3, 1))
