"""Commands on the bulletin."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.bulletin.actions import read_bulletin
from tipbridge.bulletin.document import write_json
from tipbridge.bulletin.model import Bulletin, Period, View
from tipbridge.bulletin.published import actions as published
from tipbridge.bulletin.text import write_text
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

group = typer.Typer(help="Counts of the police's work, with what they mean.", no_args_is_help=True)


FirstOption = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")]
LastOption = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.")]


class Format(StrEnum):
    """How a bulletin is written."""

    TEXT = "text"
    JSON = "json"


class KeptFormat(StrEnum):
    """How a published bulletin is written; `kept` is the bytes that its digest is of."""

    TEXT = "text"
    JSON = "json"
    KEPT = "kept"


@group.callback()
def bulletin() -> None:
    """Counts of the police's work, with what they mean."""


@group.command("show")
def show_bulletin(
    data: DataOption,
    from_: FirstOption,
    to: LastOption,
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
    _print_or_write(text, out)


@group.command("publish")
def publish_bulletin(
    data: DataOption,
    from_: FirstOption,
    to: LastOption,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Publish the public view of a period that is over; it is kept as it is, for ever."""
    with command_work(data, as_) as work:
        period = Period(from_on=from_.date(), to_on=to.date())
        publication = published.publish_bulletin(work, period)
    show({"publication": publication.id, "sha256": publication.digest}, as_json=json)


@group.command("publications")
def list_publications(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """Show what was published, when and by whom."""
    with command_work(data, as_) as work:
        found = published.list_publications(work)
    show(found, as_json=json)


@group.command("publication")
def show_publication(
    data: DataOption,
    publication: Annotated[str, typer.Argument(help="The publication's id.")],
    form: Annotated[KeptFormat, typer.Option("--format")] = KeptFormat.TEXT,
    language: Annotated[Language, typer.Option()] = Language.ENGLISH,
    out: Annotated[Path | None, typer.Option(help="Write here instead of printing.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show a bulletin as it was published; `--format kept` gives the very bytes of its digest."""
    with command_work(data, as_) as work:
        found = published.read_publication(work, publication)
    if form is KeptFormat.KEPT:
        text = found.publication.figures.decode()
    else:
        text = written(found.bulletin, Format.JSON if json else Format(form.value), language)
    _print_or_write(text, out)


def _print_or_write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
    else:
        out.write_text(text, "utf-8")


def written(found: Bulletin, form: Format, language: Language) -> str:
    """The bulletin in one form and language."""
    words = catalogue(language).gettext
    return write_json(found, words) if form is Format.JSON else write_text(found, words)
