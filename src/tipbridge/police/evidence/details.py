"""What is said beside an entry that was not processed or not compared, for a page in any language.

The record has it in English, put together of texts and words of closed lists; here it is taken apart.
"""

import re

from tipbridge.foundation.box.archives.model import Skip
from tipbridge.foundation.box.model import Reason
from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.police.evidence.reading.model import PACKED_BY_MACOS, EntryFault
from tipbridge.police.evidence.sayings import Saying, patterns_of
from tipbridge.police.evidence.sources.model import GapReason

AS_IT_IS = "%(words)s"
"""What stands in the record and is of no list: a library's own words, a name."""
TEXTS = (
    "%(missing)s bytes lie behind the end of the source",
    "%(missing)s of its bytes lie behind the end of the source",
    "changes stand in its journal that were not written to their places",
    "it says of itself that its system did not let go of it cleanly",
    "no partition table names it",
    "no reader answered for it",
    "its file system says what can't be",
    "as it is opened",
    "as it is listed",
    "too deep",
    "its record says %(size)s bytes",
    "its record says more than %(pieces)s pieces",
    "its record leads to where no medium reaches",
    PACKED_BY_MACOS,
)
_CANT_BE_READ = "%(system)s, which can't be read"
_AT_BYTE = "from byte %(at)s on, %(length)s bytes"
_FAULT_AT = "%(code)s at byte %(at)s"
_COUNT, _LISTS, _UNLISTED, _MEMBERS = (
    "%(count)s entries",
    "list whose index is not ready",
    "%(number)s bytes that nothing in the archive names",
    "%(number)s members left out",
)
SAID = (*TEXTS, _CANT_BE_READ, _AT_BYTE, _FAULT_AT, _COUNT, _LISTS, _UNLISTED, _MEMBERS)
WORDS = frozenset(
    word
    for words in (Content, Skip, Reason, GapReason, EntryFault)
    for word in (each.value for each in words)
) | {
    "member",
    "file",
    "frames",
    "box-closed",
    "changed",
    "changed-while-read",
    "no-archive",
    "archive-time",
}
"""Kinds of content and reasons, each said by itself."""
_PATTERNS = patterns_of(TEXTS)
_GAP = re.compile(r"([a-z-]+) at byte (\d+), (\d+) bytes")
_ERROR = re.compile(r"(E[A-Z0-9]+|error) at byte (\d+)")
_SYSTEM = re.compile(r"(.+), which can't be read")
_LEFT = re.compile(r"(?:(\d+) entries, )?([a-z-]+): ([a-z-]+)(?: \((.*?)\)?)?", re.DOTALL)
_NUMBERED = {"unlisted-bytes": _UNLISTED, "members-left-out": _MEMBERS}


def read_detail(detail: str) -> tuple[Saying, ...]:
    """What a detail says, part by part; what is of no list stands as it is."""
    if not detail:
        return ()
    for text, pattern in _PATTERNS:
        if fits := pattern.fullmatch(detail):
            return (Saying(text=text, facts={**fits.groupdict()}),)
    if (fits := _GAP.fullmatch(detail)) and fits[1] in WORDS:
        return Saying(text=fits[1]), Saying(text=_AT_BYTE, facts={"at": fits[2], "length": fits[3]})
    if fits := _ERROR.fullmatch(detail):
        return (Saying(text=_FAULT_AT, facts={"code": fits[1], "at": fits[2]}),)
    if fits := _SYSTEM.fullmatch(detail):
        return (Saying(text=_CANT_BE_READ, facts={"system": fits[1]}),)
    return _left(detail)


def _left(detail: str) -> tuple[Saying, ...]:
    name, _, rest = detail.partition(": ")
    if name in _NUMBERED and rest.isdigit():
        return (Saying(text=_NUMBERED[name], facts={"number": rest}),)
    if name == "list-not-ready":
        return Saying(text=_LISTS), _as_it_is(rest)
    fits = _LEFT.fullmatch(detail)
    if fits is None or {fits[2], fits[3]} - WORDS:
        return (Saying(text=detail) if detail in WORDS else _as_it_is(detail),)
    head = () if fits[1] is None else (Saying(text=_COUNT, facts={"count": fits[1]}),)
    more = (_detail_of(fits[4]),) if fits[4] else ()
    return (*head, Saying(text=fits[2]), Saying(text=fits[3]), *more)


def _detail_of(text: str) -> Saying:
    return Saying(text=text) if text in WORDS else _as_it_is(text)


def _as_it_is(words: str) -> Saying:
    return Saying(text=AS_IT_IS, facts={"words": words})
