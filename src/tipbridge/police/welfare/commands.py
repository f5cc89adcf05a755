"""Commands on welfare."""

from datetime import date, datetime
from typing import Annotated

import typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.model import Motive
from tipbridge.police.welfare import actions, steps, undoing
from tipbridge.police.welfare.model import (
    CoerciveStep,
    Consent,
    ConsentBy,
    Ending,
    FollowUpKind,
    GuardianNotice,
    OwnMaterial,
    TalkWith,
    WelfareFacts,
)

group = typer.Typer(help="What is done for a child in a case.", no_args_is_help=True)

WelfareArgument = Annotated[str, typer.Argument(help="The welfare record's id.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@group.command("list")
def list_records(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the open records, those with a day that passed first."""
    with command_work(data, as_) as work:
        found = actions.list_records(work)
    show(found, as_json=json)


@group.command("show")
def show_record(
    data: DataOption, welfare: WelfareArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show a record: facts, days, talks, follow-ups, coercive steps."""
    with command_work(data, as_) as work:
        found = actions.read_record(work, welfare)
    show(found, as_json=json)


@group.command("review")
def review_person(
    data: DataOption,
    person: Annotated[str, typer.Argument(help="The person's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Open the record that somebody's facts want now."""
    with command_work(data, as_) as work:
        found = actions.review_person(work, person)
    show(found or {"welfare_id": None}, as_json=json)


@group.command("record")
def record_welfare(
    data: DataOption,
    welfare: WelfareArgument,
    agency: str | None = None,
    contact_on: Day = None,
    guardian_notice: GuardianNotice | None = None,
    guardian_notice_on: Day = None,
    consent: Consent | None = None,
    consent_by: ConsentBy | None = None,
    consent_on: Day = None,
    own_material: OwnMaterial | None = None,
    own_material_on: Day = None,
    *,
    contact_made: Annotated[bool | None, typer.Option("--contact-made/--contact-not-made")] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down agency, contact, guardian, consent, own material; what is left out stays as it was."""
    facts = WelfareFacts(
        agency=agency,
        contact_made=contact_made,
        contact_on=_day(contact_on),
        guardian_notice=guardian_notice,
        guardian_notice_on=_day(guardian_notice_on),
        consent=consent,
        consent_by=consent_by,
        consent_on=_day(consent_on),
        own_material=own_material,
        own_material_on=_day(own_material_on),
    )
    with command_work(data, as_) as work:
        found = actions.record_welfare(work, welfare, facts)
    show(found, as_json=json)


@group.command("talk")
def record_talk(
    data: DataOption,
    welfare: WelfareArgument,
    talk_with: Annotated[TalkWith, typer.Argument()],
    why: Annotated[Motive | None, typer.Option(help="Why it happened, as was said.")] = None,
    on: Day = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down a prevention talk."""
    with command_work(data, as_) as work:
        found = actions.record_talk(work, welfare, talk_with=talk_with, on=_day(on), why=why)
    show(found, as_json=json)


@group.command("plan")
def plan_follow_up(
    data: DataOption,
    welfare: WelfareArgument,
    kind: Annotated[FollowUpKind, typer.Argument()],
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down what is done later, and by when."""
    with command_work(data, as_) as work:
        found = actions.plan_follow_up(work, welfare, kind=kind, due_on=due.date())
    show(found, as_json=json)


@group.command("done")
def finish_follow_up(
    data: DataOption,
    welfare: WelfareArgument,
    follow_up: Annotated[str, typer.Argument(help="The follow-up's id.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that something promised is done."""
    with command_work(data, as_) as work:
        actions.finish_follow_up(work, welfare, follow_up)
    show({"welfare": welfare, "follow_up": follow_up, "done": True}, as_json=json)


@group.command("take-back-talk")
def take_back_talk(
    data: DataOption,
    welfare: WelfareArgument,
    talk: Annotated[str, typer.Argument(help="The talk's id, as 'welfare show' says it.")],
    because: Annotated[str, typer.Option(help="Why it was written down by mistake.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a talk was written down by mistake; it stays in the record and counts no more."""
    with command_work(data, as_) as work:
        undoing.take_back_talk(work, welfare, talk, because=because)
    show({"welfare": welfare, "talk": talk, "taken_back": True}, as_json=json)


@group.command("drop")
def drop_follow_up(
    data: DataOption,
    welfare: WelfareArgument,
    follow_up: Annotated[str, typer.Argument(help="The follow-up's id.")],
    because: Annotated[str, typer.Option(help="Why it won't be done.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that something promised won't be done, and why."""
    with command_work(data, as_) as work:
        undoing.drop_follow_up(work, welfare, follow_up, because=because)
    show({"welfare": welfare, "follow_up": follow_up, "dropped": True}, as_json=json)


@group.command("access")
def change_access(
    data: DataOption,
    welfare: WelfareArgument,
    member: Annotated[list[str] | None, typer.Option(help="Can be repeated.")] = None,
    *,
    only: Annotated[bool, typer.Option("--only/--with-case")] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give a record its own list: members see it without the case, with --only they alone."""
    with command_work(data, as_) as work:
        found = actions.change_access(work, welfare, members=member or (), narrowed=only)
    show(found, as_json=json)


@group.command("close")
def close_welfare(
    data: DataOption,
    welfare: WelfareArgument,
    ending: Annotated[Ending, typer.Argument()],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Close a record with what came of it."""
    with command_work(data, as_) as work:
        actions.close_welfare(work, welfare, ending=ending)
    show({"welfare": welfare, "ending": ending}, as_json=json)


@group.command("step")
def record_step(
    data: DataOption,
    person: Annotated[str, typer.Argument(help="The person's id.")],
    step: Annotated[CoerciveStep, typer.Argument()],
    grounds: Annotated[
        str | None, typer.Option(help="Why it can't wait for contact; your own words.")
    ] = None,
    on: Day = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down a coercive step on somebody, before it is taken."""
    with command_work(data, as_) as work:
        found = steps.record_step(work, person, step, on=_day(on), grounds=grounds)
    show(found, as_json=json)


def _day(at: datetime | None) -> date | None:
    return None if at is None else at.date()
