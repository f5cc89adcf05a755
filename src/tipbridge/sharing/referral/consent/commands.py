"""Commands on consents."""

from typing import Annotated

import typer

from tipbridge.knowledge.agreements.model import DataClass, Purpose
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.sharing.referral.consent import actions
from tipbridge.sharing.referral.consent.model import Refusing, Use
from tipbridge.sharing.referral.consent.present import consent_json

group = typer.Typer(help="The originator's leave.", no_args_is_help=True)


@group.command("list")
def list_consents(
    data: DataOption,
    *,
    page: Annotated[int, typer.Option(min=1, help="A hundred at a time.")] = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List consents that were asked, are asked of this node, or pass along it."""
    with command_work(data, as_) as work:
        found = actions.list_consents(work, page=page)
    show([consent_json(each) for each in found], as_json=json)


@group.command("ask")
def ask_consent(
    data: DataOption,
    referral_id: Annotated[str, typer.Argument(help="The received referral's id.")],
    *,
    to: Annotated[str | None, typer.Option(help="The peer it would go on to.")] = None,
    court: Annotated[bool, typer.Option("--court", help="For use in court.")] = False,
    purpose: Annotated[
        Purpose | None, typer.Option(help="What it would go on for, if not what it came for.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Ask the originator for leave to pass a received referral on, or to use it in court."""
    with command_work(data, as_) as work:
        use = Use.COURT if court else Use.ONWARD
        asked = actions.ask_consent(work, referral_id, use, recipient=to, purpose=purpose)
    show([consent_json(each) for each in asked], as_json=json)


@group.command("answer")
def answer_consent(
    data: DataOption,
    consent_id: Annotated[str, typer.Argument(help="The consent's id.")],
    *,
    grant: Annotated[bool, typer.Option("--grant/--refuse", help="The answer.")],
    why: Annotated[Refusing | None, typer.Option(help="Of a refusal.")] = None,
    allow: Annotated[
        list[DataClass] | None, typer.Option(help="A class of data; repeatable; default all.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=actions.DAYS_MAX, help="How long it holds.")
    ] = actions.CONSENT_DAYS,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Consent or refuse, as the originator."""
    with command_work(data, as_) as work:
        found = actions.answer_consent(
            work,
            consent_id,
            granted=grant,
            why=why,
            classes=frozenset(allow) if allow else None,
            days=days,
        )
    show(consent_json(found), as_json=json)
