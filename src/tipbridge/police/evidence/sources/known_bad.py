"""A source of which ranges are known not to be the medium's: zeros that a copy put there."""

from collections.abc import Sequence

from tipbridge.police.evidence.sources.model import Gap, GapReason, MediaSource, StoredDigests


class KnownBad:
    """Another source, with these ranges told as gaps whenever they are read."""

    def __init__(self, source: MediaSource, bad: Sequence[tuple[int, int]]) -> None:
        self._source, self._bad = source, bad

    @property
    def kind(self) -> str:
        """As the source is."""
        return self._source.kind

    @property
    def size_bytes(self) -> int:
        """As long as the source."""
        return self._source.size_bytes

    @property
    def stored(self) -> StoredDigests:
        """What the image's maker wrote down."""
        return self._source.stored

    @property
    def notes(self) -> tuple[str, ...]:
        """What is wrong with the image."""
        return self._source.notes

    @property
    def header(self) -> tuple[str, ...]:
        """What the image's maker wrote of it."""
        return self._source.header

    def read(self, offset: int, length: int) -> tuple[bytes, list[Gap]]:
        """The source's bytes, and each known range among them."""
        data, gaps = self._source.read(offset, length)
        for at, size in self._bad:
            start, end = max(at, offset), min(at + size, offset + length)
            if start < end:
                reason = GapReason.BAD_WHEN_ACQUIRED
                gaps.append(Gap(offset=start, length=end - start, reason=reason))
        return data, gaps
