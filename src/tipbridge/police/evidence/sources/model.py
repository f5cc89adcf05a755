"""What every source gives: bytes at an offset, and where it has none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class GapReason(StrEnum):
    """Why bytes of a source can't be had. Closed."""

    READ_ERROR = "read-error"
    MISSING_SEGMENT = "missing-segment"
    WRONG_CHECKSUM = "wrong-checksum"
    BAD_COMPRESSION = "bad-compression"
    CHUNK_MISSING = "chunk-missing"
    SOURCE_TOO_SHORT = "source-too-short"
    BAD_WHEN_ACQUIRED = "bad-when-acquired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A range of the source that can't be had, and why."""

    offset: int
    length: int
    reason: GapReason


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDigests:
    """What the image's maker wrote down of the whole: lower-case hexadecimal."""

    md5: str | None = None
    sha1: str | None = None


class MediaSource(Protocol):
    """The bytes of a medium, whatever its image is written in."""

    @property
    def kind(self) -> str:
        """What the image is written in."""
        ...

    @property
    def size_bytes(self) -> int:
        """The length of the medium."""
        ...

    @property
    def stored(self) -> StoredDigests:
        """What the image's maker wrote down."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What is wrong with the image's own structure, in words."""
        ...

    @property
    def header(self) -> tuple[str, ...]:
        """What the image's maker wrote of it: case, examiner, tool, times, in words."""
        ...

    def read(self, offset: int, length: int) -> tuple[bytes, list[Gap]]:
        """Exactly these bytes, zeros where there are none, and each such range."""
        ...


def joined(gaps: list[Gap]) -> list[Gap]:
    """Gaps in order, with neighbours of one reason put together and none counted twice."""
    kept: list[Gap] = []
    for gap in sorted(gaps, key=lambda each: (each.offset, -each.length)):
        last = kept[-1] if kept else None
        end = gap.offset + gap.length
        if last is None or gap.offset > last.offset + last.length:
            kept.append(gap)
            continue
        reach = last.offset + last.length
        if end <= reach:
            continue
        if gap.reason is last.reason:
            kept[-1] = Gap(offset=last.offset, length=end - last.offset, reason=last.reason)
        else:
            kept.append(Gap(offset=reach, length=end - reach, reason=gap.reason))
    return kept
