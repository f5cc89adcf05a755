"""The command that reads what hosts answered by e-mail."""

import functools
from pathlib import Path
from typing import Annotated

from typer import Argument, Typer

from tipbridge.foundation.work import open_work
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, acting_node, show
from tipbridge.police.removals.mailed.actions import import_mail
from tipbridge.police.removals.mailed.files import mails_at
from tipbridge.police.removals.mailed.model import Imported
from tipbridge.police.removals.mailed.reading import reading_box

Paths = Annotated[list[Path], Argument(help=".eml files, mboxes, or Maildir folders.")]


def add_to(group: Typer) -> None:
    """Hang this command below `removals`."""
    group.command("import-replies")(import_replies)


def import_replies(
    data: DataOption, paths: Paths, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Keep what hosts answered by e-mail; what answers no notice of ours is listed with why."""
    found: list[Imported] = []
    with acting_node(data, as_) as (node, actor), reading_box(node.settings) as read:
        for where, raw in mails_at(paths):
            with open_work(node, actor) as work:
                found.append(import_mail(work, functools.partial(read, raw), where=where))
    told = {
        "mails": len(found),
        "kept": sum(each.fresh for each in found),
        "known": sum(each.unfit is None and not each.fresh for each in found),
        "unfit": sum(each.unfit is not None for each in found),
        "each": found,
    }
    show(told, as_json=json)
