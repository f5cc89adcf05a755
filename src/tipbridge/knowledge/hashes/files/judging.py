"""What is asked about a hashed file, and what the answers say of it together. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tipbridge.knowledge.hashes.files.contents import FileHashes, LeftOut, Part
from tipbridge.knowledge.hashes.lookups import Matched, MatchHit, Query
from tipbridge.knowledge.hashes.model import DigestKind

AS_IT_IS, TURNED, AS_SHOWN, FRAME = "as-it-is", "turned", "as-shown", "frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHit:
    """One entry that a part matches, and by which of its hashes.

    Shape: of a video, how many of its frames match entries of the same item, of how many that
    were compared; 0 of 0 for anything else.
    """

    by: str
    hit: MatchHit
    frames_matched: int = 0
    frames_compared: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMatched:
    """What is known of a file, or of a member of an archive; the nearest entries first."""

    path: tuple[str, ...]
    content: str
    lane: str | None
    quality: int | None
    md5: str
    sha1: str
    sha256: str
    size_bytes: int
    notes: tuple[str, ...] = ()
    hits: tuple[PartHit, ...] = ()
    too_many: bool = False
    too_many_on: tuple[str, ...] = ()
    too_blank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMatched:
    """What is known of one file and all it holds, and what of it could not be compared."""

    file: str
    parts: tuple[PartMatched, ...]
    left_out: tuple[LeftOut, ...] = ()
    again: bool = False

    @property
    def hit(self) -> bool:
        """Whether any part is known, or near more entries than are shown."""
        return any(part.hits or part.too_many for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesMatched:
    """Files in the order they were given, and lists that could not be looked into."""

    files: tuple[FileMatched, ...]
    not_searched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One query of a part, by which of its hashes it asks, and for how many frames."""

    by: str
    query: Query
    frames: int = 1


def judged_file(file: FileHashes, told: Iterator[Matched]) -> FileMatched:
    """What answers say of a file; taken from `told` in the order in which it was asked."""
    return FileMatched(
        file=file.name,
        parts=tuple(
            _judged(part, [(one, next(told)) for one in queries_of(part)]) for part in file.parts
        ),
        left_out=file.left_out,
        again=file.again,
    )


def queries_of(part: Part) -> list[Asked]:
    """All that is asked about a part: its digests first, then each hash it could be known by."""
    digests = {
        DigestKind.MD5: bytes.fromhex(part.digests.md5),
        DigestKind.SHA1: bytes.fromhex(part.digests.sha1),
        DigestKind.SHA256: bytes.fromhex(part.digests.sha256),
    }
    picture = part.picture
    if picture is None:
        video = part.video
        shown = () if video is None else (*video.frames, *video.key_frames)
        frames = Counter((each.pdq, each.quality) for each in shown)
        return [
            Asked(by=AS_IT_IS, query=Query(digests=digests)),
            *(_near(FRAME, pdq, quality, count) for (pdq, quality), count in frames.items()),
        ]
    digests[DigestKind.PDQ] = picture.pdq
    asked = [Asked(by=AS_IT_IS, query=Query(digests=digests, quality=picture.quality))]
    turned = dict.fromkeys(each for each in picture.turned if each != picture.pdq)
    asked += [_near(TURNED, each, picture.quality) for each in turned]
    if picture.shown_pdq is not None:
        asked.append(_near(AS_SHOWN, picture.shown_pdq, picture.shown_quality))
    return asked


def _near(by: str, pdq: bytes, quality: int | None, frames: int = 1) -> Asked:
    return Asked(by=by, query=Query(digests={DigestKind.PDQ: pdq}, quality=quality), frames=frames)


def _judged(part: Part, told: Sequence[tuple[Asked, Matched]]) -> PartMatched:
    compared = sum(
        asked.frames for asked, answer in told if asked.by == FRAME and not answer.too_blank
    )
    of_media = [answer for asked, answer in told if asked.by == FRAME or part.picture is not None]
    return PartMatched(
        path=part.path,
        content=part.content,
        lane=part.lane,
        quality=None if part.picture is None else part.picture.quality,
        md5=part.digests.md5,
        sha1=part.digests.sha1,
        sha256=part.digests.sha256,
        size_bytes=part.digests.size_bytes,
        notes=part.notes,
        hits=_part_hits(told, compared),
        too_many=any(answer.too_many for _, answer in told),
        too_many_on=tuple(sorted({name for _, answer in told for name in answer.too_many_on})),
        too_blank=bool(of_media) and all(answer.too_blank for answer in of_media),
    )


def _part_hits(told: Sequence[tuple[Asked, Matched]], compared: int) -> tuple[PartHit, ...]:
    """Each entry once, of a video each item once, by the nearest of the part's hashes."""
    nearest: dict[tuple[object, ...], PartHit] = {}
    frames = Counter[tuple[object, ...]]()
    for asked, answer in told:
        of_this: set[tuple[object, ...]] = set()
        for hit in answer.hits:
            key = (hit.list_name, *_place(asked, hit))
            of_this.add(key)
            if key not in nearest or hit.distance_bits < nearest[key].hit.distance_bits:
                nearest[key] = PartHit(by=asked.by, hit=hit)
        if asked.by == FRAME:
            frames.update(dict.fromkeys(of_this, asked.frames))
    found = (
        replace(hit, frames_matched=frames[key], frames_compared=compared) if frames[key] else hit
        for key, hit in nearest.items()
    )
    return tuple(sorted(found, key=lambda each: each.hit.distance_bits))


def _place(asked: Asked, hit: MatchHit) -> tuple[object, ...]:
    if asked.by == FRAME and hit.item is not None:
        return FRAME, hit.item
    return hit.kind, hit.entry, hit.item, hit.frame
