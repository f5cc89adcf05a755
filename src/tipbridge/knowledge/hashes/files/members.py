"""Asking the box for an archive's members, and what its answers say."""

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.box.archives.model import Caps, Skip
from tipbridge.foundation.box.model import MEBIBYTE, Failed, Limits, Reason
from tipbridge.foundation.box.pool import Box
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.knowledge.hashes.files.contents import LeftOut, Part
from tipbridge.knowledge.hashes.files.kinds import SPENT, Content
from tipbridge.knowledge.hashes.hashing import (
    MEMBERS_TASK,
    read_picture,
    read_video,
    understood,
    whole,
)

LIMITS = Limits(cpu_seconds=300, wall_seconds=600.0, result_bytes=32 * MEBIBYTE)
"""What one archive may cost; `wall_seconds` is for all its forks together."""
HELD_BYTES = Caps().source_bytes
"""A longer archive that comes as a stream is not held; from a file it is read at places."""
MOST_FORKS = 64
"""So often is one archive begun again after members that ended their fork."""
_FIRST_SHARE, _WALKING, _DECODING = 0.9, 0.9, 0.4
"""Of what is left: the first fork's, so that digests can be had when it ends badly; of a fork's time
that of its walk, and of the processor for what it decodes, which may wait twice as long."""
_LEAST_SECONDS = 5.0
"""With less than this no fork is begun: some seconds are its own."""
_FORK_ENDED = frozenset({
    Reason.KILLED,
    Reason.OUT_OF_TIME,
    Reason.OUT_OF_MEMORY,
    Reason.RESULT_TOO_BIG,
    Reason.RESULT_MALFORMED,
})  # fmt: skip
_MEMBER = "member"
_SKIPS = frozenset(each.value for each in Skip)
_HEX = frozenset("0123456789abcdef")
_TEXT_LENGTH = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """An archive's members by their number, and everything of it that was left out."""

    parts: dict[int, Part]
    left_out: tuple[LeftOut, ...]
    failed: dict[int, Failed]
    folders: int
    unlisted_bytes: int


def hash_members(box: Box, source: bytes | int, *, fast: bool = False) -> Members | Failed:
    """Walk an archive; a member that ends its fork is found, and costs itself alone.

    Shape: what there is no time left for has its digests, and is listed as out of time.
    """
    until = monotonic_seconds() + LIMITS.wall_seconds
    ask = partial(_asked, box, source, fast=fast)
    found = ask(0, 2**31, seconds=LIMITS.wall_seconds * _FIRST_SHARE)
    if isinstance(found, Members) or found.reason not in _FORK_ENDED:
        return found
    # digests alone: nothing is decoded
    bare = ask(0, 0, seconds=max(_LEAST_SECONDS, until - monotonic_seconds()))
    if isinstance(bare, Failed):
        return bare
    forks = MOST_FORKS
    ranges = [(0, max(bare.parts, default=0) + 1, found)]
    while ranges:
        first, last, failed = ranges.pop()
        if not _has_media(bare, first, last):
            continue
        if last - first == 1 or not forks:
            bare = _noted(bare, first, last, failed)
            continue
        middle = (first + last) // 2
        for half in ((first, middle), (middle, last)):
            left = until - monotonic_seconds()
            if left < _LEAST_SECONDS:
                bare = _noted(bare, *half, Failed(reason=Reason.OUT_OF_TIME, detail=SPENT))
                continue
            forks = max(0, forks - 1)
            told = ask(*half, seconds=left)
            if isinstance(told, Failed):
                ranges.append((*half, told))
            else:
                bare = _joined(bare, told, *half)
    return bare


def listed_failures(members: Members) -> tuple[LeftOut, ...]:
    """The pictures and videos of an archive that have no hash."""
    return tuple(
        LeftOut(
            path=members.parts[number].path,
            what=members.parts[number].content,
            reason=failed.reason,
            detail=failed.detail,
        )
        for number, failed in sorted(members.failed.items())
    )


def _asked(
    box: Box, source: bytes | int, first: int, last: int, *, fast: bool, seconds: float
) -> Members | Failed:
    arguments = {
        "first": first,
        "last": last,
        "fast": fast,
        "seconds": seconds * _WALKING,
        "decoding_seconds": seconds * _DECODING,
    }
    limits = replace(
        LIMITS, wall_seconds=seconds, cpu_seconds=min(LIMITS.cpu_seconds, math.ceil(seconds))
    )
    return understood(box.run(MEMBERS_TASK, source, arguments=arguments, limits=limits), _members)


def _has_media(members: Members, first: int, last: int) -> bool:
    return any(
        first <= number < last and part.content in {Content.PICTURE, Content.VIDEO}
        for number, part in members.parts.items()
    )


def _noted(members: Members, first: int, last: int, failed: Failed) -> Members:
    missing = {
        number: failed
        for number, part in members.parts.items()
        if first <= number < last and part.content in {Content.PICTURE, Content.VIDEO}
    }
    return replace(members, failed=members.failed | missing)


def _joined(members: Members, told: Members, first: int, last: int) -> Members:
    """What a range told, put over digests alone; a part that differs would be another file's."""
    fits = {
        number: part
        for number, part in told.parts.items()
        if first <= number < last
        and number in members.parts
        and members.parts[number].digests == part.digests
    }
    failed = {number: why for number, why in told.failed.items() if number in fits}
    return replace(members, parts=members.parts | fits, failed=members.failed | failed)


def _members(value: dict[str, Any]) -> Members:
    parts: dict[int, Part] = {}
    failed: dict[int, Failed] = {}
    for told in value["members"]:
        number = whole(told["number"])
        parts[number] = _part(told)
        if "failed" in told:
            reason, detail = told["failed"]
            failed[number] = Failed(reason=Reason(reason), detail=_text(detail))
    return Members(
        parts=parts,
        failed=failed,
        left_out=(
            *(_left(told, _MEMBER) for told in value["skipped"]),
            *(_left(told, Content.ARCHIVE) for told in value["unopened"]),
        ),
        folders=whole(value["folders"]),
        unlisted_bytes=whole(value["unlisted_bytes"], 2**63),
    )


def _part(told: dict[str, Any]) -> Part:
    return Part(
        path=_path(told["path"]),
        content=Content(told["content"]),
        digests=Digests(
            md5=_hex(told["md5"], 32),
            sha1=_hex(told["sha1"], 40),
            sha256=_hex(told["sha256"], 64),
            size_bytes=whole(told["size_bytes"], 2**63),
        ),
        picture=read_picture(told["picture"]) if "picture" in told else None,
        video=read_video(told["video"]) if "video" in told else None,
        notes=tuple(_text(note) for note in told["notes"]),
    )


def _left(told: dict[str, Any], what: str) -> LeftOut:
    if told["reason"] not in _SKIPS:
        raise ValueError("not a reason of the walk")
    return LeftOut(
        path=_path(told["path"]),
        what=what,
        reason=told["reason"],
        detail=_text(told["detail"]),
        count=whole(told["count"]),
    )


def _path(value: object) -> tuple[str, ...]:
    return tuple(_text(each) for each in cast("list[object]", value))


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _TEXT_LENGTH:
        raise ValueError("no text")
    return value


def _hex(value: object, digits: int) -> str:
    if not isinstance(value, str) or len(value) != digits or not _HEX.issuperset(value):
        raise ValueError("no digest")
    return value
