"""Clearinghouses to file to, and the credentials for them: from the environment or a file."""

import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import Node, Settings
from tipbridge.tips.filing.errors import NoCredential

PRODUCTION_HOST = "report.cybertip.org"
SANDBOX_URL = "https://exttest.cybertip.org/ispws"
"""NCMEC's hosts for reports that count and for tests (protocol notes, section 1)."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_KEYS = frozenset({"url", "username", "password", "sandbox"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A clearinghouse's address and our credential there."""

    url: str
    username: str
    password: str = field(repr=False)
    sandbox: bool = False


def clean_url(node: Node, url: str, *, sandbox: bool) -> str:
    """A clearinghouse's address as it is kept.

    Errors: Invalid for what is no address, a password in the open, or the wrong kind of
    clearinghouse for this node or for a test.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise Invalid(f"{url!r} is no clearinghouse's address, such as https://esp.example/ispws.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise Invalid(f"{url} would show the password on the way: use https beyond loopback.")
    host = parts.hostname.rstrip(".")
    if host == PRODUCTION_HOST and (sandbox or node.synthetic):
        what = "A test" if sandbox else "A synthetic node"
        raise Invalid(f"{what} never files to {PRODUCTION_HOST}; use {SANDBOX_URL}.")
    if host == urlsplit(SANDBOX_URL).hostname and not (sandbox or node.synthetic):
        raise Invalid(f"{host} is for tests: nobody acts on what is filed there. Add --sandbox.")
    return url.strip().rstrip("/")


def chosen_url(node: Node, to: str | None, *, sandbox: bool) -> str:
    """Where to file: the address given, or the one that the settings name for this.

    Errors: Invalid when none is named.
    """
    if to is None:
        fitting = [one for one in known_targets(node.settings) if one.sandbox == sandbox]
        if len(fitting) == 1:
            to = fitting[0].url
        elif sandbox and not fitting:
            to = SANDBOX_URL
    if to is None:
        raise Invalid("Name a clearinghouse with --to, or exactly one in the settings.")
    return clean_url(node, to, sandbox=sandbox)


def target_of(node: Node, url: str, *, sandbox: bool) -> Target:
    """Our credential at this clearinghouse, read anew each time so that it can be changed.

    Errors: NoCredential.
    """
    for target in known_targets(node.settings):
        if target.url == url and target.sandbox == sandbox:
            return target
    raise NoCredential(url, sandbox=sandbox)


def known_targets(settings: Settings) -> list[Target]:
    """Every clearinghouse that we have a credential for.

    Errors: Invalid for a credentials file that others can read, or that says what it may not.
    """
    found: list[Target] = []
    if settings.filing_url and settings.filing_username and settings.filing_password:
        found.append(
            Target(
                url=settings.filing_url.rstrip("/"),
                username=settings.filing_username,
                password=settings.filing_password.get_secret_value(),
                sandbox=settings.filing_sandbox,
            )
        )
    if settings.filing_credentials_file is not None:
        found.extend(_from_file(settings.filing_credentials_file))
    return found


def _from_file(path: Path) -> Iterator[Target]:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise Invalid(f"Others can read {path}: run 'chmod 600' on it first.")
        values = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Invalid(f"Cannot read the credentials in {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} is not TOML: {type(error).__name__}.") from error
    for name, entry in values.items():
        if not isinstance(entry, dict):
            raise Invalid(f"{path}: {name!r} stands outside a table such as [clearinghouse].")
        yield _entry(path, name, cast("dict[str, object]", entry))


def _entry(path: Path, name: str, entry: dict[str, object]) -> Target:
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise Invalid(f"{path}: [{name}] holds {unknown[0]!r}; it may hold {sorted(_KEYS)}.")
    texts = {key: entry.get(key) for key in ("url", "username", "password")}
    for key, value in texts.items():
        if not isinstance(value, str) or not value:
            raise Invalid(f"{path}: [{name}] needs a text {key!r}.")
    return Target(
        url=str(texts["url"]).rstrip("/"),
        username=str(texts["username"]),
        password=str(texts["password"]),
        sandbox=entry.get("sandbox") is True,
    )
