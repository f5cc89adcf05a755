"""What lists say of what was read, within the caller's own action: exactly, and by likeness."""

from collections.abc import Iterable, Sequence

from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.knowledge.hashes.files import actions as likeness
from tipbridge.knowledge.hashes.files.actions import NearHit
from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.knowledge.hashes.model import Confidence, Hit, ListPurpose
from tipbridge.police.evidence.hits import BY_DIGEST, FileHit, Looked, Seen
from tipbridge.police.evidence.lookups import Lookups, texts_of
from tipbridge.police.evidence.model import FindingKind, FoundFile, SkippedEntry
from tipbridge.police.evidence.reading.behind import is_behind
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import NOWHERE, EntryFault, EntryKind

_LOOKED_AT = frozenset({EntryKind.FILE, EntryKind.STREAM, EntryKind.CARVED})
_SORTED_PLACES = frozenset({EntryKind.FILE, EntryKind.STREAM})
_LIKE = frozenset({Content.PICTURE.value, Content.VIDEO.value})


Known = dict[str, tuple[Hit, ...]]


def to_look_at(
    work: Work,
    found: Sequence[Digested],
    *,
    likenesses: bool,
    lookups: Lookups | None = None,
) -> list[Looked | None]:
    """For each entry why it need not be looked at in the box; None for what has to be."""
    asked = [each for each in found if _is_media(each)]
    texts = texts_of(each.digests for each in asked)
    known, good = _apart((lookups or Lookups()).known(work, texts))
    return [_why_not(each, known, good, likenesses=likenesses) for each in found]


def _apart(known: Known) -> tuple[Known, Known]:
    """What is on lists of material, and what is on lists of known-good files."""
    good, material = Known(), Known()
    for text, hits in known.items():
        is_good = [hit.purpose is ListPurpose.KNOWN_GOOD for hit in hits]
        if any(is_good):
            good[text] = tuple(hit for hit, so in zip(hits, is_good, strict=True) if so)
        if not all(is_good):
            material[text] = tuple(hit for hit, so in zip(hits, is_good, strict=True) if not so)
    return material, good


def _is_media(found: Digested) -> bool:
    is_whole = found.digests is not None and found.digests.size_bytes > 0
    return is_whole and bool(found.looks) and found.entry.kind in _LOOKED_AT


def _why_not(
    found: Digested,
    known: Known,
    good: Known,
    *,
    likenesses: bool,
) -> Looked | None:
    if found.digests is None or not _is_media(found):
        return Looked.NOTHING
    texts = texts_of([found.digests])
    if any(text in good for text in texts):
        return Looked.KNOWN_GOOD
    if found.looks not in _LIKE:
        return None
    if any(text in known for text in texts):
        return Looked.KNOWN
    return None if likenesses else Looked.NO_LIST


def judged(
    work: Work,
    numbered: Sequence[tuple[int, Seen]],
    *,
    sorted_material: bool,
    lookups: Lookups | None = None,
) -> list[FoundFile]:
    """The entries with digests, as they are kept: findings, and every list that says something."""
    asked = lookups or Lookups()
    read = [
        (number, seen, seen.found.digests)
        for number, seen in numbered
        if seen.found.digests is not None
    ]
    texts = texts_of(digests for _, _, digests in read)
    hashed = [seen.hashed for _, seen, _ in read]
    (known, _), near = _apart(asked.known(work, texts)), asked.near(work, hashed)
    asked.forget(texts, hashed)
    said = likeness.confidences(work, known, [hit for hits in near for hit in hits])
    return [
        _file(
            number,
            seen,
            digests,
            (*_exact(digests, known, said), *_near(hits, said)),
            sorted_material=sorted_material,
        )
        for (number, seen, digests), hits in zip(read, near, strict=True)
    ]


def _exact(digests: Digests, known: Known, said: dict[str, Confidence]) -> Iterable[FileHit]:
    kept: dict[tuple[str, str | None], FileHit] = {}
    for text in texts_of([digests]):
        for hit in known.get(text, ()):
            confidence = said.get(f"{hit.list_id}:{text}", Confidence.UNVOTED)
            kept.setdefault(
                (hit.list_id, hit.mark),
                _hit(hit, confidence, by=BY_DIGEST, distance_bits=0),
            )
    return kept.values()


def _near(hits: Iterable[NearHit], said: dict[str, Confidence]) -> Iterable[FileHit]:
    for each in hits:
        confidence = said.get(each.entry, Confidence.UNVOTED)
        yield _hit(each.hit, confidence, by=each.by, distance_bits=each.distance_bits)


def _hit(hit: Hit, confidence: Confidence, *, by: str, distance_bits: int) -> FileHit:
    return FileHit(
        list_id=hit.list_id,
        list_name=hit.list_name,
        purpose=hit.purpose.value,
        mark=hit.mark,
        confidence=confidence.value,
        by=by,
        distance_bits=distance_bits,
    )


def _file(
    number: int, seen: Seen, digests: Digests, hits: tuple[FileHit, ...], *, sorted_material: bool
) -> FoundFile:
    entry = seen.found.entry
    lists = {hit.list_id for hit in hits if not hit.is_near}
    is_sorted = sorted_material and entry.kind in _SORTED_PLACES and digests.size_bytes > 0
    is_sorted = is_sorted and not is_behind(entry.path)
    finding = FindingKind.SORTED if is_sorted else None
    return FoundFile(
        number=number,
        path=entry.path,
        digests=digests,
        finding=FindingKind.LISTED if lists else finding,
        list_ids=tuple(sorted(lists)),
        place=entry.kind,
        state=entry.state,
        start_byte=None if entry.first_byte == NOWHERE else entry.first_byte,
        looks=seen.found.looks,
        times=entry.times,
        looked=seen.looked,
        look_reasons=seen.reasons,
        hits=hits,
    )


def left_out(seen: Seen) -> SkippedEntry:
    """An entry without digests, as it is kept."""
    entry = seen.found.entry
    return SkippedEntry(
        path=entry.path,
        reason=entry.fault or EntryFault.CONTENT_INCOMPLETE,
        detail=entry.detail,
        place=entry.kind,
        state=entry.state,
        start_byte=None if entry.first_byte == NOWHERE else entry.first_byte,
        size_bytes=entry.size,
    )
