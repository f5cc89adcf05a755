"""Whether a source was read whole, stayed what it was, and is what was written down of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tipbridge.police.evidence.acquired import Held
from tipbridge.police.evidence.doubts import ALTERING, Doubt, DoubtKind, doubt
from tipbridge.police.evidence.model import SourceFacts, UnreadRange, Verdict
from tipbridge.police.evidence.reading.model import EntryFault
from tipbridge.police.evidence.sayings import (
    NOT_ANSWERED,
    NOT_STORED,
    ONE_RANGE,
    OTHER_AFTER,
    RANGES,
    Saying,
    read_note,
)
from tipbridge.police.evidence.sources.model import GapReason

NOT_OPENED = "archive-not-opened"
"""What is said of archives whose own bytes were processed, and their members not."""
_NOTHING_LOST = frozenset(
    {
        EntryFault.SYMBOLIC_LINK,
        EntryFault.SPECIAL_FILE,
        EntryFault.NAME_ONLY,
        EntryFault.NAME_REUSED,
        EntryFault.NOTHING_STORED,
        EntryFault.NO_STREAM,
        EntryFault.NOTHING_WRITTEN,
    }
)
"""Faults of entries that never had content on the medium."""
_NOT_HAD = frozenset(GapReason) - {GapReason.BAD_WHEN_ACQUIRED}
"""Gaps that make the digest of the whole another; what was bad when acquired is zeros in both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a pass came to. Shape: `left` counts present entries that were not processed, by reason;
    of what was `listed`, so many were `answered` for.
    """

    sha256_after: str
    unread: Sequence[UnreadRange]
    left: Mapping[str, int]
    answered: int
    held: Held | None


def doubts_on(facts: SourceFacts, outcome: Outcome) -> tuple[Doubt, ...]:
    """Every reason against a verdict of complete, the gravest first."""
    return tuple(_doubts(facts, outcome))


def verdict_of(doubts: Sequence[Doubt]) -> Verdict:
    """Altered when any of them says so, incomplete for any other."""
    if any(each.kind in ALTERING for each in doubts):
        return Verdict.ALTERED
    return Verdict.INCOMPLETE if doubts else Verdict.COMPLETE


def _doubts(facts: SourceFacts, outcome: Outcome) -> Iterator[Doubt]:
    if outcome.sha256_after != facts.sha256:
        digests: dict[str, str | int] = {"before": facts.sha256, "after": outcome.sha256_after}
        yield doubt(DoubtKind.CHANGED_WHILE_EXAMINED, Saying(text=OTHER_AFTER, facts=digests))
    held = outcome.held
    if held is not None and held.changed:
        yield doubt(DoubtKind.NOT_AS_ACQUIRED, *held.changed)
    yield from _not_as_stored(facts, outcome.unread)
    if held is not None and held.acquisition is None:
        yield doubt(DoubtKind.OF_NO_ACQUISITION)
    yield from _not_read(outcome.unread)
    for note in facts.notes:
        yield doubt(DoubtKind.IMAGE_DAMAGED, *read_note(note), detail=note)
    lost = [
        Saying(text=reason, number=number)
        for reason, number in sorted(outcome.left.items())
        if reason not in _NOTHING_LOST
    ]
    if lost:
        yield doubt(DoubtKind.CONTENT_NOT_PROCESSED, *lost)
    if outcome.answered != facts.entries:
        counts: dict[str, str | int] = {"listed": facts.entries, "answered": outcome.answered}
        yield doubt(DoubtKind.ENTRIES_DIFFER, Saying(text=NOT_ANSWERED, facts=counts))


def _not_as_stored(facts: SourceFacts, unread: Sequence[UnreadRange]) -> Iterator[Doubt]:
    stated = (("MD5", facts.stored_md5, facts.md5), ("SHA-1", facts.stored_sha1, facts.sha1))
    bytes_missing = any(each.reason in _NOT_HAD for each in unread)
    kind = DoubtKind.DIGEST_NOT_COMPARABLE if bytes_missing else DoubtKind.NOT_AS_STORED
    for name, stored, is_ in stated:
        if stored is not None and stored != is_:
            digests: dict[str, str | int] = {"name": name, "stored": stored, "read": is_}
            yield doubt(kind, Saying(text=NOT_STORED, facts=digests))


def _not_read(unread: Sequence[UnreadRange]) -> Iterator[Doubt]:
    bad = [each for each in unread if each.reason == GapReason.BAD_WHEN_ACQUIRED]
    others = [each for each in unread if each.reason != GapReason.BAD_WHEN_ACQUIRED]
    for kind, ranges in ((DoubtKind.BAD_WHEN_ACQUIRED, bad), (DoubtKind.BYTES_NOT_READ, others)):
        if ranges:
            size, number = sum(each.length for each in ranges), len(ranges)
            text = ONE_RANGE if number == 1 else RANGES
            yield doubt(kind, Saying(text=text, facts={"bytes": size, "ranges": number}))
