"""The locks name what is installed by its hash, never by where it came from."""

from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements/dev", "requirements/runtime", "tests/clients/requirements"):
        text = (TOP / f"{name}.lock").read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
