"""The look-up itself: which rows of which lists a file touches, and what may be said of them."""

from collections.abc import Iterable, Sequence

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
from tipbridge.knowledge.hashes.rules import standing_of, told_to_providers, written_digest
from tipbridge.knowledge.hashes.touching import Touch, is_blank, touches

_UNVOTED = standing_of({})


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
    touched = touches(indexes, queries, radius, most)
    shown = [_nearest(of_one, most) for of_one in touched]
    entries, standing = _known_of(work, [row for each in shown for row in each])
    return Matches(
        answers=tuple(
            Matched(
                ref=query.ref,
                hits=tuple(_hit(each, entries, standing) for each in nearest),
                too_many=len(of_one) > most or any(each.number is None for each in of_one),
                too_blank=is_blank(query.quality),
            )
            for query, nearest, of_one in zip(queries, shown, touched, strict=True)
        ),
        not_searched=tuple(sorted(each.name for each in missing)),
    )


def _nearest(touched: Iterable[Touch], most: int) -> list[Touch]:
    rows = (each for each in touched if each.number is not None)
    return sorted(rows, key=lambda each: each.distance_bits)[:most]


def _known_of(
    work: Work, rows: Iterable[Touch]
) -> tuple[dict[int, Entry], dict[tuple[str, DigestKind, bytes], Standing]]:
    ids = {row.entry_id: row.index.list.id for row in rows}
    entries = store.entries_by_id(work.db, ids)
    places = [(ids[id_], entry.kind, entry.digest) for id_, entry in entries.items()]
    votes = beside.votes(work.db, places)
    return entries, {place: standing_of(said) for place, said in votes.items()}


def _hit(
    row: Touch,
    entries: dict[int, Entry],
    standing: dict[tuple[str, DigestKind, bytes], Standing],
) -> MatchHit:
    hash_list, entry = row.index.list, entries[row.entry_id]
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
    touched = touches(indexes, queries, RADIUS, MOST_HITS)
    return Answers(
        answers=tuple(map(_told, queries, touched)),
        not_searched=len(missing),
    )


def _told(query: Query, touched: Iterable[Touch]) -> Told:
    hits = dict.fromkeys((each.index.list.name, each.mark) for each in touched)
    return Told(
        ref=query.ref,
        hits=tuple(ToldHit(list_name=name, classification=mark) for name, mark in hits),
        too_blank=is_blank(query.quality),
    )
