"""The words that scripts rely on: commands, options, and how a refusal leaves."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tipbridge.cli.main import cli

SILENT = {"up", "worker", "demo"}
"""They run until they are ended, and say how far they are."""

CONTRACT = {
    "init": {"--data", "--profile", "--node-id", "--name", "--synthetic"},
    "up": {"--data", "--port"},
    "providers add": {"--data", "--name", "--username", "--password-stdin"},
    "staff add": {"--data", "--username", "--role", "--unit", "--password-stdin"},
    "peers card": {"--data"},
    "peers add": {"--data", "--url"},
    "agreements add": {"--data"},
    "clock set": {"--data"},
    "tips list": {"--data"},
    "tips show": {"--data"},
    "referrals list": {"--data"},
    "referrals show": {"--data"},
    "cases list": {"--data"},
    "cases show": {"--data"},
    "leads add": {"--data"},
    "exhibits add": {"--data"},
    "exhibits examine": {"--data"},
    "exhibits show": {"--data"},
    "bulletin show": {
        "--data", "--from", "--to", "--view", "--format", "--language", "--out",
    },
    "audit verify": {"--data"},
}  # fmt: skip


def _commands(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    below = getattr(command, "commands", None)
    if below is None:
        params = getattr(command, "params", [])
        yield " ".join(words), {option for each in params for option in each.opts}
        return
    for name, each in below.items():
        yield from _commands(each, (*words, name))


COMMANDS = dict(_commands(typer.main.get_command(cli)))


@pytest.mark.parametrize("name", CONTRACT)
def test_a_command_of_the_contract_takes_its_options(name: str) -> None:
    assert COMMANDS[name] >= CONTRACT[name]


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - SILENT))
def test_every_command_can_answer_a_program(name: str) -> None:
    assert "--json" in COMMANDS[name]


def test_a_refusal_goes_to_standard_error_with_an_exit_code(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tipbridge.cli.main", "cases", "list", "--data", tmp_path / "none"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert not result.stdout
    assert result.stderr.startswith("tipbridge: ")
    assert "Traceback" not in result.stderr
