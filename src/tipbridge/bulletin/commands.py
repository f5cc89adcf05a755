"""Commands on the bulletin."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.bulletin.actions import read_bulletin
from tipbridge.bulletin.document import write_json
from tipbridge.bulletin.model import Bulletin, Period, View
from tipbridge.bulletin.text import write_text
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

group = typer.Typer(help="Counts of the police's work, with what they mean.", no_args_is_help=True)


class Format(StrEnum):
    """How a bulletin is written."""

    TEXT = "text"
    JSON = "json"


@group.callback()
def bulletin() -> None:
    """Counts of the police's work, with what they mean."""


@group.command("show")
def show_bulletin(
    data: DataOption,
    from_: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")],
    to: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")],
    view: Annotated[View, typer.Option(help="The full view needs a role.")] = View.PUBLIC,
    format_: Annotated[Format, typer.Option("--format")] = Format.TEXT,
    language: Annotated[Language, typer.Option()] = Language.ENGLISH,
    out: Annotated[Path | None, typer.Option(help="Write here instead of printing.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show the figures of a period, both days counted."""
    period = Period(from_on=from_.date(), to_on=to.date())
    with command_work(data, as_) as work:
        found = read_bulletin(work, period, view)
    text = written(found, Format.JSON if json else format_, language)
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, "utf-8")


def written(found: Bulletin, form: Format, language: Language) -> str:
    """The bulletin in one form and language."""
    words = catalogue(language).gettext
    return write_json(found, words) if form is Format.JSON else write_text(found, words)
