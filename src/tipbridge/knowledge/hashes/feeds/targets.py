"""Feeds of lists and our credentials there, from one file that nobody else can read."""

import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class FeedKind(StrEnum):
    """How a feed is asked. Closed."""

    HASH_SHARING = "hash-sharing"
    """The hash-sharing API v2, of NCMEC or another node: it takes votes too."""
    STOPNCII = "stopncii"
    THREATEXCHANGE = "threatexchange"


_KEYS = {
    FeedKind.HASH_SHARING: ("url", "username", "password"),
    FeedKind.STOPNCII: ("url", "subscription_key", "fetch_key"),
    FeedKind.THREATEXCHANGE: ("url", "group", "token"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Where a list is pulled from, how it is asked, and our credential there."""

    kind: FeedKind
    url: str
    values: Mapping[str, str] = field(repr=False)


def feed_of(node: Node, name: str) -> Feed:
    """The feed of the list of this name, read anew each time so that it can be changed.

    Errors: NotFound when the settings name none; Invalid for a file that does not fit.
    """
    path = node.settings.feeds_file
    if path is None:
        raise NotFound("feed of the list", f"{name} (setting feeds_file)")
    named = _read(path)
    if name not in named:
        raise NotFound("feed of the list", name)
    found = named[name]
    if not isinstance(found, dict):
        raise Invalid(f"{path}: {name!r} stands outside a table.")
    said = cast("dict[str, object]", found)
    kind = said.get("kind", FeedKind.HASH_SHARING.value)
    if kind not in set(FeedKind):
        raise Invalid(f"{path}: [{name}] kind is one of {', '.join(FeedKind)}.")
    values = _values(f"{path}: [{name}]", FeedKind(kind), said)
    url = values.pop("url").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid(
            f"{path}: [{name}] url is no address, such as https://feed.example/hashsharing."
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise Invalid(f"{path}: [{name}] would show the password: use https beyond loopback.")
    return Feed(kind=FeedKind(kind), url=url, values=values)


def _values(where: str, kind: FeedKind, said: dict[str, object]) -> dict[str, str]:
    """What a feed of this kind needs, all of it and nothing else."""
    unknown = sorted(set(said) - {"kind", *_KEYS[kind]})
    if unknown:
        may = ", ".join(("kind", *_KEYS[kind]))
        raise Invalid(f"{where} of kind {kind} holds {unknown[0]!r}; it may hold {may}.")
    values: dict[str, str] = {}
    for key in _KEYS[kind]:
        value = said.get(key)
        if not isinstance(value, str) or not value:
            raise Invalid(f"{where} needs a text {key!r}.")
        values[key] = value
    if not values.get("group", "0").isdecimal():
        raise Invalid(f"{where} group is the number of a privacy group.")
    return values


def _read(path: Path) -> dict[str, object]:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Invalid(f"Others can read {path}: run 'chmod 600' on it first.")
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Invalid(f"Cannot read the feeds in {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} is not TOML: {type(error).__name__}.") from error
