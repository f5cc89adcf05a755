"""A list of ten million is loaded, rebuilt and swapped at a node as it is run, and eight ask.

Everything is the product's: `tipbridge up` with its worker serves; `tipbridge lists import` and
`activate` are typed by two members of staff; the worker builds the files and compares what was
reported before with each new version; providers ask over HTTP, signed in and recorded.
"""

import json
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.knowledge.hashes.lists import events, opened
from tests.knowledge.hashes.swapping import (
    LIST,
    LONGEST_GAP_SECONDS,
    PATH,
    Report,
    lines_of,
    swapped,
)
from tests.nodes import add_staff
from tests.tips.intake.ispws import client, code, open_report, upload
from tests.upped import Upped, upped
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.knowledge.hashes.indexes import FOLDER, MANIFEST

THREADS, PAUSE_SECONDS = 8, 0.02
SHARE_ANEW = 80
"""One row in so many is new in each version: more than stands beside, so that all is built anew."""


def swapped_at_a_node(folder: Path, count: int, swaps: int, reports: int) -> str:
    """The proof; a wrong answer, a gap of two seconds or a version not built anew ends it."""
    with upped(match_items_per_minute="1000000000") as house:
        node = house.node
        importer, activator = opened(node, LIST), add_staff(node, Role.ANALYST)
        _report(house, reports)

        def publish(version: int, fresh: int = count // SHARE_ANEW + 1) -> None:
            begun = monotonic_seconds()
            file = folder / "list"
            with file.open("w", encoding="ascii") as out:
                out.writelines(f"{line}\n" for line in lines_of(version, fresh))
            for words in (
                ("import", LIST, str(file), "--as", importer.name),
                ("activate", LIST, "--as", activator.name),
            ):
                _typed(house, *words)
            took = monotonic_seconds() - begun
            print(f"version {version} imported and activated in {took:.0f} s", flush=True)

        publish(1, fresh=count)
        _until_known(house)
        report = swapped(
            house.address, publish, swaps=swaps, threads=THREADS, pause=PAUSE_SECONDS, tell=_tell
        )
        compared = events(node, "enrichment.list.compared")
        assert _built_anew(house) == swaps + 1
    assert report.longest_gap_seconds < LONGEST_GAP_SECONDS, report.longest_gap_seconds
    assert sum(int(str(each.facts["reports"])) for each in compared) >= swaps * reports
    return (
        f"{report.lookups} look-ups in {report.requests} requests of {THREADS} threads during"
        f" {swaps} imports, activations, rebuilds and swaps of {count} hashes and"
        f" {len(compared)} comparisons with {reports} reports: 0 wrong, longest gap"
        f" {report.longest_gap_seconds:.2f} s"
    )


def _tell(version: int, report: Report) -> None:
    """How it stands, for somebody who waits."""
    print(
        f"version {version} answers: {report.lookups} look-ups, longest gap"
        f" {report.longest_gap_seconds:.2f} s",
        flush=True,
    )


def _typed(house: Upped, *words: str) -> None:
    """A command as staff type it, in a process of its own."""
    command = [sys.executable, "-m", "tipbridge", "lists", *words, "--data", str(house.node.data)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _report(house: Upped, reports: int) -> None:
    """Reports with a file each, which every new version is compared with."""
    with client(house.address) as esp:
        for number in range(reports):
            report_id = open_report(esp)
            assert code(upload(esp, report_id, f"synthetic file {number}".encode())) == 0
            assert code(esp.post("/finish", data={"id": report_id})) == 0


def _until_known(house: Upped) -> None:
    """Ask until the worker has built the first version; the credential is proven meanwhile."""
    kept = next(line for line in lines_of(1, 0) if line.endswith(",v1")).partition(",")[0]
    with httpx2.Client(auth=("usr123", "pw-1"), trust_env=False, timeout=60) as asking:
        known = False
        while not known:
            answer = asking.post(f"{house.address}{PATH}", json={"items": [{"pdq": kept}]})
            known = answer.raise_for_status().json()["answers"][0]["hit"]


def _built_anew(house: Upped) -> int:
    """The version whose files the newest ones are: its own, where nothing was taken over."""
    (manifest,) = (house.node.data / FOLDER).glob(f"*/*/{MANIFEST}")
    told = json.loads(manifest.read_text("utf-8"))
    assert told["version"] == told["parts"]["near"]["since"]
    return int(told["version"])
