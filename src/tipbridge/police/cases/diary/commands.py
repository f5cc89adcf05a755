"""Commands on what is noted and kept in a case."""

import os
from datetime import datetime
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
    group.command("note")(add_note)
    group.command("task")(add_task)
    group.command("finish-task")(finish_task)


def add_note(
    data: DataOption,
    case: CaseArgument,
    note: Annotated[str, Argument(help="What is noted; it is never changed.")],
    person: Annotated[str | None, Option(help="The id of the person it is about.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write a note into a case."""
    with command_work(data, as_) as work:
        written = actions.add_note(work, case, note=note, person=person)
    show(written, as_json=json)


def add_task(
    data: DataOption,
    case: CaseArgument,
    title: Annotated[str, Argument(help="What is to be done.")],
    due: Annotated[datetime | None, Option(formats=["%Y-%m-%d"], help="By when.")] = None,
    assigned_to: Annotated[str | None, Option(help="Who does it, by username.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Open a task in your own words."""
    with command_work(data, as_) as work:
        due_on = None if due is None else due.date()
        task = actions.add_task(work, case, title=title, due_on=due_on, assigned_to=assigned_to)
    show(task, as_json=json)


def finish_task(
    data: DataOption,
    case: CaseArgument,
    task: Annotated[str, Argument(help="The task's id, as 'cases diary' shows it.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a task is done."""
    with command_work(data, as_) as work:
        actions.finish_task(work, case, task)
    show({"case": case, "done": task}, as_json=json)


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
                    "moved_by": each.moved_by,
                    "moved_at": each.moved_at,
                }
                for each in diary.documents
            ],
            "strikes": diary.strikes,
            "moves": diary.moves,
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
