"""The general tools are silent about this house; `make check` runs the same ones."""

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "--quiet", "--output-format", "concise", "."),
        ("ruff", "format", "--check", "--quiet", "."),
        ("basedpyright", "--level", "error"),
    ],
    ids=["rules", "layout", "types"],
)
def test_the_house_is_clean(command: tuple[str, ...]) -> None:
    program, *options = command
    result = subprocess.run(
        [BIN / program, *options], cwd=TOP, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-1000:]


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("dev", "runtime"):
        text = (TOP / "requirements" / f"{name}.lock").read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
