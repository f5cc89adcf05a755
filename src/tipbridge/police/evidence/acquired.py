"""An image that is examined, held against what was written down when it was acquired."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tipbridge.foundation.work import Work
from tipbridge.police.evidence import store
from tipbridge.police.evidence.acquiring.model import Acquisition
from tipbridge.police.evidence.sayings import (
    MORE_SEGMENTS,
    OTHER_DIGEST,
    OTHER_LENGTH,
    OTHER_SEGMENT,
    Saying,
)
from tipbridge.police.evidence.sources.model import Gap, GapReason

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the acquisition says. Shape: without `acquisition` the exhibit has images, and this is
    none; `changed` says how it differs, or is empty.
    """

    acquisition: str | None
    bad: tuple[Gap, ...] = ()
    changed: tuple[Saying, ...] = ()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What was bad, as gaps of the image."""
        return tuple(replace(each, reason=GapReason.BAD_WHEN_ACQUIRED) for each in self.bad)


def acquisitions_done(work: Work, exhibit_id: str) -> list[Acquisition]:
    """The exhibit's finished acquisitions, oldest first, within the caller's own work."""
    return [each for each in store.acquisitions_of(work.db, exhibit_id) if each.copied is not None]


def hold_against(
    made: Sequence[Acquisition],
    *,
    source: str,
    size_bytes: int,
    sha256: str,
    segments_of: Callable[[int], Sequence[str]],
) -> Held | None:
    """Hold a medium against the acquisition it is of; None when the exhibit has none.

    Shape: it is of the one with its digest, else with its path, else of its length.
    `segments_of` reads the medium's digests by segments so long, which only a difference needs.
    """
    if not made:
        return None
    fits: tuple[Callable[[Acquisition], bool], ...] = (
        lambda each: each.copied is not None and each.copied.digests.sha256 == sha256,
        lambda each: each.facts.image == source,
        lambda each: each.facts.size_bytes == size_bytes,
    )
    found = next((each for fit in fits for each in reversed(made) if fit(each)), None)
    if found is None or found.copied is None:
        return Held(acquisition=None)
    changed: tuple[Saying, ...] = ()
    if found.facts.size_bytes != size_bytes:
        sizes: dict[str, str | int] = {"is": size_bytes, "acquired": found.facts.size_bytes}
        changed = (Saying(text=OTHER_LENGTH, facts=sizes),)
    elif found.copied.digests.sha256 != sha256:
        changed = tuple(_changed(found, segments_of(found.facts.segment_bytes)))
    return Held(acquisition=found.id, bad=found.copied.bad, changed=changed)


def _changed(made: Acquisition, now: Sequence[str]) -> Iterator[Saying]:
    """Which segments are not what they were."""
    then = () if made.copied is None else made.copied.segments
    length, size = made.facts.segment_bytes, made.facts.size_bytes
    other = [number for number, pair in enumerate(zip(then, now, strict=False)) if len({*pair}) > 1]
    for number in other[:_MOST_NAMED]:
        last = min(size, (number + 1) * length) - 1
        where = {"segment": number + 1, "of": len(then), "first": number * length, "last": last}
        yield Saying(text=OTHER_SEGMENT, facts={**where})
    if len(other) > _MOST_NAMED:
        yield Saying(text=MORE_SEGMENTS, facts={"more": len(other) - _MOST_NAMED})
    if not other:
        yield Saying(text=OTHER_DIGEST)
