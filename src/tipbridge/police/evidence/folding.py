"""Slack that holds nothing: said together, one line for the files of a batch.

A medium of many small files has slack behind each of them, nearly all of it zeros.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from tipbridge.knowledge.hashes.digests import Digests, digest_bytes
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import NO_TIMES, Entry, EntryKind

_MOST_BYTES = 64 * 1024
"""A slack is shorter than a cluster; a longer one stands for itself."""


def folded(found: Iterable[Digested]) -> list[Digested]:
    """The same, with every slack of nothing but zeros said in one entry of its volume."""
    kept: list[Digested] = []
    blank: dict[int, list[Entry]] = {}
    for each in found:
        if _is_blank(each):
            blank.setdefault(each.entry.volume, []).append(each.entry)
        else:
            kept.append(each)
    return kept + [_together(entries) for entries in blank.values()]


def _is_blank(found: Digested) -> bool:
    entry = found.entry
    is_slack = entry.kind is EntryKind.SLACK and entry.size <= _MOST_BYTES
    return is_slack and found.digests == _of_zeros(entry.size)


@cache
def _of_zeros(size: int) -> Digests:
    return digest_bytes(bytes(size))


def _together(entries: list[Entry]) -> Digested:
    first = entries[0]
    volume = first.path.partition("/")[0]
    size = sum(each.size for each in entries)
    whole = replace(
        first,
        path=f"{volume}/$Slack@{first.first_byte} (zeros behind {len(entries)} files)",
        size=size,
        runs=tuple(run for each in entries for run in each.runs),
        times=NO_TIMES,
    )
    return Digested(entry=whole, digests=digest_bytes(bytes(size)))
