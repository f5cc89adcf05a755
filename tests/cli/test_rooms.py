"""A command imports the room whose word was typed, not all of them."""

import json
import subprocess
import sys

import pytest

from tipbridge.cli.rooms import LODGERS

_ASK = """
import json, sys
from typer.main import get_command
from tipbridge.cli.main import cli
command = get_command(cli).commands[sys.argv[1]]
rooms = {name.split(".")[1] for name in sys.modules if name.startswith("tipbridge.")}
print(json.dumps({"below": list(command.commands), "rooms": list(rooms)}))
"""
_ROOMS = {"bulletin", "demo", "knowledge", "police", "sharing", "tips"}


@pytest.mark.parametrize(
    ("word", "rooms"),
    [
        ("staff", set[str]()),
        ("law", {"knowledge"}),
        ("providers", {"knowledge", "tips"}),
        ("peers", {"knowledge", "sharing"}),
        ("cases", {"knowledge", "police", "sharing", "tips"}),
    ],
)
def test_a_word_imports_no_room_that_its_own_does_not_build_on(word: str, rooms: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ASK, word], capture_output=True, text=True, check=True
    )
    asked = json.loads(done.stdout)

    assert set(asked["rooms"]) & _ROOMS == rooms
    assert set(LODGERS.get(word, ())) <= set(asked["below"])
