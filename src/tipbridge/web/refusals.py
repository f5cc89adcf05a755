"""Refusals in the reader's language: found again in what a room said in English (ADR 0288)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tipbridge.web.language import Catalogue
from tipbridge.web.messages import FIELD, NOUN, SENTENCE, VALUE, Message, Pattern, pattern_of

_LISTS = (("; ", "; "), (", ", ", "), (" or ", " 또는 "), (" and ", ", "))
"""How a list of words is written, and how Korean writes it; what may hold another comes first."""
_RANGE = re.compile(r"(\d+) to (\d+)")
_QUOTED = re.compile(r"'[^']+'")
"""A word of a closed list, as the framework writes it."""
_SHELL = "web"
_DEEPEST = 4
"""Values within values; whoever writes more has written them to be long."""
_LONGEST = 4000
"""Characters of a sentence that is looked for; a longer one is a document."""


@dataclass(frozen=True, kw_only=True)
class Refusals:
    """What refusals are in one language. A sentence without words there stays as it is.

    Shape: `terms` are the words of the pages, `phrases` whole values that rooms have in both
    languages, such as citations of the law. A `room` is asked first for its own words.
    """

    messages: tuple[Message, ...] = ()
    terms: Catalogue = field(default_factory=lambda: Catalogue(rooms={}, texts={}))
    phrases: Mapping[str, str] = field(default_factory=dict[str, str])

    def say(self, sentence: str, room: str = "") -> str:
        """A refusal's words, said in this language."""
        if not self.messages or len(sentence) > _LONGEST:
            return sentence
        whole = self._exactly(SENTENCE, sentence, room)
        if whole is not None:
            return whole
        found = self._matched(SENTENCE, sentence, room, 0)
        if found is None and sentence.endswith("."):  # a rule's own words, as a sentence
            found = self._own(sentence[:-1], room, 0) or self.phrases.get(sentence[:-1])
            return sentence if found is None else f"{found}."
        return found or sentence

    def word(self, value: str, room: str = "") -> str:
        """What comes into a gap, such as a state, in this language."""
        if not self.messages:
            return self.terms.gettext(value, room)
        return self._value(value, room, 0) or value

    def field(self, name: str, room: str = "") -> str:
        """A form's field by its label."""
        return self._exactly(FIELD, name, room) or name

    def _exactly(self, context: str, text: str, room: str) -> str | None:
        return self._whole.get((context, room, text)) or self._whole.get((context, "", text))

    def _matched(self, context: str, text: str, room: str, deep: int) -> str | None:
        """What fits a pattern, the one with most given words first, of this room before others."""
        fitting = (each for each in self._patterns[context] if self._fits(each, text, room, deep))
        best = min(
            fitting, key=lambda each: (-each.weight, each.message.room != room), default=None
        )
        return None if best is None else self._filled(best, best.read(text) or {}, room, deep)

    def _fits(self, pattern: Pattern, text: str, room: str, deep: int) -> bool:
        """Whether it is this one. Within a list, a value is no more than its own part; and few
        words of a sentence fit much, so that what stands in its gaps has to be known too.
        """
        values = pattern.read(text)
        if values is None:
            return False
        if pattern.message.context == VALUE:
            return not any("; " in each for each in values.values())
        return not pattern.is_weak or all(
            self._value(value, room, deep + 1) is not None
            for gap, value in values.items()
            if gap not in pattern.plain
        )

    def _filled(self, pattern: Pattern, values: dict[str, str], room: str, deep: int) -> str:
        own = pattern.message.room
        if own == _SHELL and room:
            own = room  # the shell says it of any room's words
        for gap, after in pattern.touching:
            values[gap], values[after] = self._parted(values[gap])
        said = {
            gap: self._exactly(VALUE, value, own) or value
            if gap in pattern.plain
            else self._in_gap(gap, value, (own, room), deep + 1)
            for gap, value in values.items()
        }
        return pattern.message.translated.format_map(said)

    def _parted(self, text: str) -> tuple[str, str]:
        """A value and the one that follows it at once, which begins with a mark as `, and` does."""
        for pattern in self._patterns[VALUE]:
            mark = pattern.literals[0]
            at = text.find(mark, 1) if mark and not mark[0].isalnum() else -1
            if at > 0 and self._fits(pattern, text[at:], "", 0):
                return text[:at], text[at:]
        return text, ""

    def _in_gap(self, gap: str, value: str, rooms: tuple[str, str], deep: int) -> str:
        own, room = rooms
        if gap.startswith(FIELD):
            return ", ".join(self.field(each, room or own) for each in value.split(", "))
        return self._value(value, own, deep) or self.field(value, room or own)

    def _value(self, value: str, room: str, deep: int) -> str | None:
        if deep > _DEEPEST:
            return None
        own = self._own(value, room, deep)
        if own is None and self.terms.has(value, room):
            return self.terms.gettext(value, room)
        if own is None and _QUOTED.fullmatch(value):
            return self._value(value[1:-1], room, deep + 1)
        return own or self.phrases.get(value) or self._list(value, room, deep)

    def _own(self, value: str, room: str, deep: int) -> str | None:
        """What the catalogues of refusals say of it."""
        found = self._exactly(VALUE, value, room)
        if found is not None:
            return found
        if _RANGE.fullmatch(value):
            return _RANGE.sub(r"\1~\2", value)
        if " " not in value or deep > _DEEPEST:
            return None
        if value.endswith("."):  # another refusal's sentence
            found = self._exactly(SENTENCE, value, room)
            return found or self._matched(SENTENCE, value, room, deep + 1)
        matched = self._matched(VALUE, value, room, deep + 1)
        return matched or self._with_more(value, room, deep + 1)

    def _with_more(self, value: str, room: str, deep: int) -> str | None:
        """A value with a code in brackets after it, such as a rule's."""
        before, bracket, code = value.rpartition(" (")
        known = self._own(before, room, deep) if bracket else None
        return None if known is None else f"{known} ({code}"

    def _list(self, value: str, room: str, deep: int) -> str | None:
        for apart, written in _LISTS:
            parts = value.split(apart)
            known = [self._value(each, room, deep + 1) for each in parts] if parts[1:] else []
            if any(known):
                return written.join(one or each for one, each in zip(known, parts, strict=True))
        return None

    @cached_property
    def _whole(self) -> Mapping[tuple[str, str, str], str]:
        """What has no gap, by context, room (none: of the first that says it) and words."""
        found: dict[tuple[str, str, str], str] = {}
        for each in self.messages:
            if pattern_of(each) is None:
                words = each.said.format()
                translated = each.translated.format()
                found.setdefault((each.context, "", words), translated)
                found[each.context, each.room, words] = translated
        return found

    @cached_property
    def _patterns(self) -> Mapping[str, tuple[Pattern, ...]]:
        made = [pattern for each in self._written() if (pattern := pattern_of(each)) is not None]
        return {
            context: tuple(each for each in made if each.message.context == context)
            for context in (SENTENCE, VALUE)
        }

    def _written(self) -> Iterator[Message]:
        """Every message; one with a gap for a noun once with each noun, since nouns have spaces.

        Shape: in a sentence these are the nouns of every room, in a value the room's own values.
        """
        for message in self.messages:
            if "{noun}" not in message.said:
                yield message
                continue
            for noun in self.messages:
                if noun.context == NOUN if message.context == SENTENCE else _is_part(noun, message):
                    yield replace(
                        message,
                        said=message.said.replace("{noun}", noun.said),
                        translated=message.translated.replace("{noun}", noun.translated),
                        room=noun.room,
                    )


def _is_part(noun: Message, message: Message) -> bool:
    return noun.context == VALUE and noun.room == message.room and pattern_of(noun) is None
