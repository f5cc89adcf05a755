"""Commands on somebody who was brought into a case by mistake."""

from typing import Annotated

from typer import Argument, Option

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.striking import actions, detaching, joining, separating

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]
PersonArgument = Annotated[str, Argument(help="The person's id.")]
Because = Annotated[str, Option(help="Why, in your own words.")]


def strike_person(
    data: DataOption,
    case: CaseArgument,
    person: PersonArgument,
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Strike somebody out who was brought into a case by mistake; what is known stays readable."""
    with command_work(data, as_) as work:
        found = actions.strike_person(work, case, person, because=because)
    show(found, as_json=json)


def restore_person(
    data: DataOption,
    case: CaseArgument,
    person: PersonArgument,
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that somebody who was struck out belongs in the case after all."""
    with command_work(data, as_) as work:
        found = actions.restore_person(work, case, person, because=because)
    show({"case": case, "restored": found.id}, as_json=json)


def join_people(
    data: DataOption,
    case: CaseArgument,
    person: Annotated[str, Argument(help="The record that is kept: the person's id.")],
    other: Annotated[str, Argument(help="The other record of the same human.")],
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that two records of a case are one human; 'restore-person' parts them again."""
    with command_work(data, as_) as work:
        found = joining.join_people(work, case, person, other=other, because=because)
    show(found, as_json=json)


def separate_acts(
    data: DataOption,
    case: CaseArgument,
    person: PersonArgument,
    act: Annotated[list[str], Option(help="An act in its words; can be repeated.")],
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Open a case of its own for acts of somebody that go another way; figures count them once."""
    with command_work(data, as_) as work:
        found = separating.separate_acts(work, case, person, acts=act, because=because)
    show(found, as_json=json)


def detach_referral(
    data: DataOption,
    case: CaseArgument,
    referral: Annotated[str, Argument(help="The received referral's id.")],
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take a referral out of a case that it fed by mistake, with what it alone told."""
    with command_work(data, as_) as work:
        found = detaching.detach_referral(work, case, referral, because=because)
    show(found, as_json=json)


def reattach_referral(
    data: DataOption,
    case: CaseArgument,
    detachment: Annotated[str, Argument(help="The detachment's id; 'cases show' has it.")],
    because: Because,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Bring a referral back into a case out of which it was taken."""
    with command_work(data, as_) as work:
        found = detaching.reattach_referral(work, case, detachment, because=because)
    show({"case": case, "referral": found.referral_id}, as_json=json)
