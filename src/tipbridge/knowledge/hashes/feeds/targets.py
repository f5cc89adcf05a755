"""Feeds of lists and our credentials there, from one file that nobody else can read."""

import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node

_KEYS = ("url", "username", "password")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Where a list is pulled from: the root above `/v2`, and our credential."""

    url: str
    username: str
    password: str = field(repr=False)


def feed_of(node: Node, name: str) -> Feed:
    """The feed of the list of this name, read anew each time so that it can be changed.

    Errors: NotFound when the settings name none; Invalid for a file that does not fit.
    """
    path = node.settings.feeds_file
    if path is None:
        raise NotFound("feed of the list", f"{name} (setting feeds_file)")
    values = _read(path)
    if name not in values:
        raise NotFound("feed of the list", name)
    found = values[name]
    if not isinstance(found, dict):
        raise Invalid(f"{path}: {name!r} stands outside a table.")
    entry = cast("dict[str, object]", found)
    unknown = sorted(set(entry) - set(_KEYS))
    if unknown:
        raise Invalid(f"{path}: [{name}] holds {unknown[0]!r}; it may hold {', '.join(_KEYS)}.")
    texts = {key: entry.get(key) for key in _KEYS}
    for key, value in texts.items():
        if not isinstance(value, str) or not value:
            raise Invalid(f"{path}: [{name}] needs a text {key!r}.")
    url = str(texts["url"]).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Invalid(
            f"{path}: [{name}] url is no address, such as https://feed.example/hashsharing."
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise Invalid(f"{path}: [{name}] would show the password: use https beyond loopback.")
    return Feed(url=url, username=str(texts["username"]), password=str(texts["password"]))


def _read(path: Path) -> dict[str, object]:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Invalid(f"Others can read {path}: run 'chmod 600' on it first.")
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Invalid(f"Cannot read the feeds in {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} is not TOML: {type(error).__name__}.") from error
