"""A node as an operator runs it: `tipbridge up`, with its worker, in a folder of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.nodes import CONSOLE
from tests.tips.intake.ispws import add_provider
from tipbridge.demo.nodes import free_ports
from tipbridge.foundation.node import Node, Profile, make_node, open_node
from tipbridge.foundation.storage.engine import open_database, open_engine
from tipbridge.foundation.storage.launcher import halt_server

__all__ = ["CONSOLE", "Upped", "upped"]


@dataclass(frozen=True, kw_only=True)
class Upped:
    """The running program: its address and process, and the node as staff's commands see it."""

    address: str
    process: "subprocess.Popen[str]" = field(repr=False)
    node: Node = field(repr=False)

    def resident_bytes(self) -> int:
        """How much memory the web server's process holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        (kilobytes,) = (row.split()[1] for row in status.splitlines() if row.startswith("VmRSS"))
        return int(kilobytes) * 1024


@contextmanager
def upped(**settings: str) -> Generator[Upped]:
    """A clearinghouse that runs, with the providers `esp-one` and `esp-two`.

    Shape: `settings` are environment variables of the program without `TIPBRIDGE_`.
    """
    folder = Path(tempfile.mkdtemp(prefix="tbu-", dir="/tmp"))
    folder.chmod(0o711)  # the server's own account must pass through
    places = {"XDG_STATE_HOME": f"{folder}/state", "STATE_DIRECTORY": f"{folder}/servers"}
    before = {name: os.environ.get(name) for name in places}
    os.environ.update(places)
    chosen = {f"TIPBRIDGE_{name.upper()}": value for name, value in settings.items()}
    data, port = folder / "node", free_ports(1)[0]
    command = [sys.executable, "-m", "tipbridge", "up", "--data", str(data), "--port", str(port)]
    try:
        make_node(
            data,
            node_id="us.clearing",
            name="Clearinghouse",
            profiles=frozenset({Profile.CLEARINGHOUSE}),
            synthetic=True,
        )
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, env={**os.environ, **chosen}, text=True
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline().startswith("ready ")
                with _as_staff(data) as node:
                    add_provider(node)
                    add_provider(node, "esp-two", "usr456", "pw-2")
                    yield Upped(address=f"http://127.0.0.1:{port}", process=process, node=node)
                process.terminate()
                process.wait(60)
            finally:
                process.kill()
    finally:
        halt_server(data)
        shutil.rmtree(folder)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextmanager
def _as_staff(data: Path) -> Generator[Node]:
    server = open_database(data)
    engine = open_engine(server.app_url)
    try:
        yield open_node(data, engine)
    finally:
        engine.dispose()
        server.stop()
