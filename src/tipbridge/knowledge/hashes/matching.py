"""The look-up itself: which rows of which lists a file touches, and what may be said of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.beside import store as beside
from tipbridge.knowledge.hashes.indexes import Catalogue, ListIndex
from tipbridge.knowledge.hashes.lookups import (
    MOST_HITS,
    MOST_ITEMS,
    MOST_RADIUS,
    RADIUS,
    Answers,
    Matched,
    Matches,
    MatchHit,
    Query,
    Told,
    ToldHit,
)
from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Entry,
    HashList,
    Standing,
)
from tipbridge.knowledge.hashes.rules import (
    EXACT_KINDS,
    LEAST_QUALITY,
    standing_of,
    told_to_providers,
    written_digest,
)

_UNVOTED = standing_of({})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row of an index that a query touches."""

    index: ListIndex
    kind: DigestKind
    number: int
    distance_bits: int


def checked_queries(queries: Sequence[Query]) -> Sequence[Query]:
    """The queries, when they are not too many. Errors: Invalid."""
    if not 1 <= len(queries) <= MOST_ITEMS:
        raise Invalid(f"One request asks about 1 to {MOST_ITEMS} files, not {len(queries)}.")
    return queries


def chosen(
    catalogue: Catalogue, names: Iterable[str] | None
) -> tuple[tuple[ListIndex, ...], tuple[HashList, ...]]:
    """The lists asked for, or all; those that can't be looked into apart.

    Errors: NotFound for a name that is no list in effect.
    """
    if names is None:
        return catalogue.indexes, catalogue.missing
    wanted = set(names)
    indexes = tuple(each for each in catalogue.indexes if each.list.name in wanted)
    missing = tuple(each for each in catalogue.missing if each.name in wanted)
    left = wanted - {each.list.name for each in indexes} - {each.name for each in missing}
    if left:
        raise NotFound("hash list in effect", min(left))
    return indexes, missing


def is_blank(quality: int | None) -> bool:
    """Whether a picture of this quality says too little to be compared with others."""
    return quality is not None and quality < LEAST_QUALITY


def match(
    work: Work,
    catalogue: Catalogue,
    queries: Sequence[Query],
    *,
    names: Iterable[str] | None = None,
    radius: int = RADIUS,
    most: int = MOST_HITS,
) -> Matches:
    """All that an analyst may know of several files, within the caller's own action.

    Errors: Invalid; NotFound.
    """
    checked_queries(queries)
    if not 0 <= radius <= MOST_RADIUS:
        raise Invalid(f"A radius is 0 to {MOST_RADIUS} bits, not {radius}.")
    if not 1 <= most <= MOST_HITS:
        raise Invalid(f"At most 1 to {MOST_HITS} entries are shown for one file, not {most}.")
    indexes, missing = chosen(catalogue, names)
    touched = [_touched(indexes, query, radius, most) for query in queries]
    shown = [sorted(rows, key=lambda row: row.distance_bits)[:most] for rows, _ in touched]
    entries, standing = _known_of(work, [row for rows in shown for row in rows])
    return Matches(
        answers=tuple(
            Matched(
                ref=query.ref,
                hits=tuple(_hit(row, entries, standing) for row in rows),
                too_many=too_many or len(all_rows) > most,
                too_blank=is_blank(query.quality),
            )
            for query, rows, (all_rows, too_many) in zip(queries, shown, touched, strict=True)
        ),
        not_searched=tuple(sorted(each.name for each in missing)),
    )


def _touched(
    indexes: Sequence[ListIndex], query: Query, radius: int, most: int
) -> tuple[list[_Row], bool]:
    rows: list[_Row] = []
    too_many = False
    for index in indexes:
        for kind, digest in query.digests.items():
            if kind in EXACT_KINDS:
                found = index.find(kind, digest)
            elif is_blank(query.quality):
                continue
            else:
                found = index.search(digest, radius, most)
            too_many |= found.too_many
            rows.extend(
                _Row(index=index, kind=kind, number=number, distance_bits=bits)
                for number, bits in found.rows
            )
    return rows, too_many


def _known_of(
    work: Work, rows: Iterable[_Row]
) -> tuple[dict[int, Entry], dict[tuple[str, DigestKind, bytes], Standing]]:
    ids = {row.index.entry_id(row.kind, row.number): row.index.list.id for row in rows}
    entries = store.entries_by_id(work.db, ids)
    places = [(ids[id_], entry.kind, entry.digest) for id_, entry in entries.items()]
    votes = beside.votes(work.db, places)
    return entries, {place: standing_of(said) for place, said in votes.items()}


def _hit(
    row: _Row,
    entries: dict[int, Entry],
    standing: dict[tuple[str, DigestKind, bytes], Standing],
) -> MatchHit:
    hash_list = row.index.list
    entry = entries[row.index.entry_id(row.kind, row.number)]
    votes = standing.get((hash_list.id, entry.kind, entry.digest), _UNVOTED)
    return MatchHit(
        list_name=hash_list.name,
        version=row.index.version,
        purpose=hash_list.purpose,
        owner=hash_list.owner,
        handling=hash_list.handling,
        scheme=hash_list.scheme,
        kind=entry.kind,
        entry=written_digest(entry.kind, entry.digest),
        item=entry.item,
        frame=entry.frame,
        classification=entry.mark,
        confidence=votes.confidence,
        votes_in_favour=votes.in_favour,
        votes_against=votes.against,
        distance_bits=row.distance_bits,
        valid_until=hash_list.valid_until,
    )


def tell(catalogue: Catalogue, queries: Sequence[Query]) -> Answers:
    """All that a provider may know of several files: which lists, which class, nothing nearer.

    Shape: one line for each list and class, however many entries are near. No database is asked.
    """
    indexes = [
        each
        for each in catalogue.indexes
        if told_to_providers(each.list.purpose, each.list.handling)
    ]
    missing = [each for each in catalogue.missing if told_to_providers(each.purpose, each.handling)]
    return Answers(
        answers=tuple(_told(indexes, query) for query in queries), not_searched=len(missing)
    )


def _told(indexes: Sequence[ListIndex], query: Query) -> Told:
    hits: dict[tuple[str, str | None], None] = {}
    blank = is_blank(query.quality)
    for index in indexes:
        for kind, digest in query.digests.items():
            if kind in EXACT_KINDS:
                found = index.find(kind, digest)
            elif blank:
                continue
            else:
                found = index.search(digest, RADIUS, MOST_HITS)
            if found.too_many:
                hits[index.list.name, None] = None
            for number, _ in found.rows:
                hits[index.list.name, index.mark(kind, number)] = None
    return Told(
        ref=query.ref,
        hits=tuple(ToldHit(list_name=name, classification=mark) for name, mark in hits),
        too_blank=blank,
    )
