"""The access tests can fail: with any one check taken away, a cell differs."""

import contextlib
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.access.attempts import ask, type_command
from tests.access.cells import KINDS, ROLES
from tests.access.expected_actions import ACTIONS
from tests.access.expected_commands import COMMANDS
from tests.access.expected_routes import ROUTES
from tests.access.marks import MARKS
from tests.access.program import all_actions
from tests.access.test_actions import try_action
from tests.access.test_commands import terminal_of_world
from tests.access.test_routes import STAFF, app, client
from tests.access.trying import Came, Ids, differences
from tests.access.world import World
from tests.nodes import CONSOLE
from tipbridge.foundation.base.actors import ActorKind, Role
from tipbridge.foundation.work import Action
from tipbridge.office import terminal
from tipbridge.web import session

__all__ = ["app", "client", "terminal_of_world"]  # fixtures of those whose checks are taken away

pytestmark = pytest.mark.xdist_group("access")  # one world for all of them

REGISTERED = all_actions()
FOR_SOME = sorted(name for name, cell in ACTIONS.items() if not {*ROLES, *KINDS} <= cell.who)


INSIDE = {
    "sharing.referral.appraising.appraise_referral": ("sharing.referral.actions.send_feedback",),
    "sharing.referral.arriving.take_package": ("sharing.referral.arriving.receive_referral",),
}
"""Actions that only pass on to another, which asks again: one check alone opens nothing."""


@contextlib.contextmanager
def opened(action: Action) -> Iterator[None]:
    """An action whose check of roles and kinds lets everybody in."""
    kept = (action.roles, action.kinds)
    object.__setattr__(action, "roles", frozenset(Role))
    object.__setattr__(action, "kinds", frozenset(ActorKind))
    try:
        yield
    finally:
        object.__setattr__(action, "roles", kept[0])
        object.__setattr__(action, "kinds", kept[1])


def first_difference(world: World, name: str, scope: str) -> str | None:
    def attempt(who: str, ids: Ids) -> Came:
        return try_action(world, name, world.actors[who], ids)

    mark, actors = MARKS.get(name, ""), (*ROLES, *KINDS)
    found = differences(
        world, name, ACTIONS[name], attempt, actors=actors, mark=mark, scopes=(scope,)
    )
    return next(found, None)


@pytest.mark.parametrize("name", FOR_SOME)
def test_an_action_without_its_check_differs_from_its_cell(world: World, name: str) -> None:
    with contextlib.ExitStack() as stack:
        for each in (name, *INSIDE.get(name, ())):
            stack.enter_context(opened(REGISTERED[each]))
        assert first_difference(world, name, "own") is not None


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("reports", "tips.triage.actions.read_tip"),
        ("reports", "tips.triage.actions.list_tips"),
        ("leads", "tips.triage.actions.read_lead"),
        ("leads", "tips.triage.actions.list_leads"),
        ("referrals", "sharing.referral.actions.read_referral"),
        ("referrals", "sharing.referral.actions.list_referrals"),
        ("release_requests", "sharing.referral.requesting.read_request"),
        ("cases", "police.cases.actions.read_case"),
        ("cases", "police.cases.actions.list_cases"),
        ("cases", "police.evidence.actions.read_exhibit"),
    ],
)
def test_rows_without_their_policy_differ_from_the_cell(
    world: World, table: str, name: str
) -> None:
    with world.database.owner.connect() as db:
        kept = db.execute(
            text(
                "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy"
                " WHERE polrelid = cast(:name AS regclass)"
            ),
            {"name": table},
        ).scalar_one()
    for policy, red in (("true", True), (kept, False)):
        with world.database.owner.begin() as db:
            db.execute(text(f"ALTER POLICY {table}_rows ON {table} USING ({policy})"))
        assert (first_difference(world, name, "other") is not None) == red


@pytest.mark.parametrize("route", STAFF)
def test_a_page_without_its_sign_in_differs_from_its_cell(
    world: World, client: TestClient, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "signed_in", lambda request: CONSOLE)
    assert ask(world, client, route, world.ids).how != "sign-in"


@pytest.mark.parametrize("route", STAFF)
def test_a_page_that_forgets_who_asks_differs_from_its_cell(
    world: World, client: TestClient, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "signed_in", lambda request: CONSOLE)

    def attempt(who: str, ids: Ids) -> Came:
        return ask(world, client, route, ids, who=who)

    cell = ROUTES[route]
    mark = "case"  # any id: a difference is found among those who may not
    found = differences(world, route, cell, attempt, actors=ROLES, mark=mark, scopes=("own",))
    assert cell.who == set(ROLES) or next(found, None) is not None


@pytest.mark.parametrize(
    "name", sorted(n for n, c in COMMANDS.items() if "public" not in c.who and c.who < set(ROLES))
)
def test_a_command_that_forgets_who_types_differs_from_its_cell(
    terminal_of_world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = terminal_of_world
    monkeypatch.setattr(terminal, "acting", lambda node, as_: CONSOLE)
    outsider = next(role for role in ROLES if role not in COMMANDS[name].who)
    assert type_command(world, name, outsider, world.ids).how != "Forbidden"
