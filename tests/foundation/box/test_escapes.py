"""Every way out is tried from inside, behind both kinds of walls, and shown to be one outside."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.foundation.box.boxes import X32, task, value_of
from tipbridge.foundation.box import probes, selftest
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Failed, Reason, Walls
from tipbridge.foundation.box.pool import Box
from tipbridge.foundation.box.probes import DENIED, PROBES, TRY_ALL

TOP = Path(__file__).resolve().parents[3]
HARMLESS_OUTSIDE = frozenset({
    "open a file to read", "open a file to write", "open a folder", "open a path only",
    "look at a file", "ask whether a file is there", "read a link", "go to a folder",
    "change rights", "own environment by proc", "own memory by proc", "descriptors by proc",
    "fork", "fork and share", "start a thread", "signal the parent", "hold the parent",
    "compare with the parent", "change own priority", "change own processors", "wake up later",
    "ask to be signalled", "TCP", "UDP", "local socket", "pair of sockets", "netlink",
    "another personality", "file in memory", "memory to run", "memory to share", "another pipe",
    "another name for a descriptor", "events", "watch files", "a clock's descriptor",
    "open a device", "descriptors left open", "the node's environment",
})  # fmt: skip
OUTSIDE = """
import json, os, sys
from tipbridge.foundation.box import probes
bait = probes.Bait(path=sys.argv[1], parent=os.getppid(), names=frozenset())
found = {}
for name in json.loads(sys.argv[2]):
    me = os.getpid()
    found[name] = probes.attempt(name, bait)
    if os.getpid() != me:
        os._exit(0)
print(json.dumps(found))
"""


def try_one(box: Box, name: str) -> object:
    arguments = {
        "path": probes.__file__,
        "parent": os.getpid(),
        "names": sorted(selftest.environment_names()),
        "only": [name],
    }
    return value_of(box.run(TRY_ALL, b"", arguments=arguments))


def test_there_are_more_than_a_hundred_ways_out_to_try() -> None:
    assert len(PROBES) > 100


@pytest.mark.parametrize("name", PROBES)
def test_each_way_out_is_denied_in_a_fork_of_its_own(plain_box: Box, name: str) -> None:
    assert try_one(plain_box, name) == {name: DENIED}


def test_every_way_out_is_denied_at_the_start_behind_both_kinds_of_walls(box: Box) -> None:
    assert dict(box.status.probes) == dict.fromkeys(PROBES, DENIED)


def test_the_older_numbers_of_system_calls_end_the_process(box: Box) -> None:
    assert box.run(X32, b"") == Failed(reason=Reason.KILLED, detail="SIGSYS")


def test_what_is_harmless_outside_works_there_so_the_probes_are_real(tmp_path: Path) -> None:
    bait = tmp_path / "bait"
    bait.write_bytes(b"bait")
    done = subprocess.run(
        [sys.executable, "-c", OUTSIDE, str(bait), json.dumps(sorted(HARMLESS_OUTSIDE))],
        capture_output=True, text=True, check=True, cwd=TOP,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found == dict.fromkeys(HARMLESS_OUTSIDE, "escaped")


def test_a_probe_that_escapes_closes_the_box(
    plain_box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(selftest.probes.PROBES, "a way that nobody denies", lambda _: None)
    with pytest.raises(BoxClosed, match="a way that nobody denies: no answer"):
        selftest.prove(plain_box, plain_box.status)


def test_an_escape_is_named(plain_box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selftest, "environment_names", frozenset)
    with pytest.raises(BoxClosed, match="the node's environment: escaped"):
        selftest.prove(plain_box, plain_box.status)


def test_nothing_of_the_node_stands_in_the_environment(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIPBRIDGE_FILING_PASSWORD", "secret")
    found = value_of(box.run(task("environment"), b""))
    assert set(found) <= selftest.environment_names()


@pytest.mark.skipif(os.geteuid() != 0, reason="root: there is no other user to become")
def test_a_box_of_root_is_nobody_inside(box: Box) -> None:
    assert 0 not in value_of(box.run(task("who"), b""))
    assert box.status.uid_dropped


def test_the_walls_are_told(box: Box) -> None:
    assert box.status.walls in Walls
    assert dataclasses.asdict(box.status)["passed_over"] == ""
