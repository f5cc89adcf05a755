"""A node and its worker begin and end together, whoever of them is killed, and when."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.watching import begun_at, command_lines, parent_of, processes_in, until
from tipbridge.demo.nodes import free_ports
from tipbridge.foundation.node import Profile, make_node
from tipbridge.foundation.storage.launcher import halt_server


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tbu-", dir="/tmp"))
    folder.chmod(0o711)  # the server's own account must pass through
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    monkeypatch.setenv("STATE_DIRECTORY", str(folder / "servers"))
    make_node(
        folder / "node",
        node_id="us.clearing",
        name="Clearinghouse",
        profiles=frozenset({Profile.CLEARINGHOUSE}),
        synthetic=True,
    )
    yield folder / "node"
    halt_server(folder / "node")
    shutil.rmtree(folder)


@contextmanager
def node_up(data: Path) -> Generator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tipbridge", "up", "--data", str(data)]
    with subprocess.Popen(
        [*command, "--port", str(free_ports(1)[0])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as node:
        try:
            yield node
        finally:
            node.kill()


def wait_ready(node: subprocess.Popen[str]) -> None:
    assert node.stdout is not None
    assert node.stdout.readline().startswith("ready ")


def children_of(pid: int) -> set[int]:
    return {child for child in command_lines() if parent_of(child) == pid}


def test_a_worker_that_was_just_started_again_ends_with_its_killed_node(data: Path) -> None:
    with node_up(data) as node:
        wait_ready(node)
        (worker,) = children_of(node.pid)
        os.kill(worker, signal.SIGKILL)
        fresh = until(lambda: children_of(node.pid) - {worker}, pause=0.005)
        node.kill()
        node.wait()
        until(lambda: not fresh & set(command_lines()))
        assert not any("postgres" not in line[0] for line in processes_in(data))


def test_a_worker_killed_before_it_began_is_started_again(data: Path) -> None:
    with node_up(data) as node:
        until((data / "up.lock").exists, pause=0.005)  # it is forked just before that
        worker = min(children_of(node.pid), key=begun_at)  # whatever else runs began later
        os.kill(worker, signal.SIGKILL)
        wait_ready(node)
        until(lambda: children_of(node.pid) - {worker})
        node.terminate()
        _, said = node.communicate(timeout=60)
    assert node.returncode == 0
    assert "worker ended and is started again" in said
    assert processes_in(data.parent) == []


def test_a_ctrl_c_ends_both_without_a_word(data: Path) -> None:
    left = data / "sealing/of-a-bundle-being-sent/data"
    left.mkdir(parents=True)
    with node_up(data) as node:
        wait_ready(node)
        assert not left.exists(), "what a killed node left is taken away before its pages open"
        os.killpg(node.pid, signal.SIGINT)
        _, said = node.communicate(timeout=60)
    assert said == "tipbridge: a synthetic node; nothing here is real\n"
    assert node.returncode == 0
    assert processes_in(data.parent) == []
