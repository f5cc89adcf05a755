"""A child is reached under its own parent alone, on every nested route of a case (N20)."""

import re

import pytest
from fastapi import FastAPI

from tests.access.expected_routes import ROUTES
from tests.access.requests import FORMS
from tests.access.test_routes import app, ask
from tests.access.world import World

__all__ = ["app"]

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

ANSWERED_ALIKE = {
    "POST /cases/{case_id}/children/{file_id}/list/dismissal",  # nobody of that name is on it
    "POST /cases/{case_id}/tasks/{task_id}",  # the task is done
}
"""What is asked finds nothing to do in this world, under its own case either."""
NESTED = sorted(
    name for name in ROUTES if "{case_id}" in name and len(re.findall(r"\{\w+\}", name)) == 2
)


def test_there_are_nested_routes_of_cases() -> None:
    assert len(NESTED) > 30


@pytest.mark.parametrize("route", NESTED)
def test_a_child_is_not_found_under_another_case_of_the_same_reader(
    world: World, app: FastAPI, route: str
) -> None:
    """Both cases are the reader's own: what is wrong is that they do not belong together."""
    role = min(ROUTES[route].who)
    elsewhere = {**world.ids, "case": world.ids["begun"]}
    with world.owned("own"):
        own = ask(world, app, route, world.ids, who=role).how
        assert (own == "404") == (route in ANSWERED_ALIKE)
        assert ask(world, app, route, elsewhere, who=role).how == "404"


NAMED_IN_THE_BODY = {
    "POST /cases/{case_id}/notes": ("person", "person"),
    "POST /cases/{case_id}/demands": ("person", "person"),
    "POST /cases/{case_id}/children": ("person", "person"),
    "POST /cases/{case_id}/split": ("people", "person"),
    "POST /cases/{case_id}/feedback": ("referral", "received"),
}
"""Every form of a case that names somebody or something of that very case, and which of the world."""


@pytest.mark.parametrize("route", NAMED_IN_THE_BODY)
def test_a_child_named_in_the_body_is_not_found_under_another_case_of_the_same_reader(
    world: World, app: FastAPI, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    field, id_ = NAMED_IN_THE_BODY[route]
    usual = FORMS[route]
    monkeypatch.setitem(FORMS, route, lambda ids: usual(ids) | {field: ids[id_]})
    elsewhere = {**world.ids, "case": world.ids["begun"]}
    with world.owned("own"):
        assert ask(world, app, route, world.ids, who="investigator").how != "404"
        assert ask(world, app, route, elsewhere, who="investigator").how == "404"
        nobody = {**world.ids, id_: "0" * 32}
        assert ask(world, app, route, nobody, who="investigator").how == "404"
