"""The mark of a call, by which a client tells its answer from an older one."""

import pytest

from tests.tips.intake.ispws import add_provider, client, serving


@pytest.fixture
def esp(node):
    add_provider(node)
    with serving(node) as address, client(address) as found:
        yield found


@pytest.mark.parametrize(
    ("mark", "repeated"), [("0f" * 16, True), ("0F" * 16, False), ("x", False)]
)
def test_the_mark_of_a_call_is_repeated_and_nothing_else(esp, mark, repeated):
    for answer in (
        esp.get("/status", headers={"tipbridge-call": mark}),
        esp.post("/finish", data={"id": "1"}, headers={"tipbridge-call": mark}),
    ):
        assert (answer.headers.get("tipbridge-call") == mark) == repeated
