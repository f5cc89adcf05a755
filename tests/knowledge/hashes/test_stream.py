"""Look-ups over HTTP go on while lists are imported, activated, rebuilt and swapped."""

import subprocess
import sys

import httpx2
import pytest

from tests.knowledge.hashes.lists import events, opened
from tests.knowledge.hashes.publishing import publish
from tests.knowledge.hashes.swapping import LIST, LONGEST_GAP_SECONDS, PATH, swapped
from tests.tips.intake.ispws import add_provider
from tests.web.chromium import served
from tipbridge.app import build_app
from tipbridge.foundation.node import Node

SWAPS, THREADS, ROWS, PAUSE_SECONDS = 2, 8, 5_100, 0.1


@pytest.fixture
def busy(monkeypatch, make_node) -> Node:
    """A node that lets one provider ask as much as it likes, and that others may open."""
    monkeypatch.setenv("TIPBRIDGE_MATCH_ITEMS_PER_MINUTE", "1000000000")
    node = make_node()
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    return node


def test_no_answer_is_late_or_wrong_while_lists_are_imported_activated_and_rebuilt(busy) -> None:
    """The short form; `make match-engine` does it to a node as it runs, with ten million hashes."""
    publish(busy, opened(busy, LIST), 1, ROWS)
    add_provider(busy)
    command = [sys.executable, "-m", publish.__module__, str(busy.data), str(ROWS)]
    with (
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as beside,
        served(build_app(busy)) as address,
    ):
        assert beside.stdin is not None
        assert beside.stdout is not None
        said, asked = beside.stdout, beside.stdin

        def have_published(version: int) -> None:
            print(version, file=asked, flush=True)
            assert said.readline() == f"published {version}\n"

        httpx2.post(  # the credential is proven once, and the engine warm
            f"{address}{PATH}", json={"items": [{"md5": "0a" * 16}]}, auth=("usr123", "pw-1")
        ).raise_for_status()
        report = swapped(address, have_published, swaps=SWAPS, threads=THREADS, pause=PAUSE_SECONDS)
        asked.close()
    assert report.longest_gap_seconds < LONGEST_GAP_SECONDS
    assert len(events(busy, "hashes.digests.answered")) == report.requests + 1
