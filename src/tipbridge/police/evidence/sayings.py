"""What is said beside a doubt: a text of a closed list and its facts, put together in each language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

OTHER_AFTER = "SHA-256 was %(before)s before and %(after)s after"
NOT_STORED = "%(name)s stored %(stored)s, read %(read)s"
ONE_RANGE = "%(bytes)s bytes in 1 range"
RANGES = "%(bytes)s bytes in %(ranges)s ranges"
NOT_ANSWERED = "%(listed)s entries were listed, %(answered)s answered for"
OTHER_LENGTH = "it has %(is)s bytes, %(acquired)s were acquired"
OTHER_SEGMENT = "segment %(segment)s of %(of)s (bytes %(first)s to %(last)s) changed since"
MORE_SEGMENTS = "%(more)s more segments changed since"
OTHER_DIGEST = "its digest is another"
IN_SEGMENT = "in segment %(segment)s"
NOTES = (
    "segment %(segment)s is missing",
    "section list ends at byte %(at)s",
    "section head at byte %(at)s has a wrong checksum",
    "section at byte %(at)s leads outside of its segment",
    "more sections than an image has",
    "section %(section)s at byte %(at)s is cut short",
    "section %(section)s at byte %(at)s has a wrong checksum",
    "section %(section)s at byte %(at)s can't be inflated",
    "the volume section says what can't be",
    "table at byte %(at)s says it has %(count)s entries",
    "table at byte %(at)s is cut short",
    "table at byte %(at)s has a wrong checksum",
    "error list at byte %(at)s says it has %(count)s ranges",
    "its second copy is used",
    "it stores the checksum %(stored)s and its data have %(read)s",
    "its checksum is of type %(kind)s and is not checked",
    "its table %(table)s stores the checksum %(stored)s and its data have %(read)s",
    "the checksum of its table %(table)s is not checked",
    "the data that it has a checksum of can't be read",
    "it looks like %(kind)s and nobody said that it is",
)
"""What a reader notes of an image's own structure."""
TEXTS = (
    *(OTHER_AFTER, NOT_STORED, ONE_RANGE, RANGES, NOT_ANSWERED, OTHER_LENGTH, OTHER_SEGMENT),
    *(MORE_SEGMENTS, OTHER_DIGEST, IN_SEGMENT, *NOTES),
)
_HEAD, _FACT = re.compile(r"segment (\d{1,6}): "), re.compile(r"%\\?\((\w+)\\?\)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing that is said. Shape: `text` has a place for each of the `facts`; with a `number`
    it is a code of which there are so many.
    """

    text: str
    facts: dict[str, str | int] = field(default_factory=dict[str, str | int], repr=False)
    number: int | None = None

    def in_english(self) -> str:
        """As the record keeps it."""
        said = self.text % self.facts if self.facts else self.text
        return said if self.number is None else f"{said}: {self.number}"


def read_note(note: str) -> tuple[Saying, ...]:
    """What a reader's note says, by the texts of which it is made; one of no such text as it is."""
    found = list[Saying]()
    rest = note
    if head := _HEAD.match(note):
        found.append(Saying(text=IN_SEGMENT, facts={"segment": head[1]}))
        rest = note[head.end() :]
    found += [_read(part) for part in rest.split("; ")]
    known = all(each.text in TEXTS for each in found)
    return tuple(found) if known else (Saying(text="%(note)s", facts={"note": note}),)


def _read(part: str) -> Saying:
    for text, pattern in _PATTERNS:
        if fits := pattern.fullmatch(part):
            return Saying(text=text, facts={**fits.groupdict()})
    return Saying(text=part)


def patterns_of(texts: Sequence[str]) -> list[tuple[str, re.Pattern[str]]]:
    """By each text what matches it with any words for its facts."""
    return [(text, re.compile(_FACT.sub(r"(?P<\1>\\w+)", re.escape(text)))) for text in texts]


_PATTERNS = patterns_of(NOTES)
