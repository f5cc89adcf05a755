"""Commands on what is noted and kept in a case."""

import os
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import open_work
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    JsonOption,
    acting_node,
    command_work,
    show,
)
from tipbridge.police.cases.diary import actions
from tipbridge.police.cases.diary.model import Opened

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("diary")(show_diary)
    group.command("open-document")(open_document)


def show_diary(
    data: DataOption,
    case: CaseArgument,
    before: Annotated[
        str | None, Option(help="Go on with the timeline from here, as `earlier` said.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show tasks, notes, documents and the timeline of a case, 200 events at a time."""
    with command_work(data, as_) as work:
        diary = actions.read_diary(work, case, before=before)
    show(
        {
            "tasks": diary.tasks,
            "notes": diary.notes,
            "documents": [
                {
                    "id": each.id,
                    "kind": each.kind,
                    "title": each.title,
                    "media_type": each.media_type,
                    "sha256": each.sha256,
                    "size_bytes": each.size_bytes,
                    "added_at": each.added_at,
                }
                for each in diary.documents
            ],
            "timeline": diary.timeline,
            "events": diary.events,
            "earlier": diary.earlier,
        },
        as_json=json,
    )


def open_document(
    data: DataOption,
    case: CaseArgument,
    document: Annotated[str, Argument(help="The document's id.")],
    out: Annotated[Path, Option(help="A new file, which only you can read.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give out a document of a case, as a file; media never, and it is recorded."""
    with acting_node(data, as_) as (node, actor):
        with open_work(node, actor) as work:
            opened = actions.open_document(work, case, document)
        _write(out, opened)
    show({"file": str(out), "sha256": opened.document.sha256}, as_json=json)


def _write(out: Path, opened: Opened) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        with os.fdopen(os.open(out, flags, 0o600), "wb") as file:
            for piece in opened.pieces():
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise Conflict(f"{out} exists already; name a new file.") from error
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror}.") from error
