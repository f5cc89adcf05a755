"""Commands on searches: each names its case and its reason, and is kept with it."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.searching import actions

About = Annotated[str, Argument(help="The id or own number of the case that the search is for.")]


def add_to(group: Typer) -> None:
    """Put these commands beside the others on cases."""
    group.command("search")(search)
    group.command("searches")(list_searches)


def search(
    data: DataOption,
    case: About,
    text: Annotated[str, Argument(help="A name, a part of one, or an identifier.")],
    grounds: Annotated[str, Option(help="Why this search is needed for the case.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Search cases, people, identifiers and notes that you see; the search is recorded."""
    with command_work(data, as_) as work:
        found = actions.search(work, about=case, grounds=grounds, text=text)
    show(found, as_json=json)


def list_searches(
    data: DataOption, case: About, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """List the searches that were made for a case."""
    with command_work(data, as_) as work:
        found = actions.list_searches(work, case)
    show(found, as_json=json)
