"""Commands on hash lists."""

import os
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.hashes import actions, history
from tipbridge.knowledge.hashes.feeds import actions as feeds
from tipbridge.knowledge.hashes.forms import FORMS, NSRL, TEXT
from tipbridge.knowledge.hashes.model import DigestKind, Handling, ListPurpose, Mode, Scheme
from tipbridge.knowledge.hashes.rules import digest_kind
from tipbridge.knowledge.hashes.writing import WRITERS
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    command_work,
    show,
)

group = typer.Typer(help="Lists of digests of known files.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The list's name.")]


@group.command("add")
def add_list(
    data: DataOption,
    name: Annotated[str, typer.Option(help="The list's name.")],
    purpose: Annotated[str, typer.Option(help=f"One of: {', '.join(ListPurpose)}.")],
    owner: Annotated[str, typer.Option(help="The body that answers for its entries.")],
    scheme: Annotated[str, typer.Option(help=f"One of: {', '.join(Scheme)}.")] = Scheme.FREE,
    handling: Annotated[str, typer.Option(help=f"One of: {', '.join(Handling)}.")] = Handling.AMBER,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Open an empty list."""
    with command_work(data, as_) as work:
        added = actions.add_list(
            work, name=name, purpose=purpose, owner=owner, scheme=scheme, handling=handling
        )
    show(added, as_json=json)


@group.command("import")
def import_list(
    data: DataOption,
    name: NameArgument,
    file: Annotated[Path, typer.Argument(help="The list as its owner hands it out.")],
    form: Annotated[str, typer.Option(help=f"One of: {', '.join(FORMS)}.")] = TEXT,
    mode: Annotated[str, typer.Option(help=f"One of: {', '.join(Mode)}.")] = Mode.ADD,
    kind: Annotated[
        str | None, typer.Option(help=f"What a bare digest is: {', '.join(DigestKind)}.")
    ] = None,
    valid_until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day it ends, UTC.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Load a file into the list's next version: all of it, or nothing when a line is no entry.

    It takes effect once a second member of staff activates it.
    """
    try:
        lines = file.open("rb")
    except OSError as error:
        raise Invalid(f"Cannot read {file}: {error.strerror}.") from error
    with lines, command_work(data, as_) as work:
        counts = actions.import_list(
            work,
            name=name,
            lines=file if form == NSRL else lines,
            form=form,
            mode=mode,
            kind=kind,
            valid_until=in_utc(valid_until),
        )
    show(counts, as_json=json)


@group.command("activate")
def activate_version(
    data: DataOption,
    name: NameArgument,
    revision: Annotated[
        int | None, typer.Option(help="The revision you looked at, as 'lists show' names it.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Put the version that waits into effect; whoever prepared it can't."""
    with command_work(data, as_) as work:
        done = actions.activate_version(work, name=name, revision=revision)
    show(done, as_json=json)


@group.command("list")
def list_lists(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the lists with purpose, owner, version and number of entries."""
    with command_work(data, as_) as work:
        found = actions.list_lists(work)
    show(found, as_json=json)


@group.command("show")
def show_list(
    data: DataOption, name: NameArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show a list with its versions, who prepared and activated them, and entries by kind."""
    with command_work(data, as_) as work:
        found = history.show_list(work, name=name)
    show(found, as_json=json)


@group.command("diff")
def diff_list(
    data: DataOption,
    name: NameArgument,
    before: Annotated[
        int | None, typer.Option("--from", help="A version; left out, the one in effect.")
    ] = None,
    after: Annotated[
        int | None, typer.Option("--to", help="A version; left out, the one that waits.")
    ] = None,
    most: Annotated[int, typer.Option(help="Lines shown each way.")] = 100,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Count and show what one version holds that another does not."""
    with command_work(data, as_) as work:
        found = history.diff_list(work, name=name, before=before, after=after, most=most)
    show(found, as_json=json)


@group.command("export")
def export_list(
    data: DataOption,
    name: NameArgument,
    out: Annotated[Path, typer.Option(help="The file to write; it must not exist.")],
    form: Annotated[str, typer.Option(help=f"One of: {', '.join(WRITERS)}.")] = "csv",
    version: Annotated[int | None, typer.Option(help="Left out, the version in effect.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write a version of a list to a file; what the form has no place for is counted.

    The file is there once the export is recorded, whole, and else not at all.
    """
    with (
        _placed(out) as part,
        command_work(data, as_) as work,
        closing(history.export_list(work, name=name, form=form, version=version)) as pieces,
    ):
        size = _filled(part, pieces)
    told = {"list": name, "file": out, "size_bytes": size}
    show(told | {"left_out": dict(pieces.left_out), "lost": dict(pieces.lost)}, as_json=json)


@contextmanager
def _placed(out: Path) -> Generator[Path]:
    """A file to fill, named `out` once the block ends well. Errors: Invalid."""
    if out.exists():
        raise Invalid(f"Cannot write {out}: it is there already.")
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        with _writing(out):
            part.rename(out)
    finally:
        with _writing(out):
            part.unlink(missing_ok=True)


def _filled(part: Path, pieces: Iterable[bytes]) -> int:
    with _writing(part), part.open("wb") as file:
        size = sum(map(file.write, pieces))
        file.flush()
        os.fsync(file.fileno())
    return size


@contextmanager
def _writing(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise Invalid(f"Cannot write {path}: {error.strerror}.") from error


@group.command("verify")
def verify_lists(
    data: DataOption,
    name: Annotated[str | None, typer.Argument(help="A list; left out, all of them.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Hold what every version holds against what was signed; 1 when something does not fit."""
    with command_work(data, as_) as work:
        found = history.verify_lists(work, name=name)
    show(found, as_json=json)
    if found.faults:
        raise typer.Exit(1)


@group.command("rebuild")
def rebuild_list(
    data: DataOption, name: NameArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Build the index files of a list in effect anew from the database; a running node takes them."""
    with command_work(data, as_) as work:
        rows = actions.rebuild_list(work, name=name)
    show({"list": name, "rows": rows}, as_json=json)


@group.command("pull")
def pull_list(
    data: DataOption, name: NameArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Load what changed at the list's feed into its next version; goes on where it was.

    Every count is of all pages together. Where nothing changed there is no version.
    """
    pages: list[feeds.Pulled] = []
    while not pages or not pages[-1].done:
        with command_work(data, as_) as work:
            pages.append(feeds.pull_page(work, name=name))
    show({"list": name, "pages": len(pages)} | feeds.summed(pages), as_json=json)


@group.command("vote")
def vote(
    data: DataOption,
    name: NameArgument,
    digest: Annotated[str, typer.Argument(help="A digest, or KIND:DIGEST such as pdq:…")],
    against: Annotated[
        str | None, typer.Option(help="Why the entry is not right; left out, it is.")
    ] = None,
    feed_reason: Annotated[
        str | None,
        typer.Option(help="That reason in the feed's own words or id; '?' names all of them."),
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that an entry is right, or why it is not; each person has one vote on its class."""
    named, colon, text = digest.partition(":")
    kind = named if colon else digest_kind(digest)
    if kind is None:
        raise Invalid(f"{digest[:80]!r} is no MD5, SHA-1 or SHA-256: write KIND:DIGEST.")
    with command_work(data, as_) as work:
        standing = feeds.vote(
            work,
            name=name,
            kind=kind,
            digest=text if colon else digest,
            affirmative=against is None,
            reason=against,
            feed_reason=feed_reason,
        )
    show(standing, as_json=json)


@group.command("push-votes")
def push_votes(
    data: DataOption, name: NameArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Hand our people's votes to the list's feed; 1 when it stopped answering before the last."""
    with command_work(data, as_) as work:
        done = feeds.push_votes(work, name=name)
    show(done, as_json=json)
    if done.stopped is not None:
        raise typer.Exit(1)


def in_utc(day: datetime | None) -> datetime | None:
    """A day from the command line as its first moment, UTC."""
    return None if day is None else day.replace(tzinfo=UTC)
