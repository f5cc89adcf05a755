"""Languages of the pages: catalogues read from each room's locale folder, and the choice."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from babel.messages.pofile import read_po
from starlette.requests import Request

COOKIE = "tipbridge_language"
_CODE = re.compile(r"[a-z]+(?:[-_][a-z]+)+")
_COMPOUNDS = ("self-harm", "self-produced", "self-production", "geo-blocked", "case-by-case")
"""What English itself writes with a hyphen."""


class Language(StrEnum):
    """What pages are written in. English is in the templates and in codes; others are catalogues."""

    ENGLISH = "en"
    KOREAN = "ko"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Translations of one language; a text without one is shown as it is.

    Shape: `rooms` maps a room's name to its own texts, which come before those of others,
    so that one English word may be two Korean ones in two rooms.
    """

    rooms: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, str]

    def gettext(self, text: str, room: str = "") -> str:
        """`text` in this language, as `room` says it."""
        return self.rooms.get(room, self.texts).get(text) or self.texts.get(text, text)

    def has(self, text: str, room: str = "") -> bool:
        """Whether `text` is translated for `room`."""
        return text in self.rooms.get(room, {}) or text in self.texts

    def ngettext(self, one: str, many: str, count: int, room: str = "") -> str:
        """The form of `one` or `many` that fits `count`."""
        translated = self.gettext(one, room)
        if translated != one:  # Korean has one form for every count
            return translated
        return one if count == 1 else many


def read_catalogue(paths: Iterable[Path]) -> Catalogue:
    """Catalogues of the form of GNU gettext, each at `ROOM/locale/LANGUAGE.po`.

    Shape: for a text that a room does not translate itself, the first room by name decides.
    """
    rooms = {path.parent.parent.name: _read(path) for path in sorted(paths)}
    texts: dict[str, str] = {}
    for room in sorted(rooms, reverse=True):
        texts |= rooms[room]
    return Catalogue(rooms=rooms, texts=texts)


def english_of(translated: Catalogue) -> Catalogue:
    """English for the codes of closed lists, which are those that `translated` has words for.

    Shape: any other text, an id with a hyphen too, is shown as it is.
    """
    codes = (text for text in translated.texts if _CODE.fullmatch(text))
    return Catalogue(rooms={}, texts={code: in_words(code) for code in codes})


def in_words(code: str) -> str:
    """A code of a closed list as English words: `not-on-the-list` is "not on the list"."""
    words = code.replace("-", " ").replace("_", " ")
    for compound in _COMPOUNDS:
        words = words.replace(compound.replace("-", " "), compound)
    return words


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        found = {_first(message.id): _first(message.string) for message in read_po(file)}
    return {text: translated for text, translated in found.items() if text and translated}


def _first(forms: str | Iterable[str] | None) -> str:
    return forms if isinstance(forms, str) else next(iter(forms or ()), "")


def language_of(request: Request) -> Language:
    """The language the reader chose, else the first of ours that the browser asks for."""
    chosen = request.cookies.get(COOKIE)
    if chosen in set(Language):
        return Language(chosen)
    for part in request.headers.get("accept-language", "").split(","):
        name = part.split(";")[0].split("-")[0].strip().lower()
        if name in set(Language):
            return Language(name)
    return Language.ENGLISH
