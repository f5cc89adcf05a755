"""Commands on how cases stand to each other: merge, split, parent, links."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.joining import actions
from tipbridge.police.cases.joining.model import Relation

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
Grounds = Annotated[str, Option(help="Why.")]


def add_to(group: Typer) -> None:
    """Put these commands beside the others on cases."""
    group.command("join")(join_cases)
    group.command("split")(split_case)
    group.command("undo")(undo_relation)
    group.command("link")(decide_link)
    group.command("unlink")(reopen_link)


def join_cases(
    data: DataOption,
    case: CaseArgument,
    other: Annotated[str, Argument(help="The other case's id or own number.")],
    relation: Annotated[Relation, Option()],
    grounds: Grounds,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Merge a case into another, put it below one, or say that they belong together."""
    with command_work(data, as_) as work:
        found = actions.join_cases(work, case, other=other, relation=relation, grounds=grounds)
    show(found, as_json=json)


def split_case(
    data: DataOption,
    case: CaseArgument,
    person: Annotated[list[str], Option(help="A person's id; can be repeated.")],
    grounds: Grounds,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give people of a case a case of their own."""
    with command_work(data, as_) as work:
        found = actions.split_case(work, case, people=person, grounds=grounds)
    show(found, as_json=json)


def undo_relation(
    data: DataOption,
    case: CaseArgument,
    relation: Annotated[str, Argument(help="The relation's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take a relation, a merge or a split back."""
    with command_work(data, as_) as work:
        found = actions.undo_relation(work, case, relation)
    show(found, as_json=json)


def decide_link(
    data: DataOption,
    case: CaseArgument,
    link: Annotated[str, Argument(help="The link's id.")],
    *,
    confirmed: Annotated[bool, Option("--confirm/--reject")],
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Confirm or reject a link that was proposed."""
    with command_work(data, as_) as work:
        actions.decide_link(work, case, link, confirmed=confirmed)
    show({"link": link, "confirmed": confirmed}, as_json=json)


def reopen_link(
    data: DataOption,
    case: CaseArgument,
    link: Annotated[str, Argument(help="The link's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take back what was said of a link: it is open again."""
    with command_work(data, as_) as work:
        actions.reopen_link(work, case, link)
    show({"link": link, "state": "proposed"}, as_json=json)
