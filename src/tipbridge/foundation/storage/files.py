"""The small seam through which the vault touches the disk."""

import contextlib
import errno
import fcntl
import os
from pathlib import Path
from typing import Protocol


class NewFile(Protocol):
    """A file being written."""

    def write(self, data: bytes, /) -> int:
        """Append bytes."""
        ...

    def flush(self) -> None:
        """Nothing is kept back: `sync` is what makes bytes durable."""
        ...

    def sync(self) -> None:
        """Return when every byte written so far is on the disk."""
        ...

    def close(self) -> None:
        """Let go of the file, synced or not."""
        ...


class NamelessFile(NewFile, Protocol):
    """A file being written that has no name: gone when it is closed, unless it was given one."""

    def give_name(self, path: Path) -> None:
        """Let the file be found under a name, in the file system in which it was made."""
        ...


class Files(Protocol):
    """What a vault asks of a file system; an object store could take its place."""

    def make_folder(self, path: Path) -> bool:
        """Make one folder; False when it is there already."""
        ...

    def create(self, path: Path) -> NewFile:
        """A new file for writing; never an existing one."""
        ...

    def create_nameless(self, folder: Path) -> NamelessFile | None:
        """A new file for writing without a name; None where the file system can't."""
        ...

    def overwrite(self, path: Path, data: bytes) -> None:
        """Write over the beginning of a file, in place, and sync it."""
        ...

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name, at once."""
        ...

    def link(self, old: Path, new: Path) -> None:
        """Give a file a second name."""
        ...

    def unlink(self, path: Path) -> None:
        """Remove a name."""
        ...

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        ...

    def sync_folder(self, path: Path) -> None:
        """Return when the names in a folder are on the disk."""
        ...

    def abandoned(self, path: Path) -> bool:
        """Whether a file made by `create` is no longer held by any process."""
        ...


class _DiskFile:
    def __init__(self, path: Path, flags: int) -> None:
        self._handle = os.open(path, flags | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        # Held until closed, so that a sweep knows a file in use from a left-over.
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def write(self, data: bytes, /) -> int:
        view = memoryview(data)
        while view:
            view = view[os.write(self._handle, view) :]
        return len(data)

    def flush(self) -> None:
        """Every write goes straight to the kernel."""

    def sync(self) -> None:
        os.fsync(self._handle)

    def close(self) -> None:
        os.close(self._handle)

    def give_name(self, path: Path) -> None:
        # With a folder's handle: only then does Python follow what stands under /proc.
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.link(f"/proc/self/fd/{self._handle}", path.name, dst_dir_fd=folder)
        finally:
            os.close(folder)


class DiskFiles:
    """The real file system."""

    def make_folder(self, path: Path) -> bool:
        """Make one folder for its owner alone; False when it is there already."""
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
            return True
        return False

    def create(self, path: Path) -> NewFile:
        """A new file for writing, for its owner alone."""
        return _DiskFile(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW)

    def create_nameless(self, folder: Path) -> NamelessFile | None:
        """A new file for writing without a name, for its owner alone."""
        try:
            return _DiskFile(folder, os.O_TMPFILE)
        except OSError as error:
            if error.errno in {errno.EOPNOTSUPP, errno.EISDIR}:
                return None
            raise

    def overwrite(self, path: Path, data: bytes) -> None:
        """Write over the beginning of a file, in place, and sync it."""
        handle = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.pwrite(handle, data, 0)
            os.fsync(handle)
        finally:
            os.close(handle)

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name, at once."""
        old.rename(new)

    def link(self, old: Path, new: Path) -> None:
        """Give a file a second name."""
        new.hardlink_to(old)

    def unlink(self, path: Path) -> None:
        """Remove a name."""
        path.unlink()

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        path.rmdir()

    def sync_folder(self, path: Path) -> None:
        """Return when the names in a folder are on the disk."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def abandoned(self, path: Path) -> bool:
        """Whether no process holds the lock that `create` takes."""
        with path.open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True
