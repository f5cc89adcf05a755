"""The demo leaves nothing behind, however it is ended."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.watching import command_lines, parent_of, processes_in, until


def test_a_demo_that_is_told_to_end_ends_its_nodes_and_removes_their_folder():
    demo = subprocess.Popen(
        [sys.executable, "-m", "tipbridge", "demo", "--scale", "small"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout is not None
        folder = until(lambda: _folder_of_a_node(demo.pid))
        until(lambda: list(folder.rglob("postmaster.pid")))
        assert len(processes_in(folder)) > 1
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(60) == 1
    finally:
        demo.terminate()
        demo.communicate()
    assert not folder.exists()
    assert until(lambda: not processes_in(folder)), "what was ending has ended"


def _folder_of_a_node(parent: int) -> Path | None:
    """The demo's folder, once a node of it runs."""
    for pid, line in command_lines().items():
        if parent_of(pid) == parent and "--data" in line:
            return Path(line[line.index("--data") + 1]).parents[1]
    return None
