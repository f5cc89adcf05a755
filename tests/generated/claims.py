"""What a node must do with each document that is sent to it."""

import os
import re
import resource
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.generated.documents import places_in
from tests.tips.intake.ispws import code, open_report, said, upload
from tests.tips.report.building import etree
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions

SLOWEST_SECONDS = 1.0
_TRIES = 10
_PLACE = re.compile(r"\n\[(\d+),(\d+)\] - .")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the clock and the process had counted at one moment."""

    at: float
    cpu: float
    switched: int
    load: float


def moment() -> Moment:
    """This moment."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Moment(
        at=time.perf_counter(),
        cpu=used.ru_utime + used.ru_stime,
        switched=used.ru_nivcsw,
        load=os.getloadavg()[0],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """A send that took too long, and whether this process worked or waited meanwhile."""

    seconds: float
    cpu_seconds: float
    preempted: int
    load: float
    size_bytes: int

    @classmethod
    def between(cls, before: Moment, after: Moment, size_bytes: int) -> "Slow":
        """What lies between two moments."""
        return cls(
            seconds=after.at - before.at,
            cpu_seconds=after.cpu - before.cpu,
            preempted=after.switched - before.switched,
            load=after.load,
            size_bytes=size_bytes,
        )


@dataclass(slots=True, kw_only=True)
class Desk:
    """A provider at a node's door, and a look behind it."""

    node: Node
    client: httpx2.Client
    root: str = "report"
    """Which documents it sends: reports, or details about a file of one."""
    about: tuple[str, str] | None = None
    accepted: int = 0
    places: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    refused: Counter[str] = field(default_factory=Counter[str])
    slowest_seconds: float = 0.0
    slow: list[Slow] = field(default_factory=list["Slow"])

    def open_report(self) -> None:
        """Open a report with a file, for details to be about."""
        number = open_report(self.client)
        self.about = number, said(upload(self.client, number, b"synthetic"))["fileId"]

    def send(self, body: bytes) -> httpx2.Response:
        """The answer to a document. One that is slow is slow each time; a busy machine is not."""
        path = "/submit" if self.root == "report" else "/fileinfo"
        tries = 0
        while True:
            tries += 1
            before = moment()
            answer = self.client.post(path, content=body)
            seconds = moment().at - before.at
            if seconds <= SLOWEST_SECONDS:
                break
            self.slow.append(Slow.between(before, moment(), len(body)))
            assert tries < _TRIES, f"{seconds:.2f} s for {len(body)} bytes"
        self.slowest_seconds = max(self.slowest_seconds, seconds)
        assert answer.status_code < 500, answer.text
        return answer

    def accepts(self, body: bytes) -> None:
        """The document opens a report, and is kept byte for byte and value for value."""
        answer = self.send(body)
        assert (answer.status_code, code(answer)) == (200, 0), answer.text
        with open_work(self.node, WORKER) as work:
            record = actions.read_report(work, said(answer)["reportId"])
            newest = record.originals[0 if self.root == "report" else -1]
            assert actions.read_original(work, newest) == body
        values = record.values if self.root == "report" else record.files[0].values
        kept = Counter(value for _, value in values)
        root = etree.fromstring(body.strip(b"\xef\xbb\xbf\r\n "))
        assert not values_in(root) - kept
        self.places |= places_in(root)
        self.accepted += 1

    def refuses(self, way: str, body: bytes) -> None:
        """The document is refused with the place of its fault."""
        answer = self.send(body)
        assert answer.status_code == 400, (way, answer.text)
        assert code(answer) in (4100, 4110), (way, answer.text)
        found = _PLACE.search(said(answer)["responseDescription"])
        assert found, (way, answer.text)
        lines = re.split(r"\r\n|\r|\n", body.decode("utf-8", "replace"))
        line, column = int(found[1]), int(found[2])
        assert 1 <= line <= len(lines), (way, answer.text)
        # libxml2 counts bytes in what is not well-formed.
        assert 1 <= column <= len(lines[line - 1].encode()) + 2, (way, answer.text)
        self.refused[way] += 1

    def stored(self) -> tuple[int, int, int]:
        """How many reports, originals and files in the vault there are."""
        with open_work(self.node, WORKER) as work:
            counts = [
                work.db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
                for table in ("reports", "report_originals")
            ]
        files = sum(path.is_file() for path in self.node.vault.folder.rglob("*"))
        return counts[0], counts[1], files


def values_in(root: Any) -> Counter[str]:
    """Every text and attribute that a document says, read apart from the product."""
    texts = [node.text for node in root.iter() if node.text and not len(node)]
    return Counter([*texts, *(value for node in root.iter() for value in node.attrib.values())])
