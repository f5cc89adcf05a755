"""Hashed files against lists: every part by its digests, and by how near its hashes are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.actions import build_missing
from tipbridge.knowledge.hashes.beside import store as beside
from tipbridge.knowledge.hashes.building import build_absent
from tipbridge.knowledge.hashes.files.contents import FileHashes, Likeness, Part
from tipbridge.knowledge.hashes.files.judging import FilesMatched, judged_file, queries_of
from tipbridge.knowledge.hashes.indexes import Catalogue, ListIndex, indexes_of
from tipbridge.knowledge.hashes.lookups import MOST_HITS, MOST_ITEMS, MOST_RADIUS, RADIUS, Matched
from tipbridge.knowledge.hashes.matching import check_reach, chosen, match
from tipbridge.knowledge.hashes.model import Confidence, DigestKind, HashList, Hit, ListPurpose
from tipbridge.knowledge.hashes.rules import KIND_BY_LENGTH, standing_of
from tipbridge.knowledge.hashes.touching import is_blank

FAST_DRIFT_BITS = 14
"""So far a hash of the fast lane may be from the reference's: 4 bits were measured at most, at a
quarter from 2 MP and at an eighth from 8 MP. The rest is room."""
MOST_FILES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NearHit:
    """A list that something of a file is near to. Distance and entry are for staff alone.

    Shape: `entry` tells one entry from another; it is no digest.
    """

    hit: Hit
    by: str
    entry: str
    distance_bits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNear:
    """What files are near to, in their order, and lists that could not be looked into.

    Shape: a list that is not searched has no index files yet; the exact look-up does without.
    """

    near: tuple[tuple[NearHit, ...], ...]
    not_searched: tuple[HashList, ...] = ()


@action("hashes.matching.begun", roles=(Role.ANALYST, Role.EXAMINER))
def begin_matching(
    work: Work, *, lists: Iterable[str] | None = None, radius: int = RADIUS, most: int = MOST_HITS
) -> None:
    """Refuse what can't be asked before any file is hashed, and build index files where no worker runs.

    Errors: Invalid; NotFound for a name that is no list in effect.
    """
    check_reach(radius, most)
    build_absent(work)
    indexes, missing = chosen(indexes_of(work.node).renew(work), lists)
    work.record("all", lists=len(indexes), not_searched=len(missing), radius_bits=radius)


@action("hashes.files.matched", roles=(Role.ANALYST, Role.EXAMINER))
def match_files(
    work: Work,
    files: Sequence[FileHashes],
    *,
    lists: Iterable[str] | None = None,
    radius: int = RADIUS,
    most: int = MOST_HITS,
) -> FilesMatched:
    """Which entries of lists in effect hashed files match, turned pictures and frames included.

    Errors: Invalid; NotFound for a name that is no list in effect.
    """
    if not 1 <= len(files) <= MOST_FILES:
        raise Invalid(f"One request matches 1 to {MOST_FILES} files, not {len(files)}.")
    catalogue = indexes_of(work.node).renew(work)
    names = None if lists is None else tuple(lists)
    queries = [one.query for file in files for part in file.parts for one in queries_of(part)]
    answers: list[Matched] = []
    missing: set[str] = set()
    for at in range(0, len(queries), MOST_ITEMS):
        batch = queries[at : at + MOST_ITEMS]
        found = match(work, catalogue, batch, names=names, radius=radius, most=most)
        answers += found.answers
        missing |= set(found.not_searched)
    told = iter(answers)
    matched = tuple(judged_file(file, told) for file in files)
    work.record(
        "all",
        files=len(files),
        parts=sum(len(file.parts) for file in files),
        hits=sum(1 for each in matched if each.hit),
        not_searched=len(missing),
    )
    return FilesMatched(files=matched, not_searched=tuple(sorted(missing)))


def is_flagged(catalogue: Catalogue, found: FileHashes, *, radius: int = RADIUS) -> bool:
    """Whether the reference lanes have to look again: a hash of a first look may be a match.

    Shape: where radius and drift together are more than an index can be asked, always.
    """
    reach = radius + FAST_DRIFT_BITS
    if reach > MOST_RADIUS:
        return found.is_first_look
    hashes = [hash_ for part in found.parts if part.is_first_look for hash_ in _hashes_of(part)]
    return any(
        bool(touched.rows) or touched.too_many
        for index in catalogue.indexes
        for hash_ in hashes
        for touched in (index.search(hash_, reach, 1),)
    )


def flagging(node: Node, *, radius: int = RADIUS) -> Callable[[FileHashes], bool]:
    """`is_flagged` by the lists in effect, their files built if need be, where no worker runs."""
    with open_work(node, WORKER) as work:
        build_missing(work)
    return partial(is_flagged, indexes_of(node).catalogue(), radius=radius)


def _hashes_of(part: Part) -> tuple[bytes, ...]:
    """All hashes of a part by which it may be near to something."""
    frames = () if part.video is None else part.video.frames
    return (*(part.picture.turned if part.picture else ()), *(each.pdq for each in frames))


def likenesses_of(found: FileHashes) -> tuple[Likeness, ...]:
    """Every hash by which a file may be near to something, each once; blank pictures included."""
    asked = (one for part in found.parts for one in queries_of(part))
    pairs = ((one, one.query.digests.get(DigestKind.PDQ)) for one in asked)
    return tuple(
        dict.fromkeys(
            Likeness(by=one.by, pdq=hash_, quality=one.query.quality)
            for one, hash_ in pairs
            if hash_ is not None
        )
    )


def near_hits(
    indexes: Iterable[ListIndex], likenesses: Iterable[Likeness], *, radius: int = RADIUS
) -> tuple[NearHit, ...]:
    """The lists that pictures and frames of a file are near to, for rooms that act on a hit.

    Shape: one line for each list and class, the nearest; lists of known-good files are not asked.
    """
    nearest: dict[tuple[str, str | None], NearHit] = {}
    asked = tuple(each for each in indexes if each.list.purpose is not ListPurpose.KNOWN_GOOD)
    for each in likenesses:
        if not is_blank(each.quality):
            for index in asked:
                _keep_nearest(nearest, index, each.pdq, each.by, radius)
    return tuple(nearest[key] for key in sorted(nearest, key=str))


def _keep_nearest(
    nearest: dict[tuple[str, str | None], NearHit],
    index: ListIndex,
    hash_: bytes,
    by: str,
    radius: int,
) -> None:
    for row, bits in index.search(hash_, radius, MOST_HITS).rows:
        mark = index.mark(DigestKind.PDQ, row)
        key = (index.list.id, mark)
        if key in nearest and nearest[key].distance_bits <= bits:
            continue
        hit = Hit(
            list_id=index.list.id,
            list_name=index.list.name,
            purpose=index.list.purpose,
            handling=index.list.handling,
            mark=mark,
        )
        entry = f"{index.list.id}:{index.entry_id(DigestKind.PDQ, row)}"
        nearest[key] = NearHit(hit=hit, by=by, entry=entry, distance_bits=bits)


def known_near(work: Work, files: Sequence[FileHashes | None]) -> KnownNear:
    """What each of these files is near to, within the caller's own action; none for None."""
    catalogue = indexes_of(work.node).renew(work)
    return KnownNear(
        near=tuple(
            () if file is None else near_hits(catalogue.indexes, likenesses_of(file))
            for file in files
        ),
        not_searched=tuple(
            sorted(
                (each for each in catalogue.missing if each.purpose is not ListPurpose.KNOWN_GOOD),
                key=lambda each: each.name,
            )
        ),
    )


def confidences(
    work: Work, exact: Mapping[str, Sequence[Hit]], near: Iterable[NearHit]
) -> dict[str, Confidence]:
    """What votes say of entries that were hit, within the caller's own action.

    Shape: by `LIST:DIGEST` of an exact hit and by `entry` of a near one; those without a vote are
    left out.
    """
    places = {
        f"{hit.list_id}:{text}": (hit.list_id, KIND_BY_LENGTH[len(text)], bytes.fromhex(text))
        for text, hits in exact.items()
        for hit in hits
    }
    rows = {int(hit.entry.rpartition(":")[2]): hit for hit in near}
    for id_, entry in store.entries_by_id(work.db, rows).items():
        places[rows[id_].entry] = (rows[id_].hit.list_id, entry.kind, entry.digest)
    votes = beside.votes(work.db, set(places.values()))
    return {
        name: standing_of(votes[place]).confidence
        for name, place in places.items()
        if place in votes
    }


def list_in_effect(work: Work, list_id: str) -> ListIndex | None:
    """A list to be compared with, its files built if need be; None for one that is no finding.

    Shape: within the caller's own action; None too when it does not hold any more.
    """
    build_absent(work)
    indexes = indexes_of(work.node).renew(work).indexes
    found = next((each for each in indexes if each.list.id == list_id), None)
    good = found is not None and found.list.purpose is ListPurpose.KNOWN_GOOD
    return None if good else found


def has_likenesses(work: Work) -> bool:
    """Whether a list in effect holds hashes of pictures, or may: its index files are not there."""
    catalogue = indexes_of(work.node).renew(work)
    return any(
        each.near_part is not None
        for each in catalogue.indexes
        if each.list.purpose is not ListPurpose.KNOWN_GOOD
    ) or any(each.purpose is not ListPurpose.KNOWN_GOOD for each in catalogue.missing)
