"""What arrives otherwise than by a push: packages that a node fetches, and files that are carried."""

import random
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.nodes import CONSOLE
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange.carrying import fetching, handing

_RECEIPT_COMES_BACK = 0.7
_COMES_TWICE = 0.2


class _File(NamedTuple):
    sender: Node
    recipient: Node
    sealed: bytes


@dataclass
class Roads:
    """The jobs of nodes that fetch, and the files that are on their way."""

    jobs: dict[tuple[str, str], list[Mapping[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Fetches to be made, by who fetches from whom; they carry the receipts of the last."""
    files: list[_File] = field(default_factory=list)

    def note(self, node: Node, ids: Mapping[str, str]) -> None:
        """A fetch is enqueued at a node."""
        self.jobs[node.id, ids["peer_id"]].append(ids)

    def next_fetch(self, node: Node, peer_id: str) -> Mapping[str, str]:
        """The next fetch from a peer, or one that carries no receipt."""
        jobs = self.jobs[node.id, peer_id]
        return jobs.pop(0) if jobs else {"peer_id": peer_id}

    def due(self, node: Node) -> list[Mapping[str, str]]:
        """Take all the fetches that are enqueued at a node."""
        found = [ids for (who, _), jobs in self.jobs.items() for ids in jobs if who == node.id]
        for who, peer_id in self.jobs:
            if who == node.id:
                self.jobs[who, peer_id] = []
        return found

    def set_out(self, sender: Node, recipient: Node) -> None:
        """Write all that waits into files, and leave with them."""
        with tempfile.TemporaryDirectory() as folder, open_work(sender, CONSOLE) as work:
            written = handing.export_packages(work, recipient.id, Path(folder))
            self.files += [_File(sender, recipient, path.read_bytes()) for path in written]

    def arrive(self, draw: random.Random, most: int) -> list[str]:
        """Files arrive in any order, some twice; not every receipt comes back. Whose did."""
        draw.shuffle(self.files)
        going, self.files = self.files[:most], self.files[most:]
        settled: list[str] = []
        for file in going:
            package_id, receipt = _taken_in(file)
            if draw.random() < _COMES_TWICE:
                package_id, receipt = _taken_in(file)
            if draw.random() < _RECEIPT_COMES_BACK:
                with open_work(file.sender, CONSOLE) as work:
                    handing.import_receipt(work, receipt)
                settled.append(package_id)
        return settled


def _taken_in(file: _File) -> tuple[str, bytes]:
    with tempfile.TemporaryFile() as sealed, open_work(file.recipient, CONSOLE) as work:
        sealed.write(file.sealed)
        sealed.seek(0)
        return fetching.import_package(work, sealed)
