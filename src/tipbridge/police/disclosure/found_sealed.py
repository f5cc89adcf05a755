"""Sealed files of a signed bundle: those that it names, each for one recipient, and as long as it says.

What they hold only that recipient can check. Source: the age format, C2SP/age.md.
"""

import re
from collections.abc import Iterator
from typing import Protocol

from tipbridge.foundation.base.canonical import parse_json
from tipbridge.police.disclosure.model import Json

_HEADER = re.compile(
    rb"age-encryption\.org/v1\n(?P<stanzas>(?:->(?: [!-~]+)+\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)+)"
    rb"--- [A-Za-z0-9+/]{43}\n"
)
_STANZA = re.compile(rb"^-> (?P<type>[!-~]+)", re.MULTILINE)
_MOST_HEADER_BYTES, _NONCE_BYTES, _PIECE_BYTES, _TAG_BYTES = 1 << 16, 16, 1 << 16, 16


class Readable(Protocol):
    """Where a bundle's files are read from."""

    def read(self, path: str) -> bytes:
        """The bytes of a document."""
        ...

    def lines(self, path: str) -> Iterator[bytes]:
        """Each line of a file without its end."""
        ...

    def first_bytes(self, path: str, length: int) -> bytes:
        """A file's first bytes."""
        ...


def are_sealed(lying: Readable, said: Json) -> bool:
    """Whether exactly the named files are there, of findings or near matches, and sealed."""
    named = parse_json(lying.read("data/sealed.json"))
    there = {path: facts["size"] for path, facts in said["files"].items() if _is_below(path)}
    if sorted(each["file"] for each in named["files"]) != sorted(there):
        return False
    if not there:
        return named["name"] is None and named["recipient"] is None
    is_for = named["name"] and named["recipient"].startswith("age1")
    found = _found(lying, {each["examination"] for each in named["files"]})
    return bool(is_for) and all(
        each["file"] == f"data/sealed/{each['sha256']}.age"
        and _facts(each["examination"], each) in found
        and there[each["file"]] == _sealed_bytes(lying, each)
        for each in named["files"]
    )


def _is_below(path: str) -> bool:
    return path.startswith("data/sealed/")


def _found(lying: Readable, examinations: set[str]) -> set[tuple[object, ...]]:
    """Every finding and near match of these examinations."""
    return {
        _facts(each, parse_json(line))
        for each in examinations
        for folder in ("findings", "near")
        for line in lying.lines(f"data/{folder}/{each}.jsonl")
    }


def _facts(examination: str, file: Json) -> tuple[object, ...]:
    return examination, file["number"], file["sha256"], file["size_bytes"], file["path"]


def _sealed_bytes(lying: Readable, named: Json) -> int | None:
    """How long a file sealed to one X25519 recipient is; None for one that is not so."""
    header = _HEADER.match(lying.first_bytes(named["file"], _MOST_HEADER_BYTES))
    kinds = [] if header is None else _STANZA.findall(header["stanzas"])
    others = [kind for kind in kinds if not kind.endswith(b"-grease")]
    if header is None or others != [b"X25519"]:
        return None
    pieces = max(1, -(-named["size_bytes"] // _PIECE_BYTES))
    return header.end() + _NONCE_BYTES + named["size_bytes"] + pieces * _TAG_BYTES
