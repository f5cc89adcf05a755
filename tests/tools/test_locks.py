"""The locks name what is installed by its hash, never by where it came from."""

import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    names = (
        "requirements/dev",
        "requirements/runtime",
        "requirements/ray",
        "bench/requirements",
        "bench/vpdq",
    )
    for name in (*names, "tests/clients/requirements"):
        text = (TOP / f"{name}.lock").read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text


def pins(name: str) -> set[str]:
    """The name==version lines of a lock."""
    return set(re.findall(r"^([\w.-]+==[\w.]+)", (TOP / f"{name}.lock").read_text(), re.MULTILINE))


def test_the_bench_measures_what_the_product_runs_on() -> None:
    """Its environment holds every library of the product, in the same version."""
    assert len(pins("requirements/runtime")) > 50
    assert not pins("requirements/runtime") - pins("bench/requirements")


def test_ray_stands_beside_what_everything_else_runs_on() -> None:
    """Its environment is the one of the tests, in the same versions, with Ray."""
    assert not pins("requirements/dev") - pins("requirements/ray")
    assert any(pin.startswith("ray==") for pin in pins("requirements/ray"))
