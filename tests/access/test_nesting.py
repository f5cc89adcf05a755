"""A child is reached under its own parent alone, in every path and in every body (N20)."""

import re
from collections.abc import Iterator
from inspect import isclass

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.access.attempts import ask
from tests.access.expected_routes import ROUTES
from tests.access.requests import FORMS
from tests.access.test_routes import app, client
from tests.access.world import World
from tests.nodes import acting
from tipbridge.foundation.base.actors import WORKER

__all__ = ["app", "client"]

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
    world: World, client: TestClient, route: str
) -> None:
    """Both cases are the reader's own: what is wrong is that they do not belong together."""
    role = min(ROUTES[route].who)
    elsewhere = {**world.ids, "case": world.ids["begun"]}
    with world.owned("own"):
        own = ask(world, client, route, world.ids, who=role).how
        assert (own == "404") == (route in ANSWERED_ALIKE)
        assert ask(world, client, route, elsewhere, who=role).how == "404"


NAMED_IN_THE_BODY = {
    "POST /cases/{case_id}/notes": ("person", "person"),
    "POST /exhibits": ("person", "person"),
    "POST /cases/{case_id}/demands": ("person", "person"),
    "POST /cases/{case_id}/children": ("person", "person"),
    "POST /cases/{case_id}/split": ("people", "person"),
    "POST /cases/{case_id}/feedback": ("referral", "received"),
    "POST /cases/{case_id}/people/{person_id}/same": ("other", "mistaken"),
    "POST /cases/{case_id}/removals/{removal_id}/mistakes": ("entry", "removal_entry"),
}
"""Every form of a case that names somebody or something of that very case, and which of the world."""


@pytest.mark.parametrize("route", NAMED_IN_THE_BODY)
def test_a_child_named_in_the_body_is_not_found_under_another_case_of_the_same_reader(
    world: World, client: TestClient, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    field, id_ = NAMED_IN_THE_BODY[route]
    usual = FORMS[route]
    monkeypatch.setitem(FORMS, route, lambda ids: usual(ids) | {field: ids[id_]})
    elsewhere = {**world.ids, "case": world.ids["begun"]}
    with world.owned("own"):
        assert ask(world, client, route, world.ids, who="investigator").how != "404"
        assert ask(world, client, route, elsewhere, who="investigator").how == "404"
        nobody = {**world.ids, id_: "0" * 32}
        assert ask(world, client, route, nobody, who="investigator").how == "404"


BESIDE_CASES = {
    "POST /welfare/{welfare_id}/follow-ups/{follow_id}": (
        "welfare",
        "SELECT id FROM welfare_records WHERE id <> :own",
    ),
    "POST /welfare/{welfare_id}/follow-ups/{follow_id}/dropping": (
        "welfare",
        "SELECT id FROM welfare_records WHERE id <> :own",
    ),
    "POST /welfare/{welfare_id}/talks/{talk_id}/taking-back": (
        "welfare",
        "SELECT id FROM welfare_records WHERE id <> :own",
    ),
    "POST /filings/{filing_id}/files/{number}/viewed": ("filing", "SELECT repeat('0', 32)"),
    "GET /hashsharing/v2/entries/{member_id}/{entry_id}/fingerprints/{type}": (
        "hash_member",
        "SELECT id::text FROM hash_members WHERE id::text <> :own",
    ),
    "PUT /hashsharing/v2/entries/{member_id}/{entry_id}/{type}/feedback": (
        "hash_member",
        "SELECT id::text FROM hash_members WHERE id::text <> :own",
    ),
}
"""Every nested route beside those of cases: which id is the parent's, and where another one is.

Files of a filing are counted from 1 within it: no number is another filing's.
"""


def test_every_nested_route_beside_cases_is_tried() -> None:
    nested = {
        name for name in ROUTES if "{case_id}" not in name and len(re.findall(r"\{\w+\}", name)) > 1
    }
    assert nested == set(BESIDE_CASES)


@pytest.mark.parametrize("route", BESIDE_CASES)
def test_a_child_is_not_found_under_another_parent_of_the_same_reader(
    world: World, client: TestClient, route: str
) -> None:
    key, others = BESIDE_CASES[route]
    with acting(world.database.owner, WORKER) as db:
        other = str(db.execute(text(others), {"own": world.ids[key]}).scalars().first())
    reader = {"login": "esp-one"} if "provider" in ROUTES[route].who else {}
    reader = reader or {"who": min(ROUTES[route].who)}
    with world.owned("own"):
        assert ask(world, client, route, world.ids, **reader).how != "404"
        assert ask(world, client, route, {**world.ids, key: other}, **reader).how == "404"


def test_a_contact_is_not_found_under_another_provider(world: World, client: TestClient) -> None:
    route = "POST /providers/contacts/removal"
    usual = FORMS[route]
    assert ask(world, client, route, world.ids, who="provider-manager").how == "303"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(FORMS, route, lambda ids: usual(ids) | {"provider": "esp-two"})
        assert ask(world, client, route, world.ids, who="provider-manager").how == "404"


IDS = {
    "about", "alarm", "case", "entry", "from_case", "link", "member", "other", "people",
    "person", "referral", "source",
}  # fmt: skip
"""Fields of forms that hold an id."""
ALONE = {
    "POST /agreements/compare source", "POST /alarms alarm", "POST /cases from_case", "POST /disclosures case",
    "POST /exhibits case",
    "POST /providers/guessing alarm", "POST /referrals source", "POST /retention/holds case",
    "POST /retention/holds/lift case", "POST /search about",
}  # fmt: skip
"""Ids in a body whose path names no parent: the table of routes tries them as its own ids."""
OF_ANOTHER_CASE = {
    "POST /cases/{case_id}/referrals referral",  # a referral that is to feed this case too
    "POST /cases/{case_id}/relations other",
    "POST /cases/{case_id}/people/{person_id}/human other",  # somebody of another case
    "POST /cases/{case_id}/entries/{entry_id}/move other",
    "POST /cases/{case_id}/entries/{entry_id}/move person",  # somebody of that case, or nobody
    "POST /cases/{case_id}/moves/{move_id} person",  # of this case: as `move person` is of that one
}
"""Ids that are meant to be another case's; the table of routes tries those that are not seen."""
IN_WORDS = {"POST /cases/{case_id}/people/{person_id}/exploitation source"}
"""Fields that are called as an id elsewhere and hold words here: how somebody knows it."""
WORDS = {
    "account", "act", "act_on", "actions", "acts", "address", "addressee", "agency", "answer",
    "appeal_grounds", "appeal_on", "asked", "asked_on", "assigned_to", "authority", "because",
    "birth_certainty", "birth_earliest", "birth_latest", "body", "body_minutes", "body_on",
    "conditions", "consent", "consent_by", "depicted_certainty", "depicted_earliest", "depicted_latest", "consent_on", "contact_made", "contact_on", "counsel",
    "counsel_contact", "country", "description", "done_at", "due_on", "ended_on", "flags", "flags_given",
    "from_on", "further_acts_given", "further_offence", "further_on", "further_own",
    "further_role", "further_until", "further_was", "grade", "grounds", "guardian",
    "guardian_contact", "guardian_notice", "guardian_notice_on", "happened_on", "held_note",
    "held_on", "host", "identifiers", "ip", "kind", "legal_basis", "list_name", "mark", "marks",
    "members", "motive", "moved_to", "name", "narrowed", "nationalities", "needs", "note",
    "number", "offence", "on", "own_material", "own_material_on", "peer", "place", "place_kind",
    "place_service", "port", "purpose", "reason", "receiver", "recipient", "reference", "roles",
    "school", "school_level", "seen_at", "self_produced", "service", "sha256", "statement", "text",
    "title", "to", "to_on", "unit", "username", "value", "why", "words",
}  # fmt: skip
"""Fields that hold words, days, names of staff or units, and numbers."""


def string_fields(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every route with each field of its form that takes any text."""
    for context in iter_route_contexts(app.routes):
        for method in set(context.methods or ()) - {"GET", "HEAD"}:
            dependant = getattr(context, "dependant", None)
            for param in getattr(dependant, "body_params", ()):
                kind = param.field_info.annotation
                fields = (
                    {name: field.annotation for name, field in kind.model_fields.items()}
                    if isclass(kind) and issubclass(kind, BaseModel)
                    else {param.alias: kind}
                )
                for name, of in fields.items():
                    if of in {str, list[str], str | None}:
                        yield f"{method} {context.path}", name


def test_every_id_in_a_body_is_tried_under_another_parent_or_stands_alone(app: FastAPI) -> None:
    """A field that is new must be placed: as an id that is tried, or as words."""
    found = set(string_fields(app))
    named = {f"{route} {field}" for route, (field, _) in NAMED_IN_THE_BODY.items()}
    ids = {f"{route} {field}" for route, field in found if field in IDS} - IN_WORDS
    assert ids == named | ALONE | OF_ANOTHER_CASE
    police = {field for route, field in found if "/cases" in route or "/welfare" in route}
    assert police - IDS - WORDS == set()
