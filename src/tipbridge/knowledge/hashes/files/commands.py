"""Commands on files: what they hash to, and what is known of them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.node import load_settings
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.files import actions
from tipbridge.knowledge.hashes.files.boxes import box_of
from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.knowledge.hashes.files.reading import hash_batch
from tipbridge.knowledge.hashes.lookups import MOST_HITS, RADIUS, Query
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.rules import EXACT_KINDS, digest_kind, read_digest
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    acting_node,
    command_work,
    show,
)

_NOTHING_KNOWN, _NOT_ALL_COMPARED = 1, 9

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
    json: JsonOption = True,
) -> None:
    """Print digests of files, PDQ of pictures, vPDQ of videos, and those of archives' members.

    Pictures, videos and archives are decoded in the box; no node is asked. Exit code: 0 when all
    of it has its hashes, 1 when something was left out: it is listed with its reason.
    """
    found = list(hashed_paths(files, data))
    show([{"file": each.name, **_fields(each)} for each in found], as_json=json)
    if any(each.left_out for each in found):
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
    json: JsonOption = True,
) -> None:
    """Say which entries of lists in effect files, what they hold, or digests match, and how nearly.

    Exit code: 0 when something matches, 1 when nothing does, 9 when nothing does but a list could
    not be looked into or something of a file could not be compared. With --triage each part says its lane;
    what had no more than a first look ("fast", "key-frames") may match all the same.
    """
    queries = [query_of_text(text) for text in digest or ()]
    if not files and not queries:
        raise Invalid("Name files to match, or digests with --digest.")
    told: dict[str, object] = {}
    hit = unsure = False
    if files:
        with acting_node(data, as_) as (node, actor):
            flagged = actions.flagging(node, radius=radius) if triage else None
            hashed = list(hashed_paths(files, data, flagged))
            with open_work(node, actor) as work:
                found = actions.match_files(
                    work, hashed, lists=list_, radius=radius, most=most, build=True
                )
        told |= {"files": found.files, "not_searched": found.not_searched}
        hit = any(each.hit for each in found.files)
        unsure = bool(found.not_searched) or any(each.left_out for each in found.files)
    if queries:
        with command_work(data, as_) as work:
            answered = hashes.match_digests(
                work, queries, lists=list_, radius=radius, most=most, build=True
            )
        told |= {"answers": answered.answers, "not_searched": answered.not_searched}
        hit = hit or any(each.hits or each.too_many for each in answered.answers)
        unsure = unsure or bool(answered.not_searched)
    show(told, as_json=json)
    if not hit:
        raise typer.Exit(_NOT_ALL_COMPARED if unsure else _NOTHING_KNOWN)


def hashed_paths(
    paths: list[Path], data: Path | None, flagged: Callable[[FileHashes], bool] | None = None
) -> Iterator[FileHashes]:
    """Files of this machine, hashed in a box; with `flagged`, each has a first look before.

    Errors: Invalid for one that can't be read.
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
            raise Invalid(f"Cannot read {path}: {error.strerror}.") from error


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
