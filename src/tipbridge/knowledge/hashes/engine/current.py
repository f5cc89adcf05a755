"""The version of an index that look-ups use now, and its replacement without a pause.

A folder holds numbered versions and a pointer file that names one. A new version is written
beside the old, then the pointer is renamed over: every process sees it at its next `get`. Whoever
still holds the old version keeps it, mapped, until it lets go; its file is removed at once.
"""

import fcntl
import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from tipbridge.knowledge.hashes.engine.files import sync_folder

Index = TypeVar("Index")
_NEVER = (0, 0)


class Current(Generic[Index]):
    """One named index of a folder, opened by `opened` when its pointer moves."""

    def __init__(self, folder: Path, name: str, opened: Callable[[Path], Index]) -> None:
        self._folder, self._name, self._opened = folder, name, opened
        self._pointer = folder / f"{name}.current"
        self._held: tuple[tuple[int, int], Index | None] = (_NEVER, None)
        self._lock = threading.Lock()

    def get(self) -> Index | None:
        """The newest version, or None before the first; costs one look at the pointer file."""
        stamp, index = self._held
        if self._stamp() == stamp:
            return index
        with self._lock:
            return self._refreshed()

    def publish(self, write: Callable[[Path], None]) -> Index:
        """Have `write` make the next version, point to it, and remove the ones before."""
        with self._only_writer():
            before = self._versions()
            number = max((self._number(path) for path in before), default=0) + 1
            path = self._folder / f"{self._name}.{number:09d}.index"
            write(path)
            self._point_to(path)
            for old in before:
                old.unlink(missing_ok=True)
        with self._lock:
            index = self._refreshed()
        assert index is not None
        return index

    def version(self) -> str | None:
        """The file name of the newest version."""
        try:
            return self._pointer.read_text(encoding="ascii")
        except FileNotFoundError:
            return None

    def _refreshed(self) -> Index | None:
        while True:
            stamp, name = self._stamp(), self.version()
            if stamp == self._held[0] or name is None:
                return self._held[1]
            try:
                self._held = (stamp, self._opened(self._folder / name))
            except FileNotFoundError:
                if self._stamp() == stamp:  # the pointer did not move on: the file is missing
                    raise
            else:
                return self._held[1]

    def _stamp(self) -> tuple[int, int]:
        try:
            found = os.stat(self._pointer)  # noqa: PTH116 - a third of the time of Path.stat
        except FileNotFoundError:
            return _NEVER
        return found.st_ino, found.st_mtime_ns

    def _versions(self) -> list[Path]:
        return sorted(self._folder.glob(f"{self._name}.*.index"))

    def _number(self, path: Path) -> int:
        return int(path.name.removeprefix(f"{self._name}.").removesuffix(".index"))

    def _point_to(self, path: Path) -> None:
        temporary = self._pointer.with_suffix(".part")
        with temporary.open("w", encoding="ascii") as file:
            file.write(path.name)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._pointer)
        sync_folder(self._folder)

    @contextmanager
    def _only_writer(self) -> Generator[None]:
        with (self._folder / f"{self._name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
