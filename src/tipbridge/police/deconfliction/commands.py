"""Commands on hit or no hit at other agencies."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.deconfliction import actions

group = Typer(help="Hit or no hit: whether another agency knows a case's suspects.")
CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]


@group.command("ask")
def ask_peer(
    data: DataOption,
    case: CaseArgument,
    peer: Annotated[str, Option(help="Node id of the agency that is asked.")],
    reason: Annotated[str, Option(help="Why; it stays here.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Ask a peer whether it knows the suspects' identifiers of a case; it can't see which.

    What a question has no room for is counted as left_out: ask again for it.
    """
    with command_work(data, as_) as work:
        found = actions.ask_peer(work, case, peer_id=peer, reason=reason)
    show(
        {
            "question": found.id,
            "peer": found.peer_id,
            "state": found.state,
            "left_out": found.left_out,
        },
        as_json=json,
    )


@group.command("list")
def list_questions(
    data: DataOption, case: CaseArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """List what peers were asked about a case, with hit or no hit for each identifier."""
    with command_work(data, as_) as work:
        views = actions.list_questions(work, case)
    lines = [
        {
            "peer": view.question.peer_id,
            "asked_at": view.question.asked_at,
            "state": view.question.refusal or view.question.state,
            "left_out": view.question.left_out,
            "kind": each.identifier.kind,
            "identifier": " ".join(filter(None, (each.identifier.scope, each.identifier.value))),
            "hit": each.hit,
            "contacts": view.contacts if each.hit else (),
        }
        for view in views
        for each in view.asked
    ]
    show(lines, as_json=json)


@group.command("asked")
def list_answered(
    data: DataOption,
    *,
    page: Annotated[int, Option(help="A hundred lines on each.")] = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List peers' questions to this node: who, when and how many, never what."""
    with command_work(data, as_) as work:
        found = actions.list_answered(work, page=page)
    show(found, as_json=json)
