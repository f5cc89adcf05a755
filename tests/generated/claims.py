"""What a node must do with each document that is sent to it."""

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.tips.intake.ispws import code, said
from tests.tips.report.building import etree, roads
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions
from tipbridge.tips.report.schema import our_schema

SLOWEST_SECONDS = 1.0
_TRIES = 10
_PLACE = re.compile(r"\n\[(\d+),(\d+)\] - .")


@dataclass(slots=True, kw_only=True)
class Desk:
    """A provider at a node's door, and a look behind it."""

    node: Node
    client: httpx2.Client
    accepted: int = 0
    names: set[str] = field(default_factory=set[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    slowest_seconds: float = 0.0
    repeated: int = 0

    def send(self, body: bytes) -> httpx2.Response:
        """The answer to a document. One that is slow is slow each time; a busy machine is not."""
        tries = 0
        while True:
            tries += 1
            began = time.perf_counter()
            answer = self.client.post("/submit", content=body)
            seconds = time.perf_counter() - began
            if seconds <= SLOWEST_SECONDS:
                break
            self.repeated += 1
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
            assert actions.read_original(work, record.originals[0]) == body
        kept = Counter(value for _, value in record.values)
        root = etree.fromstring(body.strip(b"\xef\xbb\xbf\r\n "))
        assert not values_in(root) - kept
        self.names.update(node.tag for node in root.iter())
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


def names_of_reports() -> set[str]:
    """Every name that an element below a report has in the schema."""
    kinds = [kind for kind, (root, _) in roads().items() if root == "report"]
    parts = [part for kind in kinds for part in our_schema().content(kind).parts]
    return {name for part in parts for name in part.types}
