"""Files that leave sealed to a named recipient: which, fixed at the proposal; and their sealing.

What is sealed goes from its source through the age encryption into the bundle, piece by piece:
no plaintext is written anywhere, and nobody on the node can open what was sealed.
"""

import errno
import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from tipbridge.foundation.base.defanging import defang_text
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.identity.sealing import parse_recipient, seal_stream
from tipbridge.foundation.work import Work
from tipbridge.police.disclosure.errors import FolderUnwritable
from tipbridge.police.disclosure.model import NOTHING_SEALED, Json, LaidFile, Sealing
from tipbridge.police.evidence.giving import SourceAgain, may_be_read_again, read_again
from tipbridge.police.evidence.model import FOLDER, Exhibit, FoundFile
from tipbridge.police.evidence.telling import (
    ExaminationFound,
    ExhibitTold,
    sources_of,
    told_of,
)

MOST_SEALED, _NAME_CHARACTERS = 100_000, 200
_DIGEST = re.compile(r"[0-9a-f]{64}")
_Found = dict[str, tuple[ExaminationFound, FoundFile]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSeal:
    """What a proposer types: whom files are sealed for, the age key, and the files by SHA-256."""

    name: str = field(default="", repr=False)
    recipient: str = ""
    files: Sequence[str] = ()


NOTHING_TO_SEAL = ToSeal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealable:
    """From where the files of an approved bundle are read, and to which key they are sealed."""

    recipient: str
    sources: tuple[SourceAgain, ...]


def sealing_of(work: Work, exhibits: Sequence[Exhibit], typed: ToSeal) -> Sealing | None:
    """What a proposal says is to leave sealed; None when it says nothing.

    Errors: Invalid when for whom, to which key or which files is not clear, when a file was not
    found on these exhibits, or lies within an archive only.
    """
    wanted = sorted({each.strip().lower() for each in typed.files if each.strip()})
    named, key = typed.name.strip(), typed.recipient.strip()
    if not (wanted or named or key):
        return None
    if not wanted or not named or not key:
        raise Invalid("Sealed files need all three: which files, for whom, and to which age key.")
    if len(named) > _NAME_CHARACTERS or not named.isprintable():
        raise Invalid(
            f"Whom files are sealed for has 1 to {_NAME_CHARACTERS} printable characters."
        )
    if len(wanted) > MOST_SEALED:
        raise Invalid(f"At most {MOST_SEALED} files leave sealed in one bundle.")
    parse_recipient(key)
    _check_found(wanted, told_of(work, exhibits))
    return Sealing(name=named, recipient=key, files=tuple(wanted))


def _check_found(wanted: Sequence[str], told: Sequence[ExhibitTold]) -> None:
    for each in wanted:
        if not _DIGEST.fullmatch(each):
            raise Invalid(
                f"A file to be sealed is named by its SHA-256, 64 digits; {each[:80]!a} is not."
            )
    there = _found(wanted, told)
    for each in wanted:
        if each not in there:
            within = any(file.digests.sha256 == each for _, file in _files(told))
            why = (
                "lies within an archive only; name the archive when it was found itself"
                if within
                else "is no finding and no near match on these exhibits"
            )
            raise Invalid(f"The file with SHA-256 {each} {why}.")


def _files(told: Sequence[ExhibitTold]) -> Iterator[tuple[ExaminationFound, FoundFile]]:
    for exhibit in told:
        for done in exhibit.examinations:
            for file in (*done.findings, *done.near):
                yield done, file


def _found(wanted: Sequence[str], told: Sequence[ExhibitTold]) -> _Found:
    """By SHA-256 the first place where each lies on its source itself."""
    names, found = frozenset(wanted), _Found()
    for done, file in _files(told):
        if file.digests.sha256 in names and may_be_read_again(file):
            found.setdefault(file.digests.sha256, (done, file))
    return found


def sealed_path(sha256: str) -> str:
    """Where a bundle has a sealed file."""
    return f"data/sealed/{sha256}.age"


def sealed_document(sealing: Sealing | None, told: Sequence[ExhibitTold]) -> Json:
    """What a bundle says of its sealed files, and people approve: for whom, and each by its digest."""
    if sealing is None:
        return dict(NOTHING_SEALED)
    there = _found(sealing.files, told)
    return {
        "name": defang_text(sealing.name),
        "recipient": sealing.recipient,
        "files": [
            {
                "file": sealed_path(each),
                "sha256": each,
                "size_bytes": file.digests.size_bytes,
                "examination": done.examination.id,
                "number": file.number,
                "path": file.path,
            }
            for each in sealing.files
            if each in there
            for done, file in [there[each]]
        ],
    }


def sources_again(
    work: Work, exhibits: Sequence[Exhibit], sealing: Sealing | None
) -> list[SourceAgain]:
    """Where each file to be sealed is read again, source by source."""
    if sealing is None:
        return []
    by_source: dict[tuple[str, str], list[FoundFile]] = {}
    facts = {name: each for one in exhibits for name, each in sources_of(work, one.id).items()}
    for done, file in _found(sealing.files, told_of(work, exhibits)).values():
        begun, said = facts.get(done.examination.id), done.examination
        kind = FOLDER if said.medium_bytes is None else "raw"  # one from before passes were kept
        if begun is not None:
            kind = begun.source_kind.partition(",")[0]
        by_source.setdefault((said.source, kind), []).append(file)
    return [
        SourceAgain(source=source, kind=kind, files=tuple(files))
        for (source, kind), files in by_source.items()
    ]


def at_new_places(sources: Sequence[SourceAgain], moved: Mapping[str, str]) -> list[SourceAgain]:
    """The sources where they are now; what is read there has to be what was found.

    Errors: Invalid for a place that none of them was examined at.
    """
    known = {each.source for each in sources}
    for place in moved:
        if place not in known:
            there = ", ".join(map(ascii, sorted(known)[:20])) or "none"
            raise Invalid(
                f"Nothing that leaves sealed was examined at {place[:200]!a}; it was at: {there}."
            )
    return [replace(each, source=moved.get(each.source, each.source)) for each in sources]


def seal_into(folder: Path, wanted: Sealable) -> dict[str, LaidFile]:
    """Seal every file into a bundle's folder; each by its path with what its sealed bytes are.

    Errors: NotAsFound; FolderUnwritable.
    """
    done: dict[str, LaidFile] = {}

    def seal(file: FoundFile, pieces: Iterator[bytes]) -> None:
        path = sealed_path(file.digests.sha256)
        done[path] = _sealed(folder / path, wanted.recipient, pieces)

    for source in wanted.sources:
        read_again(source, seal)
    return done


class _Out:
    """A file that is being sealed, and what it is so far."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest, self._size = file, hashlib.sha256(), 0

    def write(self, data: bytes, /) -> None:
        """Take the next sealed bytes."""
        self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    def durable(self) -> LaidFile:
        """What it is, once it is on disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return LaidFile(sha256=self._digest.hexdigest(), size_bytes=self._size)


def _sealed(path: Path, recipient: str, pieces: Iterator[bytes]) -> LaidFile:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            out = _Out(file)
            seal_stream(recipient, pieces, out)
            return out.durable()
    except OSError as error:
        raise FolderUnwritable(errno.errorcode.get(error.errno or 0, "error")) from error
