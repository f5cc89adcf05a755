"""Languages of the pages: catalogues read from each room's locale folder, and the choice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from babel.messages.pofile import read_po
from starlette.requests import Request

COOKIE = "tipbridge_language"


class Language(StrEnum):
    """What pages are written in. English is in the templates; others are catalogues."""

    ENGLISH = "en"
    KOREAN = "ko"


class ClashingTranslation(ValueError):
    """Two rooms translate the same text differently, so neither would be shown surely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Translations of one language; a text without one is shown as it is."""

    texts: Mapping[str, str]

    def gettext(self, text: str) -> str:
        """`text` in this language."""
        return self.texts.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The form of `one` or `many` that fits `count`."""
        if one in self.texts:  # Korean has one form for every count
            return self.texts[one]
        return one if count == 1 else many


def read_catalogue(paths: Iterable[Path]) -> Catalogue:
    """Merge catalogues of the form of GNU gettext.

    Errors: ClashingTranslation when two of them disagree about a text.
    """
    texts: dict[str, str] = {}
    for path in sorted(paths):
        with path.open("rb") as file:
            for message in read_po(file):
                text, translated = _first(message.id), _first(message.string)
                if not text or not translated:
                    continue
                if texts.setdefault(text, translated) != translated:
                    raise ClashingTranslation(
                        f"{path} translates {text!r} as {translated!r},"
                        f" another room as {texts[text]!r}"
                    )
    return Catalogue(texts=texts)


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
