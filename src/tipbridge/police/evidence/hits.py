"""What lists say of a file of an examination, and how far it was compared with them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from tipbridge.knowledge.hashes.files.contents import FileHashes, LeftOut, Part
from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.police.evidence.reading.contents import Digested
from tipbridge.police.evidence.reading.model import (
    NO_TIMES,
    Entry,
    EntryFault,
    EntryKind,
    EntryState,
)

BY_DIGEST = "digest"
MOST_REASONS = 20
_MEMBER = "member"
_NOT_KEPT = frozenset({EntryKind.SLACK, EntryKind.REST, EntryKind.CARVED})


class Looked(StrEnum):
    """How far a file was compared by what it shows or holds. Closed."""

    NOTHING = "nothing"
    """It is neither a picture, a film nor an archive."""
    KNOWN = "known"
    """It stands on a list with its exact digest; nothing nearer can be learnt."""
    KNOWN_GOOD = "known-good"
    """It is a file of a system or a program that nobody has to look at."""
    NO_LIST = "no-list"
    """No list in effect holds hashes of pictures."""
    COMPARED = "compared"
    IN_PART = "in-part"
    NOT_COMPARED = "not-compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHit:
    """One list and class that a file stands on, or is near to.

    Shape: `by` is `digest` for an exact hit, else which of its hashes is near; `confidence` is
    what votes on the entry said then. A near hit is advice for an examiner, never a finding.
    Unit: bits of 256.
    """

    list_id: str
    list_name: str
    purpose: str
    mark: str | None
    confidence: str
    by: str
    distance_bits: int

    @property
    def is_near(self) -> bool:
        """Whether only what it shows is near."""
        return self.by != BY_DIGEST

    def document(self) -> dict[str, object]:
        """As reports and bundles say it: exact or near, and how near, travels with a finding."""
        return {
            "list": self.list_name,
            "purpose": self.purpose,
            "class": self.mark,
            "confidence": self.confidence,
            "by": self.by,
            "distance_bits": self.distance_bits,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An entry with its digests and with what the box made of it.

    Shape: `hashed` is of this entry alone; members of an archive are entries of their own.
    """

    found: Digested
    looked: Looked = Looked.NOTHING
    reasons: tuple[str, ...] = ()
    hashed: FileHashes | None = None


def seen_parts(found: Digested, hashed: FileHashes, not_searched: Iterable[str]) -> list[Seen]:
    """An entry that was looked at, then every member of an archive, then what was left out."""
    missing = [f"list-not-ready: {name}" for name in not_searched]
    members = hashed.parts[1:]
    places = {part.path for part in members}
    itself = hashed.itself
    own = [each for each in hashed.left_out if not each.path and each.what != _MEMBER]
    reasons = [_word(each) for each in own]
    if hashed.unlisted_bytes:
        reasons.append(f"unlisted-bytes: {hashed.unlisted_bytes}")
    left = sum(each.count for each in hashed.left_out if each.what == _MEMBER)
    if left:
        reasons.append(f"members-left-out: {left}")
    lines = [_judged(found, itself, reasons, missing, hashed.name)]
    for part in members:
        why = [_word(each) for each in hashed.left_out if each.path == part.path]
        lines.append(_judged(_member(found, part), part, why, missing, hashed.name))
    others = [each for each in hashed.left_out if each not in own and each.path not in places]
    return lines + [Seen(found=_left(found, each)) for each in others]


def _word(left: LeftOut) -> str:
    return f"{left.what}: {left.reason}"


def _judged(found: Digested, part: Part, reasons: list[str], missing: list[str], name: str) -> Seen:
    kept = tuple(dict.fromkeys(reasons))[:MOST_REASONS]
    if part.content is Content.OTHER:
        return Seen(found=found, reasons=kept)
    hashed = replace(part, path=())
    if part.content is Content.ARCHIVE:
        closed = any(each.startswith(f"{Content.ARCHIVE}: ") for each in kept)
        opened = Looked.IN_PART if kept else Looked.COMPARED
        return Seen(found=found, looked=Looked.NOT_COMPARED if closed else opened, reasons=kept)
    if part.picture is None and part.video is None:
        return Seen(found=found, looked=Looked.NOT_COMPARED, reasons=kept)
    kept = (*kept, *missing)
    return Seen(
        found=found,
        looked=Looked.IN_PART if kept else Looked.COMPARED,
        reasons=kept,
        hashed=FileHashes(name=name, parts=(hashed,)),
    )


def _state(entry: Entry) -> EntryState:
    """A member of what may be overwritten may be so, too."""
    return EntryState.DELETED if entry.kind in _NOT_KEPT else entry.state


def _member(found: Digested, part: Part) -> Digested:
    entry = replace(
        found.entry,
        path=f"{found.entry.path}!/{'!/'.join(part.path)}",
        kind=EntryKind.MEMBER,
        state=_state(found.entry),
        size=part.digests.size_bytes,
        runs=(),
        record=None,
        attribute=None,
        times=NO_TIMES,
        reach=0,
    )
    looks = "" if part.content is Content.OTHER else part.content.value
    return Digested(entry=entry, digests=part.digests, looks=looks)


def _left(found: Digested, left: LeftOut) -> Digested:
    said = f"{left.what}: {left.reason}" + (f" ({left.detail})" if left.detail else "")
    entry = replace(
        found.entry,
        path=f"{found.entry.path}!/{'!/'.join(left.path)}",
        kind=EntryKind.MEMBER,
        state=_state(found.entry),
        size=0,
        runs=(),
        record=None,
        attribute=None,
        times=NO_TIMES,
        fault=EntryFault.MEMBER_LEFT_OUT,
        detail=(said if left.count == 1 else f"{left.count} entries, {said}")[:200],
        reach=0,
    )
    return Digested(entry=entry)


def not_looked(found: Digested, reason: str) -> list[Seen]:
    """An entry whose bytes could not be had a second time."""
    return [Seen(found=found, looked=Looked.NOT_COMPARED, reasons=(reason,))]
