"""The look-up itself: which rows of which lists a file touches, and what may be said of them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import store
from tipbridge.knowledge.hashes.beside import store as beside
from tipbridge.knowledge.hashes.indexes import Catalogue, ListIndex
from tipbridge.knowledge.hashes.lookups import (
    LOOKED_AT,
    MOST_HITS,
    MOST_ITEMS,
    MOST_RADIUS,
    MOST_READ,
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


def check_reach(radius: int, most: int) -> None:
    """Nothing. Errors: Invalid for a radius, or a number of entries, that is not offered."""
    if not 0 <= radius <= MOST_RADIUS:
        raise Invalid(f"A radius is 0 to {MOST_RADIUS} bits, not {radius}.")
    if not 1 <= most <= MOST_HITS:
        raise Invalid(f"At most 1 to {MOST_HITS} entries are shown for one file, not {most}.")


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
    check_reach(radius, most)
    indexes, missing = chosen(catalogue, names)
    touched = touches(indexes, queries, radius, LOOKED_AT)
    rows = [_nearest(of_one) for of_one in touched]
    crowded = sum(1 for each in rows if len(each) > most)
    read = max(most, MOST_READ // max(1, crowded))
    ids = {row.entry_id for each in rows for row in each[:read]}
    entries = store.entries_by_id(work.db, ids)
    shown = [_shown(each[:read], entries, most) for each in rows]
    standing = _standing_of(work, [row for each in shown for row in each], entries)
    return Matches(
        answers=tuple(
            Matched(
                ref=query.ref,
                hits=tuple(_hit(each, entries, standing) for each in nearest),
                too_many=bool(more),
                too_many_on=more,
                too_blank=is_blank(query.quality),
            )
            for query, nearest, of_one in zip(queries, shown, touched, strict=True)
            for more in (_left_out(of_one, nearest),)
        ),
        not_searched=tuple(sorted(each.name for each in missing)),
    )


def _nearest(touched: Iterable[Touch]) -> list[Touch]:
    rows = (each for each in touched if each.number is not None)
    return sorted(rows, key=lambda each: each.distance_bits)


def _shown(rows: list[Touch], entries: dict[int, Entry], most: int) -> list[Touch]:
    """The rows that are shown: all, or of each class the nearest and then the nearest of all.

    Shape: where not all fit, one stands for all equal frames of an item.
    """
    if len(rows) <= most:
        return rows
    apart: dict[tuple[object, ...], Touch] = {}
    for row in rows:
        entry = entries[row.entry_id]
        said = (row.index.list.id, entry.mark, entry.kind, entry.digest, entry.item)
        apart.setdefault(said, row)
    of_class: dict[tuple[object, ...], int] = {}
    for place, (list_id, mark, *_) in enumerate(apart):
        of_class.setdefault((list_id, mark), place)
    places = dict.fromkeys((*of_class.values(), *range(len(apart))))
    kept = tuple(apart.values())
    return [kept[place] for place in sorted(list(places)[:most])]


def _left_out(touched: Iterable[Touch], shown: Iterable[Touch]) -> tuple[str, ...]:
    """The lists of which more entries are near than are shown."""
    near = Counter(each.index.list.name for each in touched)
    return tuple(sorted(near - Counter(each.index.list.name for each in shown)))


def _standing_of(
    work: Work, rows: Iterable[Touch], entries: dict[int, Entry]
) -> dict[tuple[str, DigestKind, bytes], Standing]:
    of_rows = ((row.index.list.id, entries[row.entry_id]) for row in rows)
    votes = beside.votes(work.db, {(id_, each.kind, each.digest) for id_, each in of_rows})
    return {place: standing_of(said) for place, said in votes.items()}


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
    rows = (each for each in touched if each.number is not None)
    hits = dict.fromkeys((each.index.list.name, each.mark) for each in rows)
    return Told(
        ref=query.ref,
        hits=tuple(ToldHit(list_name=name, classification=mark) for name, mark in hits),
        too_blank=is_blank(query.quality),
    )
