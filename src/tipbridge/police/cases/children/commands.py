"""Commands on a child's own file."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.children import actions
from tipbridge.police.cases.children.model import ChildFacts

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
FileArgument = Annotated[str, Argument(help="The file's id; 'cases access' lists yours.")]
MemberArgument = Annotated[str, Argument(help="Their username.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("open-child")(open_child_file)
    group.command("child")(read_child_file)
    group.command("record-child")(record_child)
    group.command("admit-to-child")(admit_to_child)
    group.command("dismiss-from-child")(dismiss_from_child)


def open_child_file(
    data: DataOption,
    case: CaseArgument,
    person: Annotated[str, Argument(help="The person's id: a victim of the case.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Open the own file of a child; only you are on its list at first."""
    with command_work(data, as_) as work:
        file = actions.open_child_file(work, case, person)
    show(file, as_json=json)


def read_child_file(
    data: DataOption,
    case: CaseArgument,
    file: FileArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show a child's own file, if you are on its list."""
    with command_work(data, as_) as work:
        found = actions.read_child_file(work, case, file)
    show(found, as_json=json)


def record_child(
    data: DataOption,
    case: CaseArgument,
    file: FileArgument,
    name: str | None = None,
    guardian: str | None = None,
    guardian_contact: str | None = None,
    school: str | None = None,
    address: str | None = None,
    statement: Annotated[str | None, Option(help="What the child said.")] = None,
    needs: Annotated[str | None, Option(help="What the child needs.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down what is known of a child; what is left out stays as it was."""
    facts = ChildFacts(
        name=name,
        guardian=guardian,
        guardian_contact=guardian_contact,
        school=school,
        address=address,
        statement=statement,
        needs=needs,
    )
    with command_work(data, as_) as work:
        found = actions.record_child(work, case, file, facts)
    show(found, as_json=json)


def admit_to_child(
    data: DataOption,
    case: CaseArgument,
    file: FileArgument,
    member: MemberArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Put somebody on the list of a child's own file; they must see the case too."""
    with command_work(data, as_) as work:
        actions.admit_to_child(work, case, file, username=member)
    show({"file": file, "member": member, "admitted": True}, as_json=json)


def dismiss_from_child(
    data: DataOption,
    case: CaseArgument,
    file: FileArgument,
    member: MemberArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take somebody off the list of a child's own file."""
    with command_work(data, as_) as work:
        actions.dismiss_from_child(work, case, file, username=member)
    show({"file": file, "member": member, "admitted": False}, as_json=json)
