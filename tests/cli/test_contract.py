"""The words that scripts rely on: commands, options, and how a refusal leaves."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tipbridge.__main__ import cli
from tipbridge.cli import main
from tipbridge.cli.errors import EXIT_CODES, FAULT
from tipbridge.foundation.base.errors import Kind
from tipbridge.foundation.node import Node
from tipbridge.knowledge.hashes.files import commands

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
    "demo": {"--scale", "--seed", "--people", "--out"},
}  # fmt: skip


def _commands(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, set[str]]]:
    below = getattr(command, "commands", None)
    if below is None:
        params = getattr(command, "params", [])
        yield (
            " ".join(words),
            {option for each in params for option in (*each.opts, *each.secondary_opts)},
        )
        return
    for name, each in below.items():
        yield from _commands(each, (*words, name))


COMMANDS = dict(_commands(typer.main.get_command(cli)))


@pytest.mark.parametrize("name", CONTRACT)
def test_a_command_of_the_contract_takes_its_options(name: str) -> None:
    assert COMMANDS[name] >= CONTRACT[name]


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_can_answer_a_program(name: str) -> None:
    assert "--json" in COMMANDS[name]


def _run(node: Node, *words: str) -> subprocess.CompletedProcess[str]:
    url = node.engine.url.render_as_string(hide_password=False)
    addresses = {
        "TIPBRIDGE_DATABASE_URL": url,
        "TIPBRIDGE_DATABASE_OWNER_URL": url.replace("_app@", "_owner@"),
    }
    return subprocess.run(
        [sys.executable, "-m", "tipbridge", *words, "--data", node.data],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | addresses,
    )


def test_a_refusal_goes_to_standard_error_in_words_once_with_an_exit_code(node: Node) -> None:
    result = _run(node, "cases", "show", "no-such-case", "--json")
    assert result.returncode == EXIT_CODES[Kind.NOT_FOUND]
    assert result.stdout == ""
    synthetic, refusal = result.stderr.splitlines(keepends=True)
    assert synthetic == SYNTHETIC
    assert refusal.startswith("tipbridge: ")


def test_an_answer_is_all_there_is_on_standard_output(node: Node) -> None:
    result = _run(node, "cases", "list", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == []


def test_a_fault_of_the_program_leaves_with_a_code_that_no_answer_has(monkeypatch, capsys) -> None:
    """A script must not take it for "nothing is known", which is 1."""

    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(main, "configure_logs", lambda **_: None)
    monkeypatch.setattr(commands, "hashed_paths", broken)
    monkeypatch.setattr(sys, "argv", ["tipbridge", "hash", "a"])
    with pytest.raises(SystemExit) as left:
        main.run()
    assert left.value.code == FAULT
    assert FAULT not in {0, 1, *EXIT_CODES.values()}
    told = capsys.readouterr()
    assert "RuntimeError: a fault" in told.err


SYNTHETIC = "tipbridge: a synthetic node; nothing here is real\n"


def test_every_command_on_a_synthetic_node_says_that_nothing_is_real(node: Node) -> None:
    assert _run(node, "cases", "list").stderr == SYNTHETIC


def _tipbridge(*words: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tipbridge", *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"XDG_STATE_HOME": str(folder / "state")},
    )


MAKE = ("--profile", "police", "--node-id", "kr.x", "--name", "X", "--synthetic")


@pytest.mark.parametrize("words", [("up",), ("cases", "list")])
def test_a_folder_that_holds_no_node_stays_as_it_is(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for place in ("none", "empty", "file/below"):
        result = _tipbridge(*words, "--data", tmp_path / place, folder=tmp_path)
        assert result.returncode == EXIT_CODES[Kind.NOT_FOUND]
        assert result.stderr.splitlines()[-1] == (
            f"tipbridge: No node in {tmp_path / place} (make one with 'tipbridge init')."
        )
        assert result.stdout == ""
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty", "file"]


def test_a_node_below_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = _tipbridge("init", "--data", tmp_path / "file" / "x", *MAKE, folder=tmp_path)
    assert result.returncode == EXIT_CODES[Kind.INVALID]
    assert result.stderr == f"tipbridge: {tmp_path / 'file' / 'x'}: Not a directory.\n"


def test_a_folder_without_a_node_is_a_refusal_in_words(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tipbridge", "cases", "list", "--data", tmp_path / "none"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode != 0
    assert not result.stdout
    assert result.stderr.startswith("tipbridge: ")
