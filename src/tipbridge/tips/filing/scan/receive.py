"""A file that is sent to be matched: digests and cipher see each byte, no disk sees plaintext."""

import contextlib
from collections.abc import Iterator

from tipbridge.foundation.base.errors import Unavailable
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.vault import Sealer
from tipbridge.knowledge.hashes.digests import Digester
from tipbridge.tips.filing.model import FilingFile
from tipbridge.tips.filing.parcels import pieces
from tipbridge.tips.filing.scan.offers import Source

IN_MEMORY_BYTES = 256 * 1024
"""Up to here a file waits in memory; beyond, it flows sealed into a group of its own."""


class Reception:
    """One file as it arrives."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._digester = Digester()
        self._held: list[bytes] = []
        self._group: str | None = None
        self._sealer: Sealer | None = None
        self.size_bytes = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Errors: Unavailable when the disk refuses.
        """
        self.size_bytes += len(data)
        if self._sealer is not None:
            self._digester.update(data)
            self._sealer.write(data)
            return
        self._held.append(data)
        if self.size_bytes > IN_MEMORY_BYTES:
            self._go_large()

    def _go_large(self) -> None:
        held, self._held = b"".join(self._held), []
        self._group = self._node.ids.new()
        try:
            self._node.vault.create_key(self._group)
            self._sealer = self._node.vault.sealer(self._group, self._node.ids.new())
        except OSError as error:
            raise Unavailable("The file can't be stored now.") from error
        self._digester.update(held)
        self._sealer.write(held)

    def finish(self, name: str | None) -> Source:
        """The whole file: its bytes when it is small, else where it lies sealed."""
        if self._sealer is None:
            return b"".join(self._held)
        sealed = self._sealer.finish()
        self._sealer = None
        return FilingFile(position=0, sealed=sealed, digests=self._digester.result(), name=name)

    def discard(self) -> None:
        """Leave nothing of the file; again does nothing."""
        self._held = []
        if self._group is None:
            return
        with contextlib.suppress(OSError):
            if self._sealer is not None:
                self._sealer.abort()
            self._node.vault.destroy_key(self._group)
            self._node.vault.remove(self._group)
        self._group = self._sealer = None


def pieces_of(node: Node, source: Source) -> Iterator[bytes]:
    """A received file's bytes, unsealed in memory only."""
    if isinstance(source, FilingFile):
        return node.vault.open(source.sealed)
    return pieces(source)
