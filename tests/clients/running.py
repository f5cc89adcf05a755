"""A clearinghouse started as an operator starts it, by its commands alone."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

TIPBRIDGE = str(Path(sys.executable).parent / "tipbridge")
USERNAME, PASSWORD = "usr123", "correct horse battery"


def command(data: Path, *words: str, given: str = "") -> str:
    """Run one command on a node and return what it prints."""
    done = subprocess.run(
        [TIPBRIDGE, *words, "--data", str(data)],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def clearinghouse(data: Path) -> Generator[str]:
    """The address of a synthetic clearinghouse with one provider, up until the block ends."""
    command(
        data, "init", "--profile", "clearinghouse", "--node-id", "us.clearing",
        "--name", "Test clearinghouse", "--synthetic",
    )  # fmt: skip
    command(
        data, "providers", "add", "--name", "esp-one", "--username", USERNAME,
        "--password-stdin", given=f"{PASSWORD}\n",
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [TIPBRIDGE, "up", "--data", str(data), "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=dict(os.environ),
    ) as running:
        try:
            assert running.stdout is not None
            first = running.stdout.readline().strip()
            assert first == f"ready http://127.0.0.1:{port}", first
            yield f"http://127.0.0.1:{port}"
        finally:
            running.send_signal(signal.SIGTERM)
            assert running.wait(60) == 0
