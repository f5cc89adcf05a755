"""The public hash-sharing client against a node's interface, over HTTP."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest
import uvicorn

from tests.knowledge.hashes.lists import listed
from tests.knowledge.hashsharing.sharing import MD5, PASSWORD, PDQ, enrol, image
from tests.nodes import CONSOLE
from tipbridge.app import build_app
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashsharing import actions

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / "build" / "clients"
GUID = "7b1d9a52-0000-4000-8005-000000000002"
MANY = 1200


@pytest.fixture(scope="session")
def packages() -> Path:
    """The client and what it imports, installed once for this lock, beside our own packages.

    Its other requirements (an index for near matches, image libraries) are 200 MB that the
    client itself never imports; they are left out.
    """
    lock = HERE / "requirements.lock"
    folder = CACHE / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            pip = (sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check")
            only = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "--platform", "any")
            subprocess.run([*pip, *only, "--target", making, "-r", lock], check=True, timeout=120)
            making.rename(folder)
    return folder


@contextlib.contextmanager
def serving(node) -> Generator[str]:
    """The address of a server with everything that this node opens."""
    config = uvicorn.Config(build_app(node), log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def test_the_public_client_reads_pages_and_votes(node, packages: Path) -> None:
    one, two = enrol(node, "esp-one", "esp-two")
    one.submit(image("a", more=f"<pdq>{PDQ}</pdq>", after="<classification>B2</classification>"))
    one.submit("<video><id>v</id><fingerprints><md5>" + MD5 + "</md5></fingerprints></video>")
    one.submit("<deletedVideo><id>v</id></deletedVideo>")
    listed(node, "known", *(hashlib.sha1(b"%d" % number).hexdigest() for number in range(MANY)))
    with open_work(node, CONSOLE) as work:
        actions.publish_list(work, name="known", kind="image")
    with serving(node) as address:
        done = subprocess.run(
            [sys.executable, "-I", "-c", LOADED, str(packages), HERE / "threatexchange_client.py",
             f"{address}/hashsharing", "esp-two", PASSWORD, GUID],
            capture_output=True, text=True, timeout=60, check=False,
            env={"PATH": os.environ["PATH"], "TZ": "UTC", "NO_PROXY": "*"},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["me"] == [two.member, "esp-two"]
    assert said["members"] == [
        [1, node.settings.name],
        [one.member, "esp-one"],
        [two.member, "esp-two"],
    ]
    assert (said["pages"], said["estimated"]) == ([1000, MANY - 998], MANY + 1)
    assert len({each["id"] for each in said["entries"]}) == MANY + 2
    assert said["resumed"] == [each["id"] for each in said["entries"][1000:]]
    first = said["entries"][0]
    assert first == {
        "id": "a",
        "member": one.member,
        "type": "image",
        "deleted": False,
        "classification": "B2",
        "fingerprints": {"md5": MD5, "pdq": PDQ},
        "feedback": {},
    }
    assert [each["id"] for each in said["entries"] if each["deleted"]] == ["v"]
    (again,) = said["later"]
    assert again["feedback"] == {
        "Md5": [["upvote", "esp-two", ""]],
        "Pdq": [["downvote", "esp-two", "The fingerprint matches other files"]],
    }


LOADED = """
import runpy, sys
sys.path.insert(0, sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
