"""Addresses of material as text that no program takes for a link."""

import re
from collections.abc import Mapping
from typing import cast

_IN_TEXT = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)[^\s<>\"']*[^\s<>\"'.,;:!?)\]]", re.IGNORECASE
)

_MEANT = {"[[": "[", "[.]": ".", "[:]//": "://"}
_WRITTEN = re.compile("|".join(map(re.escape, _MEANT)))


def defang(address: str) -> str:
    """An address that no program takes for a link; `refang` gives it back."""
    text = re.sub(r"^(h)tt(p)", r"\1xx\2", address, flags=re.IGNORECASE)
    return text.replace("[", "[[").replace(".", "[.]").replace("://", "[:]//")


def defang_once(address: str) -> str:
    """An address as pages show it, whether it was defanged before or not."""
    return defang(refang(address))


def defang_address(value: str) -> str:
    """A value that is a web address and nothing else, defanged; any other as it is."""
    return defang(value) if re.fullmatch(r"https?://\S+", value, re.IGNORECASE) else value


def defang_text(text: str) -> str:
    """A text in which every web address is defanged; the end of a sentence is no part of one."""
    return _IN_TEXT.sub(lambda found: defang(found[0]), text)


def refang(text: str) -> str:
    """The address that was defanged; one that was not is given back as it is."""
    if "[.]" not in text and "[:]//" not in text:
        return text
    found = _WRITTEN.sub(lambda mark: _MEANT[mark[0]], text)
    return re.sub(r"^(h)xx(p)", r"\1tt\2", found, flags=re.IGNORECASE)


def defang_within(value: object) -> object:
    """A plain value in which every web address, at any depth, is defanged."""
    if isinstance(value, str):
        return defang_text(value)
    if isinstance(value, Mapping):
        found = cast("Mapping[object, object]", value)
        return {name: defang_within(each) for name, each in found.items()}
    if isinstance(value, list | tuple):
        return [defang_within(each) for each in cast("list[object]", value)]
    return value
