"""Seals a document into its case's group of the vault, piece by piece."""

import hashlib
from dataclasses import dataclass

from tipbridge.foundation.base.errors import Invalid, TipbridgeError
from tipbridge.foundation.base.errors import Kind as ErrorKind
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.police.cases.diary import papers

DOCUMENT_BYTES = 64 * 1024**2
"""The longest document that is kept: writing needs no more; what does is an exhibit."""


class DocumentTooLarge(TipbridgeError):
    """A document is longer than any is kept."""

    kind = ErrorKind.LIMIT

    def __init__(self) -> None:
        super().__init__(f"A document has at most {DOCUMENT_BYTES // 1024**2} MiB.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedDocument:
    """Bytes of a document that lie sealed; no row tells of them yet."""

    sealed: Sealed
    sha256: str
    size_bytes: int
    start: bytes


def documents_key(case_id: str) -> str:
    """The group of the vault that holds a case's documents."""
    return f"case-{case_id}"


class DocumentSealer:
    """A document on its way into the vault: no disk sees its plaintext, nothing is gathered."""

    def __init__(self, node: Node, case_id: str) -> None:
        key_id = documents_key(case_id)
        if not node.vault.has_key(key_id):
            node.vault.create_key(key_id)
        self._sealer = node.vault.sealer(key_id, node.ids.new())
        self._digest, self._size, self.start = hashlib.sha256(), 0, b""

    def write(self, piece: bytes) -> None:
        """Take the next bytes. Errors: DocumentTooLarge."""
        self._size += len(piece)
        if self._size > DOCUMENT_BYTES:
            raise DocumentTooLarge
        self._digest.update(piece)
        self.start += piece[: papers.START_BYTES - len(self.start)]
        self._sealer.write(piece)

    def finish(self) -> SealedDocument:
        """The document, sealed and on disk. Errors: Invalid for an empty one."""
        if self._size == 0:
            raise Invalid("An empty document is none.")
        return SealedDocument(
            sealed=self._sealer.finish(),
            sha256=self._digest.hexdigest(),
            size_bytes=self._size,
            start=self.start,
        )

    def abort(self) -> None:
        """Leave nothing of it."""
        self._sealer.abort()
