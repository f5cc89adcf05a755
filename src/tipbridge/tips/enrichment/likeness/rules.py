"""What is compared by likeness, and how far it was; pure."""

from collections.abc import Iterable, Sequence

from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.tips.enrichment.model import Look, Looked, TipFile

MOST_REASONS = 20
LISTS_NOT_READY = "list-not-ready"


def to_compare(files: Iterable[TipFile]) -> list[str]:
    """The files with bytes that are still here."""
    return [each.file_id for each in files if each.sealed is not None and each.digests.size_bytes]


def look_of(file_id: str, hashed: FileHashes, not_searched: Sequence[str]) -> Look:
    """How far a file was compared: everything left out is named, with its reason.

    Shape: reasons are words of the box and of lists; a member of an archive is counted, not named.
    """
    left = [f"{each.what}: {each.reason}" for each in hashed.left_out]
    reasons = list(dict.fromkeys(left))[:MOST_REASONS]
    reasons += [f"{LISTS_NOT_READY}: {name}" for name in not_searched]
    seen = any(part.picture is not None or part.video is not None for part in hashed.parts)
    if seen:
        looked = Looked.IN_PART if reasons else Looked.COMPARED
    else:
        looked = Looked.NOT_COMPARED if hashed.left_out else Looked.NOTHING
    return Look(
        file_id=file_id,
        looked=looked,
        reasons=() if looked is Looked.NOTHING else tuple(reasons),
    )
