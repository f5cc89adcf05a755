"""Commands on demands: preservation, subscriber identification, legal process."""

from datetime import datetime
from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import moment_told
from tipbridge.office.terminal import (
    AsOption,
    DataOption,
    DoneAtOption,
    JsonOption,
    command_work,
    show,
)
from tipbridge.police.cases.demands import actions, redating, undoing
from tipbridge.police.cases.demands.model import (
    DemandFacts,
    DemandKind,
    FactKind,
    LetterLanguage,
    Said,
)

demands = Typer(help="What the police demand of providers.", no_args_is_help=True)
CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
Because = Annotated[str, Option(help="Why, in your own words.")]
DemandArgument = Annotated[str, Argument(help="The demand's id.")]
Day = Annotated[datetime | None, Option(formats=["%Y-%m-%d"])]
Moment = Annotated[datetime | None, Option(formats=["%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"])]


@demands.command("list")
def list_demands(
    data: DataOption, case: CaseArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """List the demands of a case with their letters, clocks and answers."""
    with command_work(data, as_) as work:
        _, found = actions.read_demands(work, case)
    show(found, as_json=json)


@demands.command("draft")
def draft_demand(
    data: DataOption,
    case: CaseArgument,
    kind: Annotated[DemandKind, Option()],
    addressee: Annotated[str, Option(help="Whose desk is asked.")],
    authority: Annotated[str, Option(help="By what right.")],
    language: LetterLanguage = LetterLanguage.KOREAN,
    person: Annotated[str | None, Option(help="The person's id.")] = None,
    account: str | None = None,
    ip: str | None = None,
    port: int | None = None,
    seen_at: Moment = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write a demand down; nothing leaves before it is sent."""
    asked = DemandFacts(
        kind=kind,
        addressee=addressee,
        language=language,
        authority=authority,
        person_id=person,
        account=account,
        ip=ip,
        port=port,
        seen_at=seen_at,
    )
    with command_work(data, as_) as work:
        found = actions.draft_demand(work, case, asked)
    show(found, as_json=json)


@demands.command("send")
def send_demand(
    data: DataOption,
    case: CaseArgument,
    demand: DemandArgument,
    due_on: Day = None,
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a demand went out; its clock starts."""
    with command_work(data, as_) as work:
        day = None if due_on is None else due_on.date()
        done = moment_told("done_at", done_at)
        found = actions.send_demand(work, case, demand, due_on=day, done_at=done)
    show(found, as_json=json)


@demands.command("answer")
def answer_demand(
    data: DataOption,
    case: CaseArgument,
    demand: DemandArgument,
    said: Annotated[list[str], Option(help="KIND=VALUE, such as phone=...; can be repeated.")],
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write an answer down as facts with their source."""
    facts = [_said(each) for each in said]
    with command_work(data, as_) as work:
        done = moment_told("done_at", done_at)
        found = actions.answer_demand(work, case, demand, said=facts, done_at=done)
    show(found, as_json=json)


@demands.command("refuse")
def refuse_demand(
    data: DataOption,
    case: CaseArgument,
    demand: DemandArgument,
    words: Annotated[str, Option(help="What they answered.")],
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down that a demand was refused."""
    with command_work(data, as_) as work:
        done = moment_told("done_at", done_at)
        actions.refuse_demand(work, case, demand, words=words, done_at=done)
    show({"demand": demand, "state": "refused"}, as_json=json)


@demands.command("drop")
def drop_demand(
    data: DataOption,
    case: CaseArgument,
    demand: DemandArgument,
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a draft is not sent."""
    with command_work(data, as_) as work:
        actions.drop_demand(work, case, demand, because=because)
    show({"demand": demand, "state": "dropped"}, as_json=json)


@demands.command("withdraw-fact")
def withdraw_fact(
    data: DataOption,
    case: CaseArgument,
    fact: Annotated[str, Argument(help="The fact's id.")],
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that something an answer is said to say does not hold."""
    with command_work(data, as_) as work:
        found = undoing.withdraw_fact(work, case, fact, because=because)
    show(found, as_json=json)


@demands.command("correct-day")
def correct_day(
    data: DataOption,
    case: CaseArgument,
    demand: DemandArgument,
    because: Because,
    done_at: DoneAtOption = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that a demand went out at another time than was written down (--done-at)."""
    with command_work(data, as_) as work:
        done = moment_told("done_at", done_at)
        found = redating.correct_demand_day(work, case, demand, done_at=done, because=because)
    show(found, as_json=json)


@demands.command("reopen")
def reopen_demand(
    data: DataOption,
    case: CaseArgument,
    demand: DemandArgument,
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take back a refusal that was none, or take up a dropped draft again."""
    with command_work(data, as_) as work:
        found = undoing.reopen_demand(work, case, demand, because=because)
    show(found, as_json=json)


def _said(text: str) -> Said:
    kind, equals, value = text.partition("=")
    if not equals or kind not in set(FactKind):
        raise Invalid(f"{text!r} is not KIND=VALUE; a kind is one of: {', '.join(FactKind)}.")
    return Said(kind=FactKind(kind), value=value)
