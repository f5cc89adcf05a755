"""The files of an image being made: the copy, and the journal of what is durable of it.

`NAME.part` becomes `NAME` when it is whole, so that no unfinished image bears its name. The
journal `NAME.segments` is lines of JSON: what is copied, then each segment once its bytes are on
the disk. It stays beside the image, for whoever checks a segment.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tipbridge.foundation.storage.files import DiskFiles
from tipbridge.police.evidence.acquiring.model import AcquisitionFacts, Segment
from tipbridge.police.evidence.errors import AcquiredElsewhere, ImageBroken, ImageUnwritable
from tipbridge.police.evidence.sources.model import Gap, GapReason

_PIECE_BYTES = 1024 * 1024
_NEW = os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


class ImageFiles:
    """The copy and its journal under one name. Holds a lock until closed."""

    def __init__(self, image: Path) -> None:
        self._image, self._part = image, Path(f"{image}.part")
        self._journal_path = Path(f"{image}.segments")
        self._journal = self._copy = -1
        self.segments: list[Segment] = []

    def standing(self) -> str | None:
        """The id of the acquisition whose files stand here; "" for files of none, None without."""
        found = _kept(self._journal_path)
        if found:
            return str(found[0].get("acquisition", ""))
        return "" if self._image.exists() or self._part.exists() else None

    def open(self, acquisition_id: str, facts: AcquisitionFacts) -> None:
        """Make the files, or go on with them. Errors: ImageUnwritable, AcquiredElsewhere."""
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            self._journal = os.open(self._journal_path, flags, 0o600)
            fcntl.flock(self._journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
            kept = _kept(self._journal_path)
            if not kept:
                self._begin(acquisition_id, facts)
            else:
                self.segments = [_segment(each) for each in kept[1:]]
                self._go_on(facts)
        except BlockingIOError as error:
            raise AcquiredElsewhere(acquisition_id) from error
        except OSError as error:
            raise ImageUnwritable(error.strerror or "it can't be made") from error

    def _begin(self, acquisition_id: str, facts: AcquisitionFacts) -> None:
        os.ftruncate(self._journal, 0)
        self._say({"acquisition": acquisition_id, "size_bytes": facts.size_bytes})
        self._copy = os.open(self._part, os.O_RDWR | os.O_CLOEXEC | _NEW, 0o600)
        DiskFiles().sync_folder(self._image.parent)

    def _go_on(self, facts: AcquisitionFacts) -> None:
        whole = sum(each.length for each in self.segments)
        named = self._image.exists() and not self._part.exists()
        if named and whole == facts.size_bytes:  # killed before it was recorded
            self._copy = os.open(self._image, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        else:
            new = 0 if self.segments else os.O_CREAT  # killed before the copy was made
            flags = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | new
            self._copy = os.open(self._part, flags, 0o600)
        # A line that a kill tore is no segment: the journal ends at the last whole one.
        raw = self._journal_path.read_bytes()
        os.ftruncate(self._journal, raw.rfind(b"\n") + 1)

    def pieces(self, segment: Segment) -> Iterator[bytes]:
        """What stands in the image of a segment. Errors: ImageBroken when it is cut short."""
        done = 0
        while done < segment.length:
            take = min(_PIECE_BYTES, segment.length - done)
            data = os.pread(self._copy, take, segment.offset + done)
            if not data:
                raise ImageBroken(segment.offset)
            done += len(data)
            yield data

    def write(self, data: bytes, offset: int) -> None:
        """Write bytes of the copy. Errors: ImageUnwritable."""
        view = memoryview(data)
        try:
            while view:
                done = os.pwrite(self._copy, view, offset)
                view, offset = view[done:], offset + done
        except OSError as error:
            raise ImageUnwritable(error.strerror or "it can't be written") from error

    def keep(self, segment: Segment) -> None:
        """Make a written segment durable: first its bytes, then its line."""
        try:
            os.fsync(self._copy)
            self._say(
                {
                    "offset": segment.offset,
                    "length": segment.length,
                    "sha256": segment.sha256,
                    "bad": [[gap.offset, gap.length, gap.reason] for gap in segment.bad],
                }
            )
        except OSError as error:
            raise ImageUnwritable(error.strerror or "it can't be written") from error
        self.segments.append(segment)

    def _say(self, value: object) -> None:
        line = json.dumps(value, sort_keys=True).encode() + b"\n"
        os.lseek(self._journal, 0, os.SEEK_END)
        while line:
            line = line[os.write(self._journal, line) :]
        os.fsync(self._journal)

    def finish(self, size_bytes: int) -> None:
        """Give the whole copy its name, and let nobody write to it."""
        try:
            if self._part.exists():
                os.ftruncate(self._copy, size_bytes)
                os.fsync(self._copy)
                if not (self._image.exists() and self._image.samefile(self._part)):
                    DiskFiles().link(self._part, self._image)  # never over another file
                DiskFiles().unlink(self._part)
            os.fchmod(self._copy, 0o400)
            DiskFiles().sync_folder(self._image.parent)
        except OSError as error:
            raise ImageUnwritable(error.strerror or "it can't be named") from error

    def close(self) -> None:
        """Let go of the files and of the lock."""
        for handle in (self._copy, self._journal):
            if handle >= 0:
                os.close(handle)
        self._copy = self._journal = -1


def _kept(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a journal. Errors: ImageBroken for a line that is none of ours."""
    if not path.exists():
        return []
    raw = path.read_bytes()
    try:
        return [dict(json.loads(line)) for line in raw[: raw.rfind(b"\n") + 1].splitlines()]
    except (ValueError, TypeError) as error:
        raise ImageBroken(0) from error


def _segment(line: dict[str, Any]) -> Segment:
    try:
        bad = tuple(
            Gap(offset=offset, length=length, reason=GapReason(reason))
            for offset, length, reason in line["bad"]
        )
        return Segment(offset=line["offset"], length=line["length"], sha256=line["sha256"], bad=bad)
    except (ValueError, TypeError, KeyError) as error:
        raise ImageBroken(0) from error
