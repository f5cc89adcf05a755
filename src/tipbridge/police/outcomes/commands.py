"""Commands on outcomes."""

from dataclasses import fields
from datetime import datetime
from typing import Annotated

import typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.law.model import Custody, Outcome, Reason, Stage
from tipbridge.knowledge.law.shape import By
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.outcomes import actions, comparing, holding, mistaken, steps
from tipbridge.police.outcomes.model import (
    AppealBy,
    AppealState,
    BodyFacts,
    Change,
    CustodyFacts,
    StepFacts,
)
from tipbridge.web.language import Language

group = typer.Typer(help="Advice of the law, decisions, duties.", no_args_is_help=True)

PersonArgument = Annotated[str, typer.Argument(help="The person's id.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@group.command("advise")
def read_advice(
    data: DataOption, person: PersonArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show what the law says of somebody, and what favours them: advice, never a verdict."""
    with command_work(data, as_) as work:
        advice, favours = actions.advice_beside(work, person)
    said = {each.name: getattr(advice, each.name) for each in fields(advice)}
    show(said | {"favours": favours}, as_json=json)


@group.command("decide")
def decide_outcome(
    data: DataOption,
    person: PersonArgument,
    outcome: Annotated[Outcome, typer.Argument()],
    grounds: Annotated[
        str | None, typer.Option(help="Your own reason; required outside the advice.")
    ] = None,
    condition: Annotated[
        list[str] | None, typer.Option(help="A condition recorded; can be repeated.")
    ] = None,
    change: Annotated[
        Change | None, typer.Option(help="Why it is decided again; needs --grounds.")
    ] = None,
    act: Annotated[
        list[str] | None,
        typer.Option(help="An act it is about, in its words; can be repeated; all without one."),
    ] = None,
    body: Annotated[
        str | None,
        typer.Option(help="The committee or chief that decided, by its code in the law."),
    ] = None,
    body_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="On which day; today without it.")
    ] = None,
    body_minutes: Annotated[str | None, typer.Option(help="Its minutes or number.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Decide about somebody."""
    with command_work(data, as_) as work:
        decision = actions.decide_outcome(
            work,
            person,
            outcome=outcome,
            grounds=grounds,
            conditions=condition or (),
            change=change,
            acts=act or (),
            body=_body(body, body_on, body_minutes),
        )
    show(decision, as_json=json)


def _body(code: str | None, on: datetime | None, minutes: str | None) -> BodyFacts | None:
    if code is not None:
        return BodyFacts(body=code, on=None if on is None else on.date(), minutes=minutes)
    if on is not None or minutes is not None:
        raise Invalid("--body-on and --body-minutes go with --body.")
    return None


@group.command("show")
def show_outcomes(
    data: DataOption,
    case: Annotated[str, typer.Argument(help="The case's id or own number.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Show everybody in a case with advice, what favours them, decision, duties and welfare."""
    with command_work(data, as_) as work:
        lines = actions.read_outcomes(work, case)
    show(lines, as_json=json)


@group.command("step")
def record_step(
    data: DataOption,
    person: PersonArgument,
    stage: Annotated[Stage, typer.Argument()],
    custody: Custody | None = None,
    on: Day = None,
    reason: Annotated[
        Reason | None, typer.Option(help="Where the stage asks for one, as not-sent does.")
    ] = None,
    note: str | None = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down that a matter went on to another stage, as the law allows."""
    day = None if on is None else on.date()
    facts = StepFacts(stage=stage, custody=custody, on=day, reason=reason, note=note)
    with command_work(data, as_) as work:
        found = steps.record_step(work, person, facts)
    show(found, as_json=json)


@group.command("take-back")
def take_back_step(
    data: DataOption,
    person: PersonArgument,
    stage: Annotated[Stage, typer.Argument(help="Where the last step led.")],
    because: Annotated[str, typer.Option(help="Why it was wrong.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take back the last step of a matter, which was written down by mistake; who heard of it hears that."""
    with command_work(data, as_) as work:
        found = mistaken.take_back_step(work, person, stage=stage, because=because)
    show(found, as_json=json)


@group.command("custody")
def change_custody(
    data: DataOption,
    person: PersonArgument,
    custody: Annotated[Custody, typer.Argument()],
    by: Annotated[By, typer.Option(help="Who held them or let them go.")],
    on: Day = None,
    note: str | None = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down that somebody is held or let go, while the matter stays where it is."""
    day = None if on is None else on.date()
    facts = CustodyFacts(custody=custody, by=by, on=day, note=note)
    with command_work(data, as_) as work:
        found = holding.change_custody(work, person, facts)
    show(found, as_json=json)


@group.command("appeal")
def file_appeal(
    data: DataOption,
    person: PersonArgument,
    by: Annotated[AppealBy, typer.Option()],
    grounds: Annotated[str, typer.Option()],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When it was filed; else today.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down that somebody objects to the decision that stands."""
    with command_work(data, as_) as work:
        day = None if on is None else on.date()
        found = steps.file_appeal(work, person, by=by, grounds=grounds, on=day)
    show(found, as_json=json)


@group.command("answer-appeal")
def answer_appeal(
    data: DataOption,
    appeal: Annotated[str, typer.Argument(help="The appeal's id.")],
    state: Annotated[AppealState, typer.Argument()],
    answer: Annotated[str, typer.Option()],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Answer an appeal; it changes no decision by itself."""
    with command_work(data, as_) as work:
        steps.answer_appeal(work, appeal, state=state, answer=answer)
    show({"appeal": appeal, "state": state}, as_json=json)


@group.command("duty-done")
def finish_duty(
    data: DataOption,
    duty: Annotated[str, typer.Argument(help="The duty's id; 'outcomes show' lists them.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a duty is done, unless only a step of the law fulfils it."""
    with command_work(data, as_) as work:
        actions.finish_duty(work, duty)
    show({"duty": duty, "done": True}, as_json=json)


@group.command("differences")
def list_differences(
    data: DataOption,
    on: Day = None,
    language: Language = Language.ENGLISH,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """List standing decisions that the law would now advise otherwise; changes nothing."""
    day = None if on is None else on.date()
    with command_work(data, as_) as work:
        found = comparing.list_differences(work, decided_on=day, language=language)
    show(found, as_json=json)


@group.command("compare")
def compare_with(
    data: DataOption,
    year: Annotated[int, typer.Option(help="The year to date the same facts in.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Count what the law would advise to the same facts in another year."""
    with command_work(data, as_) as work:
        found = comparing.compare_with(work, year=year)
    show(found, as_json=json)
