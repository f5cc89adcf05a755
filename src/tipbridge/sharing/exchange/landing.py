"""Where the files of a package go while it is read: kept once all of it was seen, or not at all."""

from collections.abc import Sequence
from typing import BinaryIO

from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.storage.ahead import GroupAhead
from tipbridge.foundation.storage.vault import Sealed, Sealer, Vault
from tipbridge.foundation.work import Work
from tipbridge.sharing.exchange.model import FileSlot, VerifiedHeader
from tipbridge.sharing.exchange.unpacking import PackageReader

_MOST_AHEAD = 16
"""How many files wait open at once; a package with more is read a second time."""


class Ahead:
    """Seals a package's files while it is checked; none of them has a name before `keep`.

    Shape: it takes no file of a package with many, nor where files can't be nameless.
    """

    def __init__(self, vault: Vault, key_id: str) -> None:
        self._vault, self._group = vault, GroupAhead(vault, key_id)
        self._labels: list[str] = []
        self.takes = False

    def look_at(self, files: Sequence[FileSlot]) -> None:
        """Look whether the files of a package can be taken."""
        self.takes = len(files) <= _MOST_AHEAD and self._vault.can_be_nameless()

    def sink_for(self, slot: FileSlot) -> Sealer | None:
        """Where the next file goes."""
        if not self.takes:
            return None
        self._labels.append(slot.label)
        return self._group.sealer(f"file-{len(self._labels) - 1}")

    def keep(self, front: bytes) -> tuple[Sealed, dict[str, Sealed]]:
        """Put the package's front and files into the vault."""
        header, files = self._group.keep("header", front)
        return header, dict(zip(self._labels, files, strict=True))

    def abort(self) -> None:
        """Leave nothing behind; after `keep` this does nothing."""
        self._group.abort()


def read_again(
    work: Work, verified: VerifiedHeader, sealed: BinaryIO, key_id: str, content_sha256: str
) -> dict[str, Sealed]:
    """The files of a package that was checked before, sealed to a group's key.

    Errors: Conflict when the package is not as it was.
    """
    landing = _Landing(work.node.vault, key_id)
    reader = PackageReader(lambda _: verified, landing.sink_for)
    sealed.seek(0)
    try:
        work.node.keys.open(sealed, reader)
        if reader.finish() != content_sha256:
            raise Conflict("The package changed while it was read.")
        return landing.finish()
    except BaseException:
        landing.abort()
        raise


class _Landing:
    """Seals one file after the other; each is whole before the next begins."""

    def __init__(self, vault: Vault, key_id: str) -> None:
        self._vault, self._key_id = vault, key_id
        self._label = ""
        self._sealer: Sealer | None = None
        self._done: dict[str, Sealed] = {}

    def sink_for(self, slot: FileSlot) -> Sealer:
        self._finish_current()
        self._label = slot.label
        self._sealer = self._vault.sealer(self._key_id, f"file-{len(self._done)}")
        return self._sealer

    def finish(self) -> dict[str, Sealed]:
        self._finish_current()
        return self._done

    def abort(self) -> None:
        if self._sealer is not None:
            self._sealer.abort()

    def _finish_current(self) -> None:
        if self._sealer is not None:
            self._done[self._label] = self._sealer.finish()
            self._sealer = None
