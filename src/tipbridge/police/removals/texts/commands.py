"""Commands on a host's own texts."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.removals.model import NoticeLanguage, NoticeStep
from tipbridge.police.removals.texts import actions

HostArgument = Annotated[str, Argument(help="Such as host.example.")]
StepOption = Annotated[NoticeStep, Option(help="How firmly it asks.")]
LanguageOption = Annotated[NoticeLanguage, Option(help="What it is written in.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `hosts`."""
    group.command("texts")(show_texts)
    group.command("text")(write_text)
    group.command("drop-text")(drop_text)


def show_texts(
    data: DataOption, host: HostArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show every text that a host may be sent, with what it makes of an example."""
    with command_work(data, as_) as work:
        found = actions.read_texts(work, host)
    show(found, as_json=json)


def write_text(
    data: DataOption,
    host: HostArgument,
    step: StepOption,
    language: LanguageOption,
    subject: Annotated[str, Option(help="With {notice} in it.")],
    body: Annotated[Path, Option(help="A file in UTF-8 with {place} in it.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give a host its own text of a notice; what it makes of an example is shown."""
    try:
        text = body.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"body: {body} can't be read as UTF-8 text.") from error
    with command_work(data, as_) as work:
        found = actions.write_text(
            work, host, language=language, step=step, subject=subject, body=text
        )
    show(found, as_json=json)


def drop_text(
    data: DataOption,
    host: HostArgument,
    step: StepOption,
    language: LanguageOption,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let a host be sent the usual text again."""
    with command_work(data, as_) as work:
        actions.drop_text(work, host, language=language, step=step)
    show({"host": host, "language": language, "step": step, "own": False}, as_json=json)
