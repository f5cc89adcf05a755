"""The product's own check of a bundle: what is changed, missing, extra, renamed or can't be so.

`tools/verify_bundle.py` says the same and shares no line with this; docs/disclosure.md is what
both are written after.
"""

import hashlib
import os
import re
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from tipbridge.foundation.base.canonical import parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.foundation.identity.signing import unverified_payload, verify_payload
from tipbridge.police.disclosure import bag
from tipbridge.police.disclosure.contradicting import contradictions
from tipbridge.police.disclosure.errors import NoBundle
from tipbridge.police.disclosure.model import Json, Problem, ProblemKind

MOST_FILES, MOST_DEPTH, MOST_DOCUMENT_BYTES = 200_000, 32, 256 * 1024 * 1024
MOST_PATH_CHARACTERS = 512
"""No bundle has a longer path, and systems end at a few thousand."""
_PIECE_BYTES = 1024 * 1024
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(slots=True)
class Lying:
    """What lies in a folder: files by path with their sizes, and what no bundle holds."""

    root: Path
    sizes: dict[str, int] = field(default_factory=dict[str, int])
    problems: list[Problem] = field(default_factory=list[Problem])

    @property
    def unreadable(self) -> set[str]:
        """What lies there and can't be read."""
        return {each.path for each in self.problems if each.kind is ProblemKind.UNREADABLE}

    def sha256(self, path: str) -> str:
        """The digest of a file as it lies there; nothing of one that can't be read."""
        digest = hashlib.sha256()
        try:
            with self.opened(path) as file:
                while piece := file.read(_PIECE_BYTES):
                    digest.update(piece)
        except OSError:
            return ""
        return digest.hexdigest()

    def read(self, path: str) -> bytes:
        """The bytes of a document. Errors: OSError; ValueError for more than one may have."""
        with self.opened(path) as file:
            data = file.read(MOST_DOCUMENT_BYTES + 1)
        if len(data) > MOST_DOCUMENT_BYTES:
            raise ValueError("too large a document")
        return data

    def lines(self, path: str) -> Iterator[bytes]:
        """Each line of a file without its end, one by one, however large the file is.

        Errors: OSError; ValueError for one that does not end, or is longer than a document.
        """
        with self.opened(path) as file:
            while line := file.readline(MOST_DOCUMENT_BYTES):
                if not line.endswith(b"\n"):
                    raise ValueError("a line without its end")
                yield line[:-1]

    def first_bytes(self, path: str, length: int) -> bytes:
        """A file's first bytes."""
        with self.opened(path) as file:
            return file.read(length)

    @contextmanager
    def opened(self, path: str) -> Generator[BinaryIO]:
        """A file for reading; one that lies there and can't be read is a problem. Errors: OSError."""
        try:
            handle = os.open(self.root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                yield file
        except OSError:
            if path in self.sizes:
                self.problems.append(Problem(path=path, kind=ProblemKind.UNREADABLE))
            raise


def check_bundle(folder: Path, *, fingerprint: str | None = None) -> list[Problem]:
    """Everything that is wrong with a bundle, in the order of paths; empty when nothing is.

    Shape: `fingerprint` is that of the node whose bundle it should be, from somewhere else.
    Errors: NoBundle.
    """
    if not folder.is_dir() or folder.is_symlink():
        raise NoBundle
    lying = Lying(folder)
    _scan(lying, "", 0)
    statement = _statement(lying)
    if statement is None:
        found = _by_manifests(lying)
    else:
        found = _by_statement(lying, statement)
        is_whole = all(problem.kind is ProblemKind.EXTRA for problem in found)
        if is_whole and not lying.unreadable:
            found += contradictions(lying, statement, fingerprint)
    shut = lying.unreadable  # of what can't be read nothing else is said
    told = [one for one in found if one.path not in shut]
    return sorted({*lying.problems, *told})


def _scan(lying: Lying, below: str, depth: int) -> None:
    try:
        with os.scandir(lying.root / below) as entries:
            names = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in names]
    except OSError:
        lying.problems.append(Problem(path=f"{below}/", kind=ProblemKind.UNREADABLE))
        return
    if below and not found:
        lying.problems.append(Problem(path=f"{below}/", kind=ProblemKind.EXTRA))
    for name, about in found:
        path = f"{below}/{name}" if below else name
        is_long = depth > MOST_DEPTH or len(path) > MOST_PATH_CHARACTERS
        if not _is_plain(name) or is_long or len(lying.sizes) >= MOST_FILES:
            shown = os.fsencode(path).decode("utf-8", "backslashreplace")
            lying.problems.append(Problem(path=shown, kind=ProblemKind.UNSAFE))
        elif stat.S_ISDIR(about.st_mode):
            _scan(lying, path, depth + 1)
        elif stat.S_ISREG(about.st_mode):
            lying.sizes[path] = about.st_size
        else:
            lying.problems.append(Problem(path=path, kind=ProblemKind.UNSAFE))


def _is_plain(name: str) -> bool:
    return name.isprintable() and "\\" not in name


def _statement(lying: Lying) -> Json | None:
    """What the bundle's own key signed; None when it is not there or does not verify."""
    if bag.STATEMENT not in lying.sizes:
        return None
    try:
        envelope = lying.read(bag.STATEMENT)
        claimed = parse_canonical(unverified_payload(envelope))
        key = bytes.fromhex(claimed["signing_key"])
        said = cast("Json", parse_canonical(verify_payload(key, bag.STATEMENT_TYPE, envelope)))
        listed = {path: (facts["sha256"], facts["size"]) for path, facts in said["files"].items()}
        is_ours = said["format"] in bag.FORMATS
    except (OSError, IntegrityFailure, Invalid, KeyError, TypeError, ValueError, AttributeError):
        return None
    fits = is_ours and all(map(_is_listed, listed.items()))
    return said if fits else None


def _is_listed(item: tuple[str, tuple[object, object]]) -> bool:
    path, (digest, size) = item
    is_digest = isinstance(digest, str) and re.fullmatch("[0-9a-f]{64}", digest) is not None
    return is_digest and type(size) is int and size >= 0 and _is_inside(path)


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    return all(part not in {"", ".", ".."} and _is_plain(part) for part in parts)


def _by_statement(lying: Lying, said: Json) -> list[Problem]:
    files = cast("dict[str, Json]", said["files"])
    listed = {path: cast("str", facts["sha256"]) for path, facts in files.items()}
    tags = {path: digest for path, digest in listed.items() if not path.startswith("data/")}
    tags[bag.STATEMENT] = lying.sha256(bag.STATEMENT)
    listed[bag.TAG_MANIFEST] = bag.sha256(bag.manifest(tags))
    sizes = {path: cast("int", facts["size"]) for path, facts in files.items()}
    return _compared(lying, listed, sizes, settled={bag.STATEMENT})


def _by_manifests(lying: Lying) -> list[Problem]:
    """Without a signature: what the manifests say, as far as they fit each other."""
    there = bag.STATEMENT in lying.sizes
    kind = ProblemKind.CHANGED if there else ProblemKind.MISSING
    found = [Problem(path=bag.STATEMENT, kind=kind)]
    tags = _manifest(lying, bag.TAG_MANIFEST)
    if tags is None:
        at = bag.TAG_MANIFEST in lying.sizes
        kind = ProblemKind.CHANGED if at else ProblemKind.MISSING
        return [*found, Problem(path=bag.TAG_MANIFEST, kind=kind)]
    listed = dict(tags)
    settled = {bag.TAG_MANIFEST}
    if there:
        settled.add(bag.STATEMENT)
        listed.pop(bag.STATEMENT, None)
    else:
        found = []
        listed.setdefault(bag.STATEMENT, "none")
    payload = _manifest(lying, bag.MANIFEST)
    fits = payload is not None and lying.sha256(bag.MANIFEST) == tags.get(bag.MANIFEST)
    if payload is not None and fits:
        listed |= payload
    else:
        settled |= {path for path in lying.sizes if path.startswith("data/")}
    return found + _compared(lying, listed, {}, settled=settled)


def _manifest(lying: Lying, path: str) -> dict[str, str] | None:
    if path not in lying.sizes:
        return None
    try:
        text = lying.read(path).decode()
    except (OSError, ValueError):
        return None
    found: dict[str, str] = {}
    for line in text.split("\n")[:-1]:
        match = _LINE.fullmatch(line)
        if match is None or match[2] in found or not _is_inside(match[2]):
            return None
        found[match[2]] = match[1]
    return found if text.endswith("\n") else None


def _compared(
    lying: Lying, listed: dict[str, str], sizes: dict[str, int], *, settled: set[str]
) -> list[Problem]:
    found: list[Problem] = []
    missing: list[str] = []
    for path, digest in sorted(listed.items()):
        size = lying.sizes.get(path)
        if path in settled:
            continue
        if size is None:
            missing.append(path)
        elif size != sizes.get(path, size) or lying.sha256(path) != digest:
            found.append(Problem(path=path, kind=ProblemKind.CHANGED))
    extra: dict[str, list[str]] = {}
    for path in sorted(lying.sizes.keys() - listed.keys() - settled):
        extra.setdefault(lying.sha256(path), []).append(path)
    for path in missing:
        same = extra.get(listed[path])
        if same:
            found.append(Problem(path=path, kind=ProblemKind.RENAMED, now=same.pop(0)))
        else:
            found.append(Problem(path=path, kind=ProblemKind.MISSING))
    left = [path for paths in extra.values() for path in paths]
    return found + [Problem(path=path, kind=ProblemKind.EXTRA) for path in left]
