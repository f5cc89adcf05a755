"""A recorded file system: what a power cut would leave, worked out from every call made."""

import itertools
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from tipbridge.foundation.storage.files import DiskFiles, NamelessFile, NewFile

SYNCS = ("sync", "sync-folder")


@dataclass(frozen=True, slots=True)
class Step:
    """One call; `file` numbers what was created, over all its names."""

    verb: str
    path: Path | None = None
    other: Path | None = None
    file: int = -1
    data: bytes = field(default=b"", repr=False)


class RecordingDisk:
    """The real file system that also keeps a log of every call, in order."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._disk = DiskFiles()
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._numbered: dict[Path, int] = {}

    def note(self, verb: str) -> None:
        """Put a mark of the test's own into the log: a commit, an answer."""
        self.log(Step(verb))

    def log(self, step: Step) -> None:
        with self._lock:
            self.steps.append(step)

    def make_folder(self, path: Path) -> bool:
        made = self._disk.make_folder(path)
        if made:
            self.log(Step("folder", path))
        return made

    def create(self, path: Path) -> NewFile:
        number = next(self._numbers)
        file = self._disk.create(path)
        self._numbered[path] = number
        self.log(Step("create", path, file=number))
        return _RecordedFile(self, file, number)

    def create_nameless(self, folder: Path) -> NamelessFile | None:
        file = self._disk.create_nameless(folder)
        number = next(self._numbers)
        self.log(Step("nameless", file=number))
        return None if file is None else _RecordedNameless(self, file, number)

    def named(self, path: Path, number: int) -> None:
        self._numbered[path] = number
        self.log(Step("name", path, file=number))

    def overwrite(self, path: Path, data: bytes) -> None:
        number = self._numbered[path]
        self._disk.overwrite(path, data)
        self.log(Step("overwrite", file=number, data=data))
        self.log(Step("sync", file=number))

    def rename(self, old: Path, new: Path) -> None:
        self._disk.rename(old, new)
        self._numbered[new] = self._numbered.pop(old)
        self.log(Step("rename", old, new))

    def link(self, old: Path, new: Path) -> None:
        self._disk.link(old, new)
        self._numbered[new] = self._numbered[old]
        self.log(Step("link", old, new))

    def unlink(self, path: Path) -> None:
        self._disk.unlink(path)
        self.log(Step("unlink", path))

    def remove_folder(self, path: Path) -> None:
        self._disk.remove_folder(path)
        self.log(Step("unlink", path))

    def sync_folder(self, path: Path) -> None:
        self._disk.sync_folder(path)
        self.log(Step("sync-folder", path))

    def abandoned(self, path: Path) -> bool:
        return self._disk.abandoned(path)


class _RecordedFile:
    def __init__(self, disk: RecordingDisk, file: NewFile, number: int) -> None:
        self._disk, self._file, self._number = disk, file, number

    def write(self, data: bytes, /) -> int:
        self._disk.log(Step("write", file=self._number, data=bytes(data)))
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def sync(self) -> None:
        self._file.sync()
        self._disk.log(Step("sync", file=self._number))

    def close(self) -> None:
        self._file.close()


class _RecordedNameless(_RecordedFile):
    def __init__(self, disk: RecordingDisk, file: NamelessFile, number: int) -> None:
        super().__init__(disk, file, number)
        self._nameless = file

    def give_name(self, path: Path) -> None:
        self._nameless.give_name(path)
        self._disk.named(path, self._number)


class PowerCut:
    """What is on the disk when every byte and name that was not synced is lost.

    Shape: `lost` numbers steps that are to be left out: the planted faults.
    """

    def __init__(self, steps: list[Step], lost: Collection[int] = ()) -> None:
        self._now: dict[Path, dict[str, int | None]] = {}
        self._kept: dict[Path, dict[str, int | None]] = {}
        self._bytes: dict[int, bytes] = {}
        self.contents: dict[int, bytes] = {}
        for number, step in enumerate(steps):
            if number not in lost:
                self._take(step)

    def _names(self, path: Path) -> dict[str, int | None]:
        return self._now.setdefault(path.parent, {})

    def _take(self, step: Step) -> None:
        match step:
            case Step("folder", Path() as path):
                self._names(path)[path.name] = None
            case Step("create" | "name", Path() as path):
                self._names(path)[path.name] = step.file
                self._bytes.setdefault(step.file, b"")
            case Step("write"):
                self._bytes[step.file] = self._bytes.get(step.file, b"") + step.data
            case Step("overwrite"):
                self._bytes[step.file] = step.data + self._bytes[step.file][len(step.data) :]
            case Step("rename", Path() as old, Path() as new):
                self._names(new)[new.name] = self._names(old).pop(old.name)
            case Step("link", Path() as old, Path() as new):
                self._names(new)[new.name] = self._names(old)[old.name]
            case Step("unlink", Path() as path):
                del self._names(path)[path.name]
            case Step("sync"):
                self.contents[step.file] = self._bytes[step.file]
            case Step("sync-folder", Path() as path):
                self._kept[path] = dict(self._now.get(path, {}))
            case _:
                pass  # a mark of the test's own

    def restore(self, old_root: Path, new_root: Path) -> None:
        """Write what survived of `old_root` below `new_root`, a folder that exists."""
        for name, file in self._kept.get(old_root, {}).items():
            if file is None:
                (new_root / name).mkdir()
                self.restore(old_root / name, new_root / name)
            else:
                (new_root / name).write_bytes(self.contents.get(file, b""))
