"""`make bench` says which claims hold; one that was not measured is not among them."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import __main__ as bench
from bench import asked
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


def test_the_bounds_of_examining_are_those_asked_and_what_falls_short_breaks_the_bench(
    monkeypatch, capsys
) -> None:
    assert (asked.DFVFS, asked.RECOVER_AND_HASHDEEP, asked.FOLDER) == (1.3, 3.5, 1.05)
    assert (asked.PYEWF, asked.LIBEWF) == (4.0, 1.5)
    root = Path(bench.__file__).parent
    for name, times in (("images", 5), ("seizure", 1)):
        bounds = re.findall(r"(?:least|most)=([\w.]+)", (root / f"{name}.py").read_text())
        assert sum(each.startswith("asked.") for each in bounds) == times
    assert not re.search(r"(?:least|most)=[0-9]", (root / "images.py").read_text())
    measured = Measured(words="dfVFS / ours", ratio=1.27, least=asked.DFVFS)
    monkeypatch.setattr(
        bench, "subject", lambda _: SimpleNamespace(measure=lambda _: iter([measured]))
    )
    assert bench.main(["images"]) == 1
    assert "(at least 1.3)  BROKEN" in capsys.readouterr().out
