"""A refused sign-in costs the same work whoever was named: counted, not timed (N06).

What is counted is all that takes time: each hash with its parameters, and each statement to the
database. A difference in either would be one that a stopwatch finds, given enough attempts.
"""

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import event

from tests.hashing import STRONG, STRONG_NOBODY
from tests.nodes import CONSOLE
from tests.tips.intake.ispws import add_provider
from tests.web.pages import PASSWORD, add_member
from tests.web.test_provider_door import HOME, basic
from tipbridge.foundation.access import passwords
from tipbridge.foundation.access.errors import NotAProvider
from tipbridge.foundation.base.actors import DOORKEEPER, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office import actions as office
from tipbridge.office.errors import SignInRefused
from tipbridge.tips.intake import providers
from tipbridge.web.provider_door import ProviderDoor


class Counting(PasswordHasher):
    """The hasher itself, which also says what it was asked to do."""

    def __init__(self, work: list[str]) -> None:
        super().__init__()
        self._work = work

    def hash(self, password, *, salt=None):
        self._work.append("hash")
        return super().hash(password, salt=salt)

    def verify(self, hash, password):  # noqa: A002 - the library's own name for it
        self._work.append(f"verify {extract_parameters(hash)}")
        return super().verify(hash, password)


@pytest.fixture
def work(node: Node, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    done: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        done.append(statement)

    monkeypatch.setattr(passwords, "_hasher", Counting(done))
    monkeypatch.setattr(passwords, "_NOBODY", STRONG_NOBODY)
    event.listen(node.engine, "before_cursor_execute", note)
    yield done
    event.remove(node.engine, "before_cursor_execute", note)


def test_every_hash_has_the_strength_of_the_library() -> None:
    strong = extract_parameters(PasswordHasher().hash("any"))
    assert extract_parameters(STRONG.hash("any")) == strong == extract_parameters(STRONG_NOBODY)
    assert strong.memory_cost >= 64 * 1024


def cost(work: list[str], attempt: Callable[[], object], refused: type[Exception]) -> list[str]:
    work.clear()
    with pytest.raises(refused):
        attempt()
    return list(work)


def as_provider(node: Node, username: str, password: str) -> Callable[[], object]:
    return lambda: ProviderDoor(node).login(basic(username, password), HOME)


def test_an_unknown_a_wrong_and_a_revoked_credential_of_providers_cost_the_same(
    node: Node, work: list[str]
) -> None:
    add_provider(node)
    add_provider(node, "esp-two", "ended", "pw-2")
    with open_work(node, CONSOLE) as desk:
        providers.revoke_provider(desk, username="ended")
    for attempt in ("first", "again"):  # the first failure of a name, and one that counts on
        unknown = cost(work, as_provider(node, "nobody", "pw-1"), NotAProvider)
        assert len([step for step in unknown if step.startswith("verify")]) == 1, attempt
        assert "hash" not in unknown, "nothing is made that the next attempt finds ready"
        assert cost(work, as_provider(node, "usr123", "no"), NotAProvider) == unknown, attempt
        assert cost(work, as_provider(node, "ended", "pw-2"), NotAProvider) == unknown, attempt
        near = cost(work, as_provider(node, "usr123", "pw-2"), NotAProvider)
        assert near == unknown, "a password that begins right costs no more"


def test_an_unknown_a_wrong_and_an_ended_member_of_staff_cost_the_same(
    node: Node, work: list[str]
) -> None:
    add_member(node, "here", Role.ANALYST)
    add_member(node, "gone", Role.ANALYST)
    with open_work(node, CONSOLE) as desk:
        office.change_staff(
            desk, username="gone", roles=("analyst",), unit="headquarters", active=False
        )

    def sign_in(username: str, password: str) -> Callable[[], object]:
        def attempt() -> None:
            with open_work(node, DOORKEEPER) as work_:
                office.sign_in(work_, username=username, password=password, place=HOME)

        return attempt

    unknown = cost(work, sign_in("nobody", PASSWORD), SignInRefused)
    assert len([step for step in unknown if step.startswith("verify")]) == 1
    assert cost(work, sign_in("here", "wrong-pass-1"), SignInRefused) == unknown
    assert cost(work, sign_in("gone", PASSWORD), SignInRefused) == unknown
