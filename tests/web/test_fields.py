"""A form with a field that its route does not name is refused, whatever way it is declared (N21)."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict
from starlette.testclient import TestClient

from tests.web.pages import browser, shell_app
from tipbridge.foundation.node import Node

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


router.include_router(inner)
ROUTES = ("/probe/model", "/probe/a/single")
EXTRA = ("id", "owner", "org", "status", "label", "approved_by", "created_at", "path", "role")


@pytest.fixture
def client(node: Node) -> TestClient:
    return browser(shell_app(node, routers=(router,)))


def test_a_surplus_field_is_refused_by_name_and_a_known_one_passes(client: TestClient) -> None:
    for route in ROUTES:
        assert client.post(route, data={"word": "x"}).status_code == 200
        for name in EXTRA:
            answer = client.post(route, data={"word": "x", name: "1"})
            assert answer.status_code == 400, route
            assert name in answer.text
    assert client.post(ROUTES[1], data={"word": "x", "more": "y"}).json() == "axy"
