"""The box where it is harder to stand: an ordinary user, a container's root without rights, and
with one wall of the two missing."""

import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tipbridge.foundation.box import bubblewrap, landlock, probes
from tipbridge.foundation.box.model import Walls
from tipbridge.foundation.box.probes import DENIED, PROBES

TOP = Path(__file__).resolve().parents[3]
AS_ROOT = os.geteuid() == 0
OPEN = """
import json, os, sys
sys.path[:0] = json.loads(sys.argv[1])
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Limits, Plan, Walls
from tipbridge.foundation.box.pool import open_box
task = "tests.foundation.box.tasks:"
walls = Walls(sys.argv[2]) if sys.argv[2] else None
try:
    with open_box(Plan(tasks=(task + "who", task + "take_memory"), walls=walls)) as box:
        limits = Limits()
        print(json.dumps({
            "walls": box.status.walls,
            "passed_over": box.status.passed_over,
            "denied": len(box.status.probes),
            "who": box.run(task + "who", b"").value,
            "memory": box.run(task + "take_memory", b"", arguments={"mebibytes": 513}).reason,
            "us": os.geteuid(),
        }))
except BoxClosed as error:
    print(json.dumps({"closed": error.public}))
"""
ONE_WALL = """
import json, os, sys
from tipbridge.foundation.box import landlock, probes, seccomp
{close}
bait = probes.Bait(path=probes.__file__, parent=os.getppid(), names=frozenset())
print(json.dumps({{name: probes.attempt(name, bait) for name in {names}}}))
"""
FILES_BY_LANDLOCK = (
    "open a file to read", "open a file to write", "open a folder", "make a file", "make a folder",
    "make a link", "own environment by proc", "own memory by proc",
)  # fmt: skip


def search_path() -> list[str]:
    return [str(TOP), *(path for path in sys.path if path and Path(path).is_dir())]


def interpreter_of_anybody() -> str:
    """An interpreter of our version that user nobody can start."""
    for candidate in (sys.executable, shutil.which("python3", path=os.defpath)):
        if candidate is None:
            continue
        says = f"import sys; print(sys.version_info[:2] == {sys.version_info[:2]})"
        try:
            tried = subprocess.run(
                [candidate, "-c", says], user="nobody", capture_output=True, text=True, check=False
            )
        except PermissionError:
            continue
        reads = subprocess.run(
            ["test", "-r", probes.__file__], user="nobody", capture_output=True, check=False
        )
        if tried.stdout.strip() == "True" and reads.returncode == 0:
            return candidate
    return pytest.skip("no interpreter of this version that user nobody can reach")


def opened(command: list[str], walls: str, **how: Any) -> dict:
    done = subprocess.run(
        [*command, "-c", OPEN, json.dumps(search_path()), walls],
        capture_output=True, text=True, check=False, cwd="/", **how,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(not AS_ROOT, reason="root: only root can become another user")
@pytest.mark.parametrize("walls", list(Walls))
def test_an_ordinary_user_has_the_same_box(walls: Walls) -> None:
    if walls is Walls.BUBBLEWRAP and bubblewrap.program() is None:
        pytest.skip("bubblewrap is not installed here")
    command = [interpreter_of_anybody()]
    found = opened(command, walls, user="nobody", group="nogroup", extra_groups=[])
    if walls is Walls.BUBBLEWRAP and "namespace" in found.get("closed", ""):
        pytest.skip(f"bubblewrap can't make its namespaces here: {found['closed']}")
    nobody = pwd.getpwnam("nobody").pw_uid
    assert (found["walls"], found["us"], found["who"][0]) == (walls, nobody, nobody)
    assert (found["denied"], found["memory"]) == (len(PROBES), "out-of-memory")


@pytest.mark.skipif(not AS_ROOT, reason="root: only root has rights to give up")
def test_a_root_without_rights_or_namespaces_falls_back_and_is_held() -> None:
    """As in a container started with every capability dropped."""
    bare = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]
    script = "import os, sys; os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    found = opened([*bare, sys.executable, "-c", NO_NAMESPACES + script], "")
    assert (found["walls"], found["us"]) == (Walls.KERNEL, 0)
    assert found["passed_over"]
    assert (found["denied"], found["memory"]) == (len(PROBES), "out-of-memory")


NO_NAMESPACES = """
import ctypes, errno, struct
from tipbridge.foundation.box import linux, seccomp
refuse = seccomp._line(seccomp._RETURN, 0x50000 | errno.EPERM)
lines = [seccomp._line(seccomp._LOAD, 0)]
for number in (165, 272):  # mount, unshare
    lines += seccomp._on(number, [refuse])
lines.append(seccomp._PASS)
program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
linux.call(317, 1, 0, struct.pack("=HxxxxxxQ", len(lines), ctypes.addressof(program)))
"""


def behind_one_wall(close: str, names: tuple[str, ...]) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", ONE_WALL.format(close=close, names=names)],
        capture_output=True, text=True, check=True, cwd=TOP,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_the_filter_alone_denies_everything_that_is_no_state() -> None:
    names = tuple(name for name in PROBES if name not in probes.STATE)
    found = behind_one_wall("seccomp.close_calls()", names)
    assert found == dict.fromkeys(names, DENIED)


@pytest.mark.skipif(landlock.version() == 0, reason="the kernel has no Landlock")
def test_landlock_alone_denies_files_and_from_its_fourth_version_tcp() -> None:
    found = behind_one_wall("landlock.close_files(landlock.version())", FILES_BY_LANDLOCK)
    assert found == dict.fromkeys(FILES_BY_LANDLOCK, DENIED)
