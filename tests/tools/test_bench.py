"""`make bench` says which claims hold; one that was not measured is not among them."""

from types import SimpleNamespace

import pytest

from bench import __main__ as bench
from bench.claims import Measured, Unmeasured

HOLDS = Measured(words="one / other", ratio=2.0, least=1.5)
BROKEN = Measured(words="one / other", ratio=1.0, least=1.5)
NONE = Unmeasured(words="one / other", why="the other is not installed")


@pytest.mark.parametrize(
    ("claims", "code"),
    [((HOLDS,), 0), ((HOLDS, BROKEN), 1), ((HOLDS, NONE), 3), ((NONE, BROKEN, NONE), 1)],
)
def test_the_exit_code_says_whether_all_claims_were_measured_and_hold(
    monkeypatch, capsys, claims, code
) -> None:
    monkeypatch.setattr(bench, "subject", lambda _: SimpleNamespace(measure=lambda _: claims))
    assert bench.main(["sealing"]) == code
    told = capsys.readouterr().out
    assert told.count("NOT MEASURED") == claims.count(NONE)
    assert ("the other is not installed" in told) == (NONE in claims)
    assert bench.main(["no-such-subject"]) == 2
