"""Commands on who sees a case, what feeds it, and what other cases hold."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases import access, actions
from tipbridge.police.cases.asking.actions import ask_others as ask
from tipbridge.police.cases.handing import actions as handing

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
MemberArgument = Annotated[str, Argument(help="Their username.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("access")(read_access)
    group.command("lift")(lift_restriction)
    group.command("admit")(admit_member)
    group.command("dismiss")(dismiss_member)
    group.command("feed")(feed_referral)
    group.command("ask-others")(ask_others)


def read_access(
    data: DataOption,
    case: CaseArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show who sees a case, who offered it to whom, and the children's own files."""
    with command_work(data, as_) as work:
        found = access.read_access(work, case)
    show(found, as_json=json)


def lift_restriction(
    data: DataOption,
    case: CaseArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let the whole unit see a case again."""
    with command_work(data, as_) as work:
        actions.lift_restriction(work, case)
    show({"case": case, "restricted": False}, as_json=json)


def admit_member(
    data: DataOption,
    case: CaseArgument,
    member: MemberArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Put somebody on the list of a restricted case."""
    with command_work(data, as_) as work:
        handing.admit_member(work, case, username=member)
    show({"case": case, "member": member, "admitted": True}, as_json=json)


def dismiss_member(
    data: DataOption,
    case: CaseArgument,
    member: MemberArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take somebody off the list of a restricted case; somebody stays on it."""
    with command_work(data, as_) as work:
        handing.dismiss_member(work, case, username=member)
    show({"case": case, "member": member, "admitted": False}, as_json=json)


def feed_referral(
    data: DataOption,
    case: CaseArgument,
    referral: Annotated[str, Argument(help="The received referral's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let a referral feed a further case too."""
    with command_work(data, as_) as work:
        actions.feed_referral(work, case, referral=referral)
    show({"case": case, "referral": referral}, as_json=json)


def ask_others(
    data: DataOption,
    case: CaseArgument,
    grounds: Annotated[str, Option(help="Why.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Ask whether other cases of this node hold the same; 'cases show' has the answer."""
    with command_work(data, as_) as work:
        asking = ask(work, case, grounds=grounds)
    show(asking, as_json=json)
