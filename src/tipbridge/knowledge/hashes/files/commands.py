"""Commands on files: what they hash to, and what is known of them."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import load_settings
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.files import actions
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.knowledge.hashes.files.contents import UNREADABLE, FileHashes, LeftOut
from tipbridge.knowledge.hashes.files.judging import FileMatched, FilesMatched
from tipbridge.knowledge.hashes.files.reading import hash_batch
from tipbridge.knowledge.hashes.lookups import MOST_HITS, RADIUS, Query
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.rules import EXACT_KINDS, digest_kind, read_digest
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    acting_node,
    show,
    show_as_it_comes,
)

_NOTHING_KNOWN, _NOT_ALL_COMPARED = 1, 9
AT_ONCE = 100
"""So many files are hashed, then matched in one unit of work and printed."""

SettingsOption = Annotated[
    Path | None,
    typer.Option(
        "--data", envvar="TIPBRIDGE_DATA", help="The node whose settings wall the box, if any."
    ),
]


def hash_files(
    files: Annotated[list[Path], typer.Argument(help="Files to read.")],
    data: SettingsOption = None,
    *,
    _json: JsonOption = True,
) -> None:
    """Print digests of files, PDQ of pictures, vPDQ of videos, and those of archives' members.

    Pictures, videos and archives are decoded in the box; no node is asked. Each file is printed once
    it is hashed. Exit code: 0 when all of it has its hashes, 1 when something was left out, a file
    that can't be read too: it is listed with its reason.
    """
    all_hashed = True

    def each() -> Iterator[object]:
        nonlocal all_hashed
        for found in hashed_paths(files, data):
            all_hashed = all_hashed and not found.left_out
            yield {"file": found.name, **_fields(found)}

    show_as_it_comes(each())
    if not all_hashed:
        raise typer.Exit(1)


def match_files(
    data: DataOption,
    files: Annotated[list[Path] | None, typer.Argument(help="Files to read.")] = None,
    digest: Annotated[
        list[str] | None,
        typer.Option(help="A digest, or KIND:DIGEST such as pdq:…; can be given more than once."),
    ] = None,
    list_: Annotated[
        list[str] | None, typer.Option("--list", help="Look into this list only; more than once.")
    ] = None,
    radius: Annotated[int, typer.Option(help="Bits that a near match may differ.")] = RADIUS,
    most: Annotated[int, typer.Option(help="Entries shown for each.")] = MOST_HITS,
    *,
    triage: Annotated[
        bool,
        typer.Option(
            "--triage",
            help="A first look at many files: large pictures made smaller, key frames of videos;"
            " what may be a match is hashed again in full.",
        ),
    ] = False,
    as_: AsOption = None,
    _json: JsonOption = True,
) -> None:
    """Say which entries of lists in effect files, what they hold, or digests match, and how nearly.

    Each file is printed once it is matched. Exit code: 0 when something matches, 1 when nothing does, 9
    when nothing does but a list could not be looked into or something of a file could not be read or
    compared. With --triage each part says its lane; what had no more than a first look ("fast",
    "key-frames") may match all the same.
    """
    queries = [query_of_text(text) for text in digest or ()]
    if not files and not queries:
        raise Invalid("Name files to match, or digests with --digest.")
    came = _Outcome()
    with acting_node(data, as_) as (node, actor):
        if queries:
            with open_work(node, actor) as work:
                answered = hashes.match_digests(
                    work, queries, lists=list_, radius=radius, most=most, build=True
                )
            hit = any(each.hits or each.too_many for each in answered.answers)
            came.note(answered.not_searched, hit=hit)
            came.told = {"answers": answered.answers}
        if files:
            with open_work(node, actor) as work:
                actions.begin_matching(work, lists=list_, radius=radius, most=most)
            flagged = actions.flagging(node, radius=radius) if triage else None

            def match_some(some: list[FileHashes]) -> FilesMatched:
                with open_work(node, actor) as work:
                    return actions.match_files(work, some, lists=list_, radius=radius, most=most)

            found = _matched(hashed_paths(files, data, flagged), match_some, came)
            show_as_it_comes(found, field="files", rest=came.rest)
        else:
            show(came.rest(), as_json=True)
    if not came.hit:
        raise typer.Exit(_NOTHING_KNOWN if came.all_compared else _NOT_ALL_COMPARED)


@dataclass(slots=True, kw_only=True)
class _Outcome:
    """What came of a command so far, and what is told beside its files."""

    hit: bool = False
    all_compared: bool = True
    not_searched: set[str] = field(default_factory=set[str])
    told: dict[str, object] = field(default_factory=dict[str, object])

    def note(self, not_searched: Iterable[str], *, hit: bool, left_out: bool = False) -> None:
        """One more answer."""
        self.not_searched.update(not_searched)
        self.hit = self.hit or hit
        self.all_compared = not (left_out or self.not_searched) and self.all_compared

    def rest(self) -> dict[str, object]:
        """What is told once all files were."""
        return {"not_searched": sorted(self.not_searched), **self.told}


def _matched(
    hashed: Iterator[FileHashes],
    match_some: Callable[[list[FileHashes]], FilesMatched],
    came: _Outcome,
) -> Iterator[FileMatched]:
    """Hashed files as they were matched, so many at once that little is kept in memory."""
    while some := list(islice(hashed, AT_ONCE)):
        found = match_some(some)
        came.note(
            found.not_searched,
            hit=any(each.hit for each in found.files),
            left_out=any(each.left_out for each in found.files),
        )
        yield from found.files


def hashed_paths(
    paths: list[Path], data: Path | None, flagged: Callable[[FileHashes], bool] | None = None
) -> Iterator[FileHashes]:
    """Files of this machine, hashed in a box; with `flagged`, each has a first look before.

    Shape: one that can't be read has no parts, and that is what was left out of it.
    """
    box = box_of(None if data is None else load_settings(data))
    fast = flagged is not None
    for path in paths:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                yield from hash_batch(box, [(str(path), descriptor)], fast=fast, flagged=flagged)
            finally:
                os.close(descriptor)
        except OSError as error:
            left = LeftOut(path=(), what="file", reason=UNREADABLE, detail=error.strerror or "")
            yield FileHashes(name=str(path), parts=(), left_out=(left,))


def _fields(found: FileHashes) -> dict[str, object]:
    return {
        "parts": found.parts,
        "folders": found.folders,
        "unlisted_bytes": found.unlisted_bytes,
        "left_out": found.left_out,
    }


def query_of_text(text: str) -> Query:
    """What is asked about a digest on the command line. Errors: Invalid."""
    name, colon, rest = text.partition(":")
    value = rest if colon else text
    named = {each.value: each for each in (*EXACT_KINDS, DigestKind.PDQ)}
    kind = named.get(name.lower()) if colon else digest_kind(value)
    digest = None if kind is None else read_digest(kind, value)
    if kind is None or digest is None:
        raise Invalid(
            f"{text[:80]!r} is no digest: give an MD5, SHA-1 or SHA-256 in hexadecimal, or"
            f" KIND:DIGEST with a kind of {', '.join(named)}."
        )
    return Query(ref=text, digests={kind: digest})
