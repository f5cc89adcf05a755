"""What keeps an examination of an image from being complete: a kind, and what it was."""

from dataclasses import dataclass, field
from enum import StrEnum

from tipbridge.police.evidence.sayings import Saying


class DoubtKind(StrEnum):
    """Why a source was not read whole, or is not what was written down of it. Closed."""

    CHANGED_WHILE_EXAMINED = "changed-while-examined"
    NOT_AS_ACQUIRED = "not-as-acquired"
    """The image is not what the acquisition's record says of it."""
    NOT_AS_STORED = "not-as-stored"
    """The medium's digest is not the one that the image's maker wrote into it."""
    DIGEST_NOT_COMPARABLE = "digest-not-comparable"
    """The stored digest differs, and bytes are missing; nobody can say which of the two it is."""
    OF_NO_ACQUISITION = "of-no-acquisition"
    """Images were made of the exhibit, and this is none of them."""
    BAD_WHEN_ACQUIRED = "bad-when-acquired"
    BYTES_NOT_READ = "bytes-not-read"
    IMAGE_DAMAGED = "image-damaged"
    CONTENT_NOT_PROCESSED = "content-not-processed"
    ENTRIES_DIFFER = "entries-differ"
    """What was listed is not what was answered for."""


ALTERING = frozenset(
    {DoubtKind.CHANGED_WHILE_EXAMINED, DoubtKind.NOT_AS_ACQUIRED, DoubtKind.NOT_AS_STORED}
)
"""What says that the source is another than it was; the rest say that it was not read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One reason against a verdict of complete.

    Shape: `detail` is the record in English; what is `said` has its facts apart, for a page in any
    language. One from before 0120 has only the former.
    """

    kind: DoubtKind
    detail: str = field(default="", repr=False)
    said: tuple[Saying, ...] = field(default=(), repr=False)


def doubt(kind: DoubtKind, *said: Saying, detail: str | None = None) -> Doubt:
    """A doubt with its record made of what is said, where that is not given."""
    if detail is None:
        detail = ", ".join(each.in_english() for each in said)
    return Doubt(kind=kind, detail=detail, said=said)
