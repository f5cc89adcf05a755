"""Commands on tips and leads."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from tipbridge.foundation.base.defanging import defang_within
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.triage import actions
from tipbridge.tips.triage.identifiers import MATERIAL, OwnGrounds
from tipbridge.tips.triage.model import LeadSource, Queue, Suspicion, read_grade
from tipbridge.tips.triage.present import lead_json, tip_json

tips = typer.Typer(help="Finished reports of providers.", no_args_is_help=True)
leads = typer.Typer(help="What concerns one person or account.", no_args_is_help=True)

PageOption = Annotated[int, typer.Option(min=1, help="A hundred at a time.")]


@tips.command("list")
def list_tips(
    data: DataOption,
    queue: Annotated[str | None, typer.Option(help=f"One of: {', '.join(Queue)}.")] = None,
    *,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Leave out what a unit was given already.")
    ] = False,
    page: PageOption = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List tips in the order in which they are to be looked at."""
    with command_work(data, as_) as work:
        found = actions.list_tips(work, queue=queue, waiting=waiting, page=page)
    show(found, as_json=json)


@tips.command("pending")
def list_pending(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List reports that their providers call urgent and have not finished yet."""
    with command_work(data, as_) as work:
        found = actions.list_pending(work)
    show(found, as_json=json)


@tips.command("show")
def show_tip(
    data: DataOption,
    report_id: Annotated[str, typer.Argument(help="The report's number.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show everything of one tip: every value that arrived, the facts, the reasons."""
    with command_work(data, as_) as work:
        view = actions.read_tip(work, report_id)
    show(tip_json(view), as_json=json)


@tips.command("assign")
def assign_tip(
    data: DataOption,
    report_id: Annotated[str, typer.Argument(help="The report's number.")],
    unit: Annotated[str, typer.Option(help="Code of the unit.")],
    *,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Only you and the members see it.")
    ] = False,
    member: Annotated[list[str] | None, typer.Option(help="A user name; repeatable.")] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give a tip and its leads to a unit."""
    with command_work(data, as_) as work:
        actions.assign_tip(
            work, report_id, unit=unit, restricted=restricted, members=tuple(member or ())
        )
    show({"report_id": report_id, "unit": unit, "restricted": restricted}, as_json=json)


@tips.command("purge")
def purge_tip(
    data: DataOption,
    report_id: Annotated[str, typer.Argument(help="The report's number.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Destroy all that is readable of a finished report on this node, for ever."""
    with command_work(data, as_) as work:
        intake.purge(work, report_id)
    show({"purged": report_id}, as_json=json)


@leads.command("list")
def list_leads(
    data: DataOption,
    source: Annotated[str | None, typer.Option(help=f"One of: {', '.join(LeadSource)}.")] = None,
    *,
    page: PageOption = 1,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List leads, newest first."""
    with command_work(data, as_) as work:
        found = actions.list_leads(work, source=source, page=page)
    show([lead_json(each) for each in found], as_json=json)


@leads.command("show")
def show_lead(
    data: DataOption,
    lead_id: Annotated[str, typer.Argument(help="The lead's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show one lead with the parts that it would be referred by."""
    with command_work(data, as_) as work:
        view = actions.read_lead(work, lead_id)
    parts = [replace(each, value=defang_within(each.value)) for each in view.parts]
    show({**lead_json(view.lead, view.unit), "parts": parts}, as_json=json)


@leads.command("close")
def close_lead(
    data: DataOption,
    lead_id: Annotated[str, typer.Argument(help="The lead's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that nothing more is to be done about a lead."""
    with command_work(data, as_) as work:
        actions.close_lead(work, lead_id)
    show({"lead_id": lead_id, "closed": True}, as_json=json)


@leads.command("add")
def add_lead(
    data: DataOption,
    grounds: Annotated[str, typer.Option(help="Why this organisation suspects them.")],
    grade: Annotated[str, typer.Option(help="Source grade: A-C or X, and 1-4, such as B2.")],
    *,
    account: Annotated[
        list[str] | None, typer.Option(help="SERVICE:IDENTIFIER; repeatable.")
    ] = None,
    email: Annotated[list[str] | None, typer.Option(help="Repeatable.")] = None,
    phone: Annotated[list[str] | None, typer.Option(help="With +code; repeatable.")] = None,
    name: Annotated[str | None, typer.Option()] = None,
    birth_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])] = None,
    age: Annotated[int | None, typer.Option(help="Completed years.")] = None,
    country: Annotated[str | None, typer.Option(help="Two letters, such as KR.")] = None,
    place: Annotated[PlaceKind | None, typer.Option(help="Kind of place posted in.")] = None,
    service: Annotated[str | None, typer.Option(help="Its name.")] = None,
    suspicion: Annotated[Suspicion | None, typer.Option()] = None,
    incident_type: Annotated[str, typer.Option(help="The report form's words.")] = MATERIAL,
    unit: Annotated[str | None, typer.Option(help="Code of the unit; else your own.")] = None,
    restricted: Annotated[bool, typer.Option("--restricted")] = False,
    member: Annotated[list[str] | None, typer.Option(help="A user name; repeatable.")] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Open a lead from own grounds, without a provider's report."""
    own = OwnGrounds(
        grounds=grounds,
        grade=read_grade(grade),
        suspicion=suspicion,
        incident_type=incident_type,
        name=name,
        birth_date=birth_date.date() if birth_date is not None else None,
        age=age,
        accounts=tuple(_account(each) for each in account or ()),
        emails=tuple(email or ()),
        phones=tuple(phone or ()),
        country=country,
        place=place,
        service=service,
        unit=unit,
        restricted=restricted,
        members=tuple(member or ()),
    )
    with command_work(data, as_) as work:
        lead = actions.add_lead(work, own)
    show(lead_json(lead), as_json=json)


def _account(text: str) -> tuple[str, str]:
    service, colon, identifier = text.partition(":")
    if not (service.strip() and colon and identifier.strip()):
        raise Invalid("An account is written SERVICE:IDENTIFIER, such as 'Example Social:user-1'.")
    return service.strip(), identifier.strip()
