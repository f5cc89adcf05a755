"""Commands on handing a case over to another unit."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.handing import actions
from tipbridge.police.cases.handing.model import HandOverGround
from tipbridge.police.cases.leaving import commands as leaving

handovers = Typer(help="Cases offered to and by other units.", no_args_is_help=True)
leaving.add_to(handovers)
CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
OfferArgument = Annotated[str, Argument(help="The offer's id.")]


@handovers.command("list")
def list_hand_overs(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the offers from and to your units."""
    with command_work(data, as_) as work:
        found = actions.list_hand_overs(work)
    show(found, as_json=json)


@handovers.command("offer")
def offer_case(
    data: DataOption,
    case: CaseArgument,
    unit: Annotated[str, Option(help="Code of the unit.")],
    ground: Annotated[HandOverGround, Option()],
    words: Annotated[str, Option(help="What they should know.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Offer a case to another unit; it stays yours until they accept."""
    with command_work(data, as_) as work:
        found = actions.offer_case(work, case, unit=unit, ground=ground, words=words)
    show(found, as_json=json)


@handovers.command("withdraw")
def withdraw_offer(
    data: DataOption,
    case: CaseArgument,
    offer: OfferArgument,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take an offer back."""
    with command_work(data, as_) as work:
        actions.withdraw_offer(work, case, offer)
    show({"offer": offer, "state": "withdrawn"}, as_json=json)


@handovers.command("accept")
def accept_case(
    data: DataOption, offer: OfferArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Accept a case that was offered to your unit."""
    with command_work(data, as_) as work:
        actions.accept_case(work, offer)
    show({"offer": offer, "state": "accepted"}, as_json=json)


@handovers.command("refuse")
def refuse_case(
    data: DataOption,
    offer: OfferArgument,
    answer: Annotated[str, Option(help="Why.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Refuse a case that was offered to your unit, and say why."""
    with command_work(data, as_) as work:
        actions.refuse_case(work, offer, answer=answer)
    show({"offer": offer, "state": "refused"}, as_json=json)
