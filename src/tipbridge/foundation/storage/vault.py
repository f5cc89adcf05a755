"""Sealed files: each to a key of its own, which a group's key opens, which the node's opens.

A group is one report, case or referral. Destroying its one small key file ends every file
of the group, whatever copies of the sealed files and of the node key exist.
"""

import functools
import hashlib
import re
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.identity.sealing import PIECE_BYTES
from tipbridge.foundation.storage.files import DiskFiles, Files, NamelessFile, NewFile
from tipbridge.foundation.storage.sealer import SMALL_BYTES, CipherThread, open_pieces

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_KEY = "key"
_DESTROYED = b"\0"
"""What a key file is full of that is being destroyed: overwritten, not yet unlinked."""
_ENDING = ".age"
_UNFINISHED = ".unfinished"
_IN_MEMORY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Where one sealed file is and what opens it; its owner's row keeps this.

    Shape: `wrapped_key` is the file's own key, sealed to the key of the group `key_id`.
    """

    key_id: str
    file_id: str
    wrapped_key: bytes = field(repr=False)
    size_bytes: int


def _opened(identity: Identity, sealed: bytes) -> bytes:
    try:
        return pyrage.decrypt(sealed, [identity])
    except (pyrage.DecryptError, OSError) as error:
        raise IntegrityFailure("A sealed key or file does not open.") from error


def _identity(identity: Identity, sealed: bytes) -> Identity:
    try:
        return Identity.from_str(_opened(identity, sealed).decode("ascii"))
    except (UnicodeDecodeError, pyrage.IdentityError) as error:
        raise IntegrityFailure("A sealed key is not a key.") from error


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise Invalid("A name in the vault is made of letters, digits, dots, dashes, lines.")
    return name


@functools.lru_cache(maxsize=4096)
def _group_folder(vault: Path, key_id: str) -> Path:
    """A group's folder; asked for many times in each call about it."""
    shard = hashlib.sha256(_named(key_id).encode("ascii")).hexdigest()[:2]
    return vault / shard / key_id


class Sealer:
    """One file being sealed: write, then `finish` or `abort`."""

    def __init__(
        self,
        vault: "Vault",
        key_id: str,
        file_id: str,
        group: Recipient,
        *,
        nameless: bool = False,
    ) -> None:
        self._vault, self._key_id, self._file_id = vault, key_id, file_id
        self._own = Identity.generate()
        self._wrapped = pyrage.encrypt(str(self._own).encode("ascii"), [group])
        self._size = 0
        self._small: list[bytes] | None = []
        self._held = 0
        self._cipher: CipherThread | None = None
        self._file: NewFile | None = None
        self._nameless: NamelessFile | None = None
        self._may_be_named = not nameless
        self._path = vault.unfinished_path(key_id, file_id)

    def write(self, data: bytes) -> None:
        """Take the next bytes of the plaintext.

        Errors: Unavailable when the disk refuses.
        """
        self._size += len(data)
        if self._cipher is not None:
            self._cipher.push(bytes(data))
            return
        assert self._small is not None
        self._small.append(bytes(data))
        self._held += len(data)
        if self._held > SMALL_BYTES:
            self._go_large()

    def _go_large(self) -> None:
        held, self._small = self._small or [], None
        if not self._may_be_named:
            self._file = self._nameless = self._vault.files.create_nameless(self._vault.folder)
        self._file = self._file or self._vault.files.create(self._path)
        self._cipher = CipherThread(self._own.to_public(), self._file)
        self._cipher.push(b"".join(held))

    def finish(self) -> Sealed:
        """Make the sealed file durable under its name.

        Errors: Unavailable when the disk refuses; Conflict when the name is taken.
        """
        try:
            self._write_rest()
            self._vault.keep(self._path, self._key_id, self._file_id)
        except BaseException:
            self.abort()
            raise
        return Sealed(
            key_id=self._key_id,
            file_id=self._file_id,
            wrapped_key=self._wrapped,
            size_bytes=self._size,
        )

    def _write_rest(self) -> None:
        if self._cipher is not None:
            self._cipher.finish()
            self._cipher = None
        else:
            plain = b"".join(self._small or [])
            self._file = self._vault.files.create(self._path)
            self._file.write(pyrage.encrypt(plain, [self._own.to_public()]))
        self._small = None
        if self._file is not None:
            self._file.sync()
            if self._nameless is not None:
                self._nameless.give_name(self._path)
            self._file.close()
            self._file = None

    def abort(self) -> None:
        """Leave nothing behind; after `finish` this does nothing."""
        if self._cipher is not None:
            self._cipher.stop()
            self._cipher = None
        self._small = None
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._path.exists():
            self._vault.files.unlink(self._path)


class Vault:
    """The folder of sealed files of one node."""

    def __init__(self, folder: Path, identity: Identity, files: Files | None = None) -> None:
        self.folder = folder
        self.files: Files = files or DiskFiles()
        self._identity = identity

    def _group_folder(self, key_id: str) -> Path:
        return _group_folder(self.folder, key_id)

    def _path(self, key_id: str, file_id: str) -> Path:
        return self._group_folder(key_id) / (_named(file_id) + _ENDING)

    def unfinished_path(self, key_id: str, file_id: str) -> Path:
        """Where a file lies until it is whole."""
        return self._group_folder(key_id) / (_named(file_id) + _UNFINISHED)

    def _make_folders(self, folder: Path) -> None:
        if not folder.is_dir():
            if folder != self.folder:
                self._make_folders(folder.parent)
            if self.files.make_folder(folder):
                self.files.sync_folder(folder.parent)

    def create_key(self, key_id: str) -> None:
        """Make the key of a group, durable when this returns.

        Errors: Conflict when the group has one.
        """
        self._make_key(key_id)
        self.files.sync_folder(self._group_folder(key_id))

    def can_be_nameless(self) -> bool:
        """Whether a file can be written here that has no name before it is whole."""
        self._make_folders(self.folder)
        file = self.files.create_nameless(self.folder)
        if file is not None:
            file.close()
        return file is not None

    def _make_key(self, key_id: str, group: Identity | None = None) -> Recipient:
        """Make the key of a group; its name is durable once the group's folder is synced."""
        folder = self._group_folder(key_id)
        self._make_folders(folder)
        if (folder / _KEY).exists():
            raise Conflict("This group has a key already.", id=key_id)
        group = group or Identity.generate()
        sealed = pyrage.encrypt(str(group).encode("ascii"), [self._identity.to_public()])
        fresh = folder / (_KEY + _UNFINISHED)
        if fresh.exists() and self.files.abandoned(fresh):
            self.files.unlink(fresh)
        file = self.files.create(fresh)
        try:
            file.write(sealed)
            file.sync()
        finally:
            file.close()
        self.files.rename(fresh, folder / _KEY)
        return group.to_public()

    def has_key(self, key_id: str) -> bool:
        """Whether the group's key exists: false once it was destroyed."""
        return (self._group_folder(key_id) / _KEY).exists()

    def _group_identity(self, key_id: str) -> Identity:
        # Read each time, never remembered: a destroyed key is gone for every process at once.
        try:
            return _identity(self._identity, self._sealed_key(key_id))
        except IntegrityFailure:
            self._sealed_key(key_id)  # read while it was being overwritten: gone, not broken
            raise

    def _sealed_key(self, key_id: str) -> bytes:
        try:
            sealed = (self._group_folder(key_id) / _KEY).read_bytes()
        except FileNotFoundError as error:
            raise NotFound("key", key_id) from error
        if not sealed.strip(_DESTROYED):
            raise NotFound("key", key_id)
        return sealed

    def sealer(self, key_id: str, file_id: str) -> Sealer:
        """Begin a sealed file of a group.

        Errors: NotFound without a group key; Conflict when the name is taken.
        """
        group = self._group_identity(key_id).to_public()
        self._refuse_taken(key_id, file_id)
        return Sealer(self, key_id, file_id, group)

    def _refuse_taken(self, key_id: str, file_id: str) -> None:
        if self._path(key_id, file_id).exists():
            raise Conflict("This sealed file exists already.", id=file_id)

    def keep(self, unfinished: Path, key_id: str, file_id: str) -> None:
        """Give a whole, synced file its name, durable when this returns."""
        self._refuse_taken(key_id, file_id)
        self.files.rename(unfinished, self._path(key_id, file_id))
        self.files.sync_folder(self._group_folder(key_id))

    def seal(self, key_id: str, file_id: str, data: bytes) -> Sealed:
        """Seal bytes that are in memory already."""
        sealer = self.sealer(key_id, file_id)
        sealer.write(data)
        return sealer.finish()

    def seal_first(
        self, key_id: str, file_id: str, data: bytes, *, group: Identity | None = None
    ) -> Sealed:
        """Make a group with its key and seal a first file, all durable when this returns.

        Shape: one sync of the folder makes both names durable; `group` is a key made before.
        Errors: Conflict when the group has a key.
        """
        sealer = Sealer(self, key_id, file_id, self._make_key(key_id, group))
        sealer.write(data)
        return sealer.finish()

    def open(self, sealed: Sealed) -> Iterator[bytes]:
        """The plaintext, piece by piece, in memory only.

        Errors: NotFound when key or file are gone; IntegrityFailure when a byte differs, at
        the latest after the last piece: nothing counts until the end.
        """
        own = _identity(self._group_identity(sealed.key_id), sealed.wrapped_key)
        path = self._path(sealed.key_id, sealed.file_id)
        if not path.exists():
            raise NotFound("sealed file", sealed.file_id)
        return self._pieces(own, path, sealed.size_bytes)

    def _pieces(self, own: Identity, path: Path, size_bytes: int) -> Generator[bytes]:
        found = 0
        if size_bytes <= _IN_MEMORY_BYTES:
            plain = _opened(own, path.read_bytes())
            found = len(plain)
            if plain:
                yield plain
        else:
            with path.open("rb", buffering=PIECE_BYTES) as source:
                for piece in open_pieces(own, source):
                    found += len(piece)
                    yield piece
        if found != size_bytes:
            raise IntegrityFailure("A sealed file has another size than its owner's row.")

    def read(self, sealed: Sealed) -> bytes:
        """The whole plaintext at once, for what is small."""
        return b"".join(self.open(sealed))

    def seal_words(self, key_id: str, data: bytes) -> bytes:
        """A few bytes sealed to a group's key, to stand in a row: they end with the group.

        Errors: NotFound without a group key.
        """
        return pyrage.encrypt(data, [self._group_identity(key_id).to_public()])

    def open_words(self, key_id: str, sealed: bytes) -> bytes:
        """What `seal_words` sealed.

        Errors: NotFound when the key was destroyed; IntegrityFailure when a byte differs.
        """
        return _opened(self._group_identity(key_id), sealed)

    def rewrap(self, sealed: Sealed, new_key_id: str) -> Sealed:
        """Let another group open the same file too; the first group keeps its own way in.

        Shape: a second name of the same file, no copy; each group's end leaves the other.
        """
        own = _identity(self._group_identity(sealed.key_id), sealed.wrapped_key)
        group = self._group_identity(new_key_id).to_public()
        target = self._path(new_key_id, sealed.file_id)
        if not target.exists():
            self.files.link(self._path(sealed.key_id, sealed.file_id), target)
            self.files.sync_folder(target.parent)
        return Sealed(
            key_id=new_key_id,
            file_id=sealed.file_id,
            wrapped_key=pyrage.encrypt(str(own).encode("ascii"), [group]),
            size_bytes=sealed.size_bytes,
        )

    def destroy_key(self, key_id: str) -> None:
        """End every file of a group for ever; again does nothing."""
        path = self._group_folder(key_id) / _KEY
        if not path.exists():
            return
        self.files.overwrite(path, bytes(path.stat().st_size))
        self.files.unlink(path)
        self.files.sync_folder(path.parent)

    def remove_file(self, sealed: Sealed) -> None:
        """Remove one sealed file of a group; again, or while another does, it does nothing."""
        path = self._path(sealed.key_id, sealed.file_id)
        with suppress(FileNotFoundError):
            self.files.unlink(path)
            self.files.sync_folder(path.parent)

    def remove(self, key_id: str) -> None:
        """Remove the sealed files of a group, and its folder when its key is gone too."""
        folder = self._group_folder(key_id)
        if not folder.is_dir():
            return
        for path in sorted(folder.iterdir()):
            if path.name != _KEY:
                self.files.unlink(path)
        self.files.sync_folder(folder)
        if not (folder / _KEY).exists():
            self.files.remove_folder(folder)
            self.files.sync_folder(folder.parent)

    def files_of(self, key_id: str) -> tuple[str, ...]:
        """The ids of the sealed files of a group, to find those that no row names."""
        folder = self._group_folder(key_id)
        return tuple(sorted(path.stem for path in folder.glob(f"*{_ENDING}")))

    def groups(self, *, untouched_seconds: float) -> tuple[str, ...]:
        """The groups whose folder did not change for so long, to find those that no row names."""
        latest = machine_now().timestamp() - untouched_seconds
        return tuple(
            sorted(
                path.name
                for path in self.folder.glob("*/*")
                if path.is_dir() and path.stat().st_mtime < latest
            )
        )

    def sweep(self) -> int:
        """Remove what writers that died left unfinished; returns how many."""
        removed = 0
        for path in sorted(self.folder.glob(f"*/*/*{_UNFINISHED}")):
            if self.files.abandoned(path):
                self.files.unlink(path)
                removed += 1
        return removed
