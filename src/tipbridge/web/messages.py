"""Catalogues of refusals: sentences with gaps, and how one is found again in what a room said."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po

SENTENCE, VALUE, NOUN, FIELD = "", "value", "noun", "field"
"""Contexts: a sentence; what comes into gaps; into the one called noun; fields of forms."""

_FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One entry of a catalogue of refusals, and the room that says so."""

    said: str
    translated: str
    context: str
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A sentence with gaps.

    Shape: `literals` stand around `gaps`, so there is one more of them. A gap that is `plain` holds
    what somebody typed or a name, and is shown as it is; one whose name begins with `field` holds
    fields of a form.
    """

    literals: tuple[str, ...]
    gaps: tuple[str, ...]
    plain: frozenset[str]
    message: Message

    @property
    def weight(self) -> int:
        """How much of the sentence is given."""
        return sum(map(len, self.literals))

    @property
    def is_weak(self) -> bool:
        """Whether fewer than two words are given, which fits many sentences."""
        return len(re.findall(r"[^\W\d_]+", " ".join(self.literals))) < _FEWEST_WORDS

    @property
    def touching(self) -> list[tuple[str, str]]:
        """Gaps with nothing between them: the first holds what is in both."""
        inner = zip(pairwise(self.gaps), self.literals[1:-1], strict=True)
        return [pair for pair, literal in inner if not literal]

    def read(self, sentence: str) -> dict[str, str] | None:
        """What stands in the gaps of `sentence`, each at its shortest; None where it is another.

        Shape: where nothing was given, the last gap is empty.
        """
        first, last = self.literals[0], self.literals[-1]
        start, end = len(first), len(sentence) - len(last)
        if start > end or not sentence.startswith(first) or not sentence.endswith(last):
            return None
        found = dict.fromkeys(self.gaps, "")
        open_ = self.gaps[0]
        for gap, literal in zip(self.gaps[1:], self.literals[1:-1], strict=True):
            if not literal:
                continue
            stop = sentence.find(literal, start + 1, end)
            if stop < 0:
                return None
            found[open_], open_, start = sentence[start:stop], gap, stop + len(literal)
        if start > end:
            return None
        found[open_] = sentence[start:end]
        return found


def pattern_of(message: Message) -> Pattern | None:
    """A message's gaps and what stands around them; None where it has none."""
    literals, gaps, plain = [""], list[str](), set[str]()
    for before, name, _, conversion in Formatter().parse(message.said):
        literals[-1] += before
        if name is not None:
            gaps.append(name)
            literals.append("")
            plain |= {name} if conversion == "s" else set()
    if not gaps:
        return None
    return Pattern(
        literals=tuple(literals), gaps=tuple(gaps), plain=frozenset(plain), message=message
    )


def read_messages(paths: Iterable[Path]) -> tuple[Message, ...]:
    """The messages of catalogues that stand at `ROOM/locale/LANGUAGE.refusals.po`."""
    return tuple(each for path in sorted(paths) for each in _read(path))


def _read(path: Path) -> Iterator[Message]:
    with path.open("rb") as file:
        for message in read_po(file):
            if message.id and message.string:
                yield Message(
                    said=str(message.id),
                    translated=str(message.string),
                    context=message.context or SENTENCE,
                    room=path.parent.parent.name,
                )
