"""Takes an upload as it arrives: digests and cipher see each byte, no disk sees plaintext."""

import contextlib
from collections.abc import Callable

from tipbridge.foundation.base.errors import NotFound, TipbridgeError, Unavailable
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.vault import Sealed, Sealer
from tipbridge.knowledge.hashes.digests import Digester
from tipbridge.tips.intake.errors import ReportGone, UnfitRequest, UnfitUpload
from tipbridge.tips.intake.form import MAX_FIELD_BYTES, FormReader, Part, Sink
from tipbridge.tips.intake.model import Standing
from tipbridge.tips.intake.received import ReceivedFile
from tipbridge.tips.intake.rules import is_file_id, report_number_in

IN_MEMORY_BYTES = 256 * 1024
"""Up to here a file waits in memory; beyond, it flows sealed into the vault."""


class UploadReceiver:
    """One upload in the making; the form's parts may come in any order.

    A large file that comes before its report's number is sealed to a key of its own, which
    is destroyed when the upload is over; the report's key gets a way in only on success.
    """

    def __init__(
        self, node: Node, boundary: bytes, ask_standing: Callable[[int], Standing]
    ) -> None:
        self._node, self._ask_standing = node, ask_standing
        self._form = FormReader(boundary, self._begin)
        self._id_text: bytes | None = None
        self._file_seen = False
        self._sent_name: str | None = None
        self._digester = Digester()
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._sealer: Sealer | None = None
        self._sealed: Sealed | None = None
        self._own_group: str | None = None
        self._refusal: TipbridgeError | None = None

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body; after a refusal they are read and forgotten.

        Clients that are still sending hear an answer only when they have been heard out.
        """
        if self._refusal is not None:
            return
        try:
            self._form.feed(data)
        except (TipbridgeError, OSError) as error:
            self._refuse(error)

    def close(self) -> tuple[int, ReceivedFile]:
        """The report's number and the whole file.

        Errors: UnfitUpload, UnfitRequest, or what refused the upload on its way.
        """
        if self._refusal is not None:
            raise self._refusal
        self._form.close()
        if self._id_text is None:
            raise UnfitRequest("The form has no part 'id'.")
        if not self._file_seen:
            raise UnfitUpload("The form has no part 'file'.")
        report_id = report_number_in(self._id_text)
        if self._sealer is not None:
            try:
                self._sealed = self._sealer.finish()
            except OSError as error:
                raise _told(error) from error
            self._sealer = None
        return report_id, ReceivedFile(
            digests=self._digester.result(),
            data=b"".join(self._held),
            sealed=self._sealed,
            sent_name=self._sent_name,
        )

    def leaves_traces(self, *, kept: bool) -> bool:
        """Whether there is anything on disk to take back."""
        unkept = self._sealed is not None and not kept
        return unkept or self._sealer is not None or self._own_group is not None

    def discard(self, *, keep_sealed: bool) -> None:
        """End the upload: without success, nothing of the file is left."""
        self._held = []
        with contextlib.suppress(OSError):
            if self._sealer is not None:
                self._sealer.abort()
                self._sealer = None
            if self._sealed is not None and not keep_sealed:
                self._node.vault.remove_file(self._sealed)
            if self._own_group is not None:
                self._node.vault.destroy_key(self._own_group)
                self._node.vault.remove(self._own_group)

    def _refuse(self, error: TipbridgeError | OSError) -> None:
        self.discard(keep_sealed=False)
        self._own_group = None
        self._refusal = _told(error)

    def _begin(self, part: Part) -> Sink:
        if part.name == "id":
            if self._id_text is not None:
                raise UnfitUpload("The form has two parts 'id'.")
            self._id_text = b""
            return self._take_id
        if part.name == "file":
            if self._file_seen:
                raise UnfitUpload("The form has two parts 'file'; send one file at a time.")
            self._file_seen, self._sent_name = True, part.file_name
            return self._take_file
        return _Forgotten().take

    def _take_id(self, data: bytes) -> None:
        self._id_text = (self._id_text or b"") + data
        if len(self._id_text) > MAX_FIELD_BYTES:
            raise UnfitRequest("The part 'id' is no report number.")

    def _take_file(self, data: bytes) -> None:
        self._digester.update(data)
        if self._sealer is not None:
            self._sealer.write(data)
            return
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > IN_MEMORY_BYTES:
            self._go_large()

    def _go_large(self) -> None:
        vault = self._node.vault
        if self._id_text is not None:
            key_id = self._ask_standing(report_number_in(self._id_text)).key_id
        else:
            key_id = self._own_group = self._node.ids.new()
            vault.create_key(key_id)
        try:
            self._sealer = vault.sealer(key_id, fresh_file_id(self._node))
        except NotFound as error:
            raise FileNotFoundError(key_id) from error
        for piece in self._held:
            self._sealer.write(piece)
        self._held = []


def _told(error: TipbridgeError | OSError) -> TipbridgeError:
    """A refusal as the provider hears it: a folder that is gone is a report that ended."""
    if isinstance(error, TipbridgeError):
        return error
    if isinstance(error, FileNotFoundError):
        return ReportGone("The report is retracted.")
    return Unavailable("The file can't be stored now.")


class _Forgotten:
    """A part that nobody asked for: read within bounds and dropped."""

    def __init__(self) -> None:
        self._size_bytes = 0

    def take(self, data: bytes) -> None:
        self._size_bytes += len(data)
        if self._size_bytes > MAX_FIELD_BYTES:
            raise UnfitUpload("The form has a large part that is neither 'id' nor 'file'.")


def fresh_file_id(node: Node) -> str:
    """A file id that no client takes for a number."""
    while not is_file_id(file_id := node.ids.new()):
        pass
    return file_id
