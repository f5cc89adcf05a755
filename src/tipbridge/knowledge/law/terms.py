"""What the codes of the law are called in English and Korean."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from tipbridge.knowledge.law.model import Words
from tipbridge.knowledge.law.reading import Reader

_BEFORE = "before:"


@cache
def shipped_terms() -> Mapping[str, Words]:
    """The package's own words, which a jurisdiction's file may replace for itself.

    Errors: NotALaw.
    """
    text = (resources.files(__package__ or "") / "terms.toml").read_text("utf-8")
    return read_terms(text)


def read_terms(text: str) -> dict[str, Words]:
    """Words by code from TOML.

    Errors: NotALaw naming the code.
    """
    top = Reader("terms.toml", tomllib.loads(text))
    found = {code: top.words(code) for code in top.keys()}  # noqa: SIM118 - a reader is no dict
    top.done()
    return found


def said_place(words: Mapping[str, Words], code: str, language: str) -> str:
    """Whoever a matter goes before or takes a step, in words: what sends it there has the same code."""
    found = words.get(_BEFORE + code)
    if found is None:
        return said(words, code, language)
    return found.ko if language == "ko" else found.en


def said(words: Mapping[str, Words], code: str, language: str) -> str:
    """A code in words; the code itself where there are none."""
    found = words.get(code)
    if found is None:
        return code
    return found.ko if language == "ko" else found.en
