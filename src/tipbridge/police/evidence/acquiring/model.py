"""An image being made of a medium, and what was made."""

from dataclasses import dataclass, field
from datetime import datetime

from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.police.evidence.sources.model import Gap

SEGMENT_BYTES = 64 * 1024 * 1024
"""A kill costs at most one segment; each has a digest of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionFacts:
    """What is copied where. Shape: both are absolute paths; a resumed copy has equal facts."""

    source: str = field(repr=False)
    image: str = field(repr=False)
    size_bytes: int
    segment_bytes: int = SEGMENT_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One stretch of the medium as it stands in the image, bad ranges as zeros."""

    offset: int
    length: int
    sha256: str
    bad: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A whole image: digests of it all and of each segment in order, and every bad range."""

    digests: Digests
    segments: tuple[str, ...]
    bad: tuple[Gap, ...] = ()

    @property
    def bad_bytes(self) -> int:
        """How many bytes of the medium could not be read and are zeros in the image."""
        return sum(each.length for each in self.bad)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Who recorded an image that was made elsewhere, and the digests that its maker stated."""

    by: str
    at: datetime
    stated: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """An image of an exhibit's medium. Shape: without `copied` it is not finished; one with
    `recorded` was made by another tool, at its maker's word.
    """

    id: str
    exhibit_id: str
    at: datetime
    examiner: str
    tool: str
    facts: AcquisitionFacts
    finished_at: datetime | None = None
    copied: Copied | None = None
    recorded: Recorded | None = None
