"""A source as the Sleuth Kit wants it: it asks for bytes and gets them, gaps as zeros."""

import pytsk3

from tipbridge.police.evidence.sources.model import Gap, MediaSource


class SourceImage(pytsk3.Img_Info):
    """Read-only by construction: it has `read` and nothing else."""

    def __init__(self, source: MediaSource) -> None:
        self.source = source
        self.gaps: list[Gap] = []
        super().__init__(url="", type=pytsk3.TSK_IMG_TYPE_EXTERNAL)

    def read(self, offset: int, length: int) -> bytes:
        """Called by the library for every block it wants."""
        length = max(0, min(length, self.source.size_bytes - offset))
        data, gaps = self.source.read(offset, length)
        self.gaps += gaps
        return data

    def get_size(self) -> int:
        """The length of the medium."""
        return self.source.size_bytes

    def close(self) -> None:
        """There is nothing of ours to close."""
