"""The box of a node: as its settings want it, checked by hand and at every start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from tipbridge import up
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.box import bubblewrap, probes
from tipbridge.foundation.box.cache import own_cache_folder
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Plan, Walls
from tipbridge.foundation.box.pool import open_box
from tipbridge.foundation.node import Profile, load_settings, make_node


@pytest.fixture
def data(tmp_path: Path) -> Path:
    make_node(
        tmp_path / "node",
        node_id="us.clearing",
        name="Clearinghouse",
        profiles=frozenset({Profile.CLEARINGHOUSE}),
        synthetic=True,
    )
    return tmp_path / "node"


def set_to(data: Path, line: str) -> None:
    with (data / "tipbridge.toml").open("a") as settings:
        settings.write(line + "\n")


def check(data: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tipbridge", "box", "check", "--data", str(data), "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=changes or None)


def test_the_command_names_the_walls_and_counts_what_was_denied(data: Path) -> None:
    set_to(data, 'box_walls = "kernel"')
    done = check(data)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["walls"], told["denied"]) == ("kernel", len(probes.PROBES))


def test_walls_that_the_operator_demands_and_that_are_not_there_close_the_box(data: Path) -> None:
    set_to(data, 'box_walls = "bubblewrap"')
    done = check(data, PATH="/nowhere")
    assert done.returncode == 9
    assert "bwrap is not installed" in done.stderr


def test_settings_make_the_plan(data: Path) -> None:
    assert load_settings(data).plan_box(tasks=("a.b:c",)) == Plan(tasks=("a.b:c",))
    set_to(data, 'box_walls = "kernel"\nbox_at_once = 5')
    plan = load_settings(data).plan_box(tasks=())
    assert (plan.walls, plan.at_once) == (Walls.KERNEL, 5)
    with pytest.raises(Invalid, match="box_walls"):
        set_to(data, "")
        (data / "tipbridge.toml").write_text(
            (data / "tipbridge.toml").read_text().replace('"kernel"', '"none"')
        )
        load_settings(data)


def test_without_bubblewrap_the_walls_of_the_kernel_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bubblewrap, "PROGRAM", "no-such-program")
    with open_box(Plan(tasks=())) as opened:
        assert opened.status.walls is Walls.KERNEL
        assert opened.status.passed_over == "bwrap is not installed"


def test_bubblewrap_that_can_not_make_its_namespaces_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "program", lambda: str(program))
    with open_box(Plan(tasks=())) as opened:
        assert opened.status.walls is Walls.KERNEL
        assert "No permissions to create new namespace" in opened.status.passed_over
    with pytest.raises(BoxClosed, match="No permissions to create"):
        open_box(Plan(tasks=(), walls=Walls.BUBBLEWRAP))


def test_a_worker_says_that_its_box_is_closed_and_why(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    structlog.reset_defaults()
    with capture_logs() as said:
        up._prove_box(load_settings(data))
        assert said == []
        monkeypatch.setitem(probes.PROBES, "a way that nobody denies", lambda _: None)
        up._prove_box(load_settings(data))
    assert said[0]["log_level"] == "error"
    assert "a way that nobody denies" in said[0]["why"]


def test_compiled_code_is_kept_where_nobody_else_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "tipbridge" / "compiled"
    assert own_cache_folder() == str(folder)
    folder.chmod(0o770)
    assert own_cache_folder() is None
    folder.rmdir()
    folder.symlink_to(tmp_path)
    assert own_cache_folder() is None
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert own_cache_folder() is None
