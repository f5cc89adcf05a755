"""An exhibit's media for the examiner's own viewer, and the categories that come back. Pure.

The form is VICS 2.0 as viewers write and read it; no byte of a medium is in it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes.documents import numbered_vics
from tipbridge.knowledge.hashes.model import Entry, Reject, Scheme
from tipbridge.knowledge.hashes.rules import EXACT_KINDS
from tipbridge.police.evidence.model import FoundFile

CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/CUSTOM/$metadata#Cases"
UNCATEGORISED = 0
CATEGORIES = frozenset("012345")
MOST_SHOWN = 5
_MEDIA = frozenset({"picture", "video"})
_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp() * 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Of which case and exhibit the media are, and which program tells."""

    case_id: str
    case_number: str
    mark: str
    version: str


def write_case(head: Head, files: Iterable[FoundFile], given: Mapping[str, int]) -> bytes:
    """Every picture, film and finding once, by SHA-256, with each place where it lies.

    Shape: `given` are categories by SHA-256 that were given before.
    """
    media: dict[str, list[FoundFile]] = {}
    for file in files:
        if file.looks in _MEDIA or file.finding is not None:
            media.setdefault(file.digests.sha256, []).append(file)
    told = [
        _medium(number, places, given.get(sha256, UNCATEGORISED), head.mark)
        for number, (sha256, places) in enumerate(media.items(), start=1)
    ]
    case = {
        "CaseID": head.case_id,
        "CaseNumber": head.case_number,
        "SourceApplicationName": "Tipbridge",
        "SourceApplicationVersion": head.version,
        "TotalMediaFiles": sum(len(places) for places in media.values()),
        "Media": told,
    }
    document = {"@odata.context": CONTEXT, "value": [case]}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _medium(number: int, places: list[FoundFile], category: int, source: str) -> dict[str, object]:
    first = places[0]
    return {
        "MediaID": number,
        "Category": category,
        "MD5": first.digests.md5.upper(),
        "SHA1": first.digests.sha1.upper(),
        "SHA256": first.digests.sha256.upper(),
        "MediaSize": first.digests.size_bytes,
        "MimeType": {"picture": "image", "video": "video"}.get(first.looks, ""),
        "IsPrecategorized": first.finding is not None,
        "Comments": "; ".join(
            f"{hit.list_name} {hit.mark or ''} {hit.by} {hit.distance_bits}/256"
            for hit in first.hits
        ),
        "MediaFiles": [_place(file, source) for file in places],
    }


def _place(file: FoundFile, source: str) -> dict[str, object]:
    times = {
        "Created": file.times.created,
        "Written": file.times.modified,
        "Accessed": file.times.accessed,
    }
    return {
        "MD5": file.digests.md5.upper(),
        "FileName": file.path.rpartition("/")[2],
        "FilePath": file.path,
        "Unallocated": file.may_be_overwritten,
        "SourceID": source,
        "PhysicalLocation": file.start_byte,
        **{
            name: datetime.fromtimestamp(at // 10**9, UTC).isoformat()
            for name, at in times.items()
            if 0 < at < _LATEST
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorised:
    """A medium of a viewer's document that has a category; `medium` is its number there."""

    digest: str
    category: int
    medium: int


def read_categories(document: bytes) -> list[Categorised]:
    """Every digest of a viewer's document with its category; the uncategorised are left out.

    Errors: Invalid, which names the first records that can't be read, or two that contradict.
    """
    found: list[Categorised] = []
    wrong: list[str] = []
    for medium, each in numbered_vics(document, Scheme.VICS):
        if isinstance(each, Reject):
            wrong.append(f"medium {each.line}: {each.reason}")
        elif isinstance(each, Entry) and each.kind in EXACT_KINDS and each.mark not in {None, "0"}:
            category = int(each.mark or "0")
            found.append(Categorised(digest=each.digest.hex(), category=category, medium=medium))
    if wrong:
        more = f", and {len(wrong) - MOST_SHOWN} more" if len(wrong) > MOST_SHOWN else ""
        raise Invalid(f"This VICS document can't be read: {'; '.join(wrong[:MOST_SHOWN])}{more}.")
    check_agree((each.digest, each) for each in found)
    return found


def check_agree(files: Iterable[tuple[str, Categorised]]) -> None:
    """See that no file has two categories. Shape: each with what it is the same file by.

    Errors: Invalid, which names both places.
    """
    first: dict[str, Categorised] = {}
    for file, each in files:
        other = first.setdefault(file, each)
        if other.category != each.category:
            raise Invalid(
                f"One file has two categories: medium {other.medium} of the document gives it"
                f" category {other.category} and medium {each.medium} gives it category"
                f" {each.category}. Leave one of them out."
            )


def read_numbers(text: str) -> frozenset[int]:
    """Categories that mean one thing, as `1,2`. Errors: Invalid."""
    numbers = [each.strip() for each in text.split(",") if each.strip()]
    if any(each not in CATEGORIES or each == "0" for each in numbers):
        raise Invalid("Name categories as numbers from 1 to 5, apart by commas, as 1,2.")
    return frozenset(int(each) for each in numbers)
