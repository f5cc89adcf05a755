"""Commands on cases."""

import mimetypes
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.knowledge.law.model import Birth, Certainty, Offence, SchoolLevel
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases import access_commands, actions, appraising, identifying, stating
from tipbridge.police.cases.changing import commands as changing
from tipbridge.police.cases.children import commands as children
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary import commands as diary_commands
from tipbridge.police.cases.diary.model import DocumentKind
from tipbridge.police.cases.fairness import commands as fairness
from tipbridge.police.cases.humans import commands as humans
from tipbridge.police.cases.joining import commands as joining
from tipbridge.police.cases.misplaced import commands as misplaced
from tipbridge.police.cases.model import (
    Act,
    Exploiting,
    Identifier,
    IdentifierKind,
    Motive,
    PersonFacts,
    PersonRole,
    WelfareFlag,
)
from tipbridge.police.cases.numbers import commands as numbers
from tipbridge.police.cases.searching import commands as searching
from tipbridge.police.cases.tasks import commands as tasks
from tipbridge.police.cases.told import commands as told
from tipbridge.police.cases.waiting import commands as waiting
from tipbridge.tips.intake.model import Appraisal

group = typer.Typer(help="Cases, the people in them and their roles.", no_args_is_help=True)
access_commands.add_to(group)
joining.add_to(group)
humans.add_to(group)
searching.add_to(group)
diary_commands.add_to(group)
tasks.add_to(group)
misplaced.add_to(group)
fairness.add_to(group)
numbers.add_to(group)
told.add_to(group)
changing.add_to(group)
children.add_to(group)
waiting.add_to(group)

CaseArgument = Annotated[str, typer.Argument(help="The case's id or own number.")]
PersonArgument = Annotated[str, typer.Argument(help="The person's id.")]
_PIECE_BYTES = 1024 * 1024
_SERVICE = "The service of an account, or the type of a device."
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@group.command("list")
def list_cases(data: DataOption, *, as_: AsOption = None, json: JsonOption = False) -> None:
    """List the cases that you see."""
    with command_work(data, as_) as work:
        lines = actions.list_cases(work)
    show(lines, as_json=json)


@group.command("show")
def show_case(
    data: DataOption, case: CaseArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show one case."""
    with command_work(data, as_) as work:
        file = actions.read_case(work, case)
    show(file, as_json=json)


@group.command("feedback")
def appraise(
    data: DataOption,
    case: CaseArgument,
    appraisal: Annotated[Appraisal, typer.Argument(help="Of what use it was.")],
    referral: Annotated[
        str | None, typer.Option(help="One referral of the case; without it, each.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Tell the provider of what use the referrals of a case were."""
    with command_work(data, as_) as work:
        told = appraising.appraise(work, case, appraisal=appraisal, referral=referral)
    show({"case": case, "appraisal": appraisal, "referrals": told}, as_json=json)


@group.command("assign")
def assign_case(
    data: DataOption,
    case: CaseArgument,
    unit: Annotated[str, typer.Option(help="Code of the unit.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Give a case to your own unit or one below it."""
    with command_work(data, as_) as work:
        actions.assign_case(work, case, unit=unit)
    show({"case": case, "unit": unit}, as_json=json)


@group.command("restrict")
def restrict_case(
    data: DataOption,
    case: CaseArgument,
    member: Annotated[list[str] | None, typer.Option(help="A username; can be repeated.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Let only you and these members of staff see a case."""
    with command_work(data, as_) as work:
        actions.restrict_case(work, case, members=member or ())
    show({"case": case, "restricted": True}, as_json=json)


@group.command("add-person")
def add_person(
    data: DataOption,
    case: CaseArgument,
    role: Annotated[list[PersonRole], typer.Option(help="A role; can be repeated.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Bring somebody into a case whom no referral named."""
    with command_work(data, as_) as work:
        person_id = actions.add_person(work, case, roles=role)
    show({"id": person_id}, as_json=json)


FurtherActs = Annotated[
    list[str] | None,
    typer.Option(help="Replaces all: 'distribution 2014-03-10 suspect own'; can be repeated."),
]
DepictedBorn = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Birth of the child that is shown, if another."),
]
SelfProduced = Annotated[bool | None, typer.Option("--self-produced/--not-self-produced")]


@group.command("record-person")
def record_person(
    data: DataOption,
    person: PersonArgument,
    role: Annotated[list[PersonRole] | None, typer.Option(help="Replaces all roles.")] = None,
    reference: str | None = None,
    name: str | None = None,
    born: Day = None,
    born_until: Day = None,
    certainty: Certainty = Certainty.DECLARED,
    school: SchoolLevel | None = None,
    offence: Offence | None = None,
    act: Act | None = None,
    act_on: Day = None,
    place: PlaceKind | None = None,
    place_service: str | None = None,
    motive: Motive | None = None,
    country: Annotated[str | None, typer.Option(help="Two capital letters.")] = None,
    nationality: Annotated[list[str] | None, typer.Option(help="Can be repeated.")] = None,
    guardian: str | None = None,
    guardian_contact: str | None = None,
    counsel: str | None = None,
    counsel_contact: str | None = None,
    flag: Annotated[list[WelfareFlag] | None, typer.Option(help="Replaces all flags.")] = None,
    further_act: FurtherActs = None,
    depicted_born: DepictedBorn = None,
    depicted_born_until: Day = None,
    depicted_certainty: Certainty = Certainty.DECLARED,
    because: Annotated[str | None, typer.Option(help="Why what was known changes.")] = None,
    *,
    self_produced: SelfProduced = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down what is now known of somebody; what is left out stays as it was."""
    facts = PersonFacts(
        roles=frozenset(role) if role else None,
        reference=reference,
        name=name,
        birth=_born(born, born_until, certainty),
        school_level=school,
        offence=offence,
        act=act,
        act_on=_day(act_on),
        place_kind=place,
        place_service=place_service,
        self_produced=self_produced,
        motive=motive,
        country=country,
        nationalities=tuple(nationality) if nationality else None,
        guardian=guardian,
        guardian_contact=guardian_contact,
        counsel=counsel,
        counsel_contact=counsel_contact,
        flags=frozenset(flag) if flag else None,
        further_acts=tuple(further_act) if further_act else None,
        depicted_born=_born(depicted_born, depicted_born_until, depicted_certainty),
    )
    with command_work(data, as_) as work:
        found = actions.record_person(work, person, facts, because=because)
    show(found, as_json=json)


def _born(first: datetime | None, last: datetime | None, certainty: Certainty) -> Birth | None:
    earliest = _day(first)
    if earliest is None:
        return None
    return Birth(earliest=earliest, latest=_day(last) or earliest, certainty=certainty)


@group.command("add-identifier")
def add_identifier(
    data: DataOption,
    person: PersonArgument,
    kind: Annotated[IdentifierKind, typer.Argument()],
    value: Annotated[str, typer.Argument()],
    service: Annotated[str, typer.Option(help=_SERVICE)] = "",
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Add an identifier that you found; cases that know it too are linked."""
    found = Identifier(kind=kind, scope=service, value=value)
    with command_work(data, as_) as work:
        identifying.add_identifier(work, person, found)
    show({"person": person, "kind": kind, "value": value}, as_json=json)


@group.command("take-back-identifier")
def take_back_identifier(
    data: DataOption,
    person: PersonArgument,
    kind: Annotated[IdentifierKind, typer.Argument()],
    value: Annotated[str, typer.Argument()],
    because: Annotated[str, typer.Option(help="Why it is not theirs.")],
    service: Annotated[str, typer.Option(help=_SERVICE)] = "",
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that an identifier is not somebody's: it attaches and links no more."""
    found = Identifier(kind=kind, scope=service, value=value)
    with command_work(data, as_) as work:
        identifying.take_back_identifier(work, person, found, because=because)
    show({"person": person, "kind": kind, "value": value}, as_json=json)


@group.command("state-exploitation")
def state_exploitation(
    data: DataOption,
    person: PersonArgument,
    source: Annotated[str, typer.Option(help="How it is known.")],
    answer: Annotated[
        Exploiting | None, typer.Option(help="What was found; left out: not known.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Write down whether there was force, malice, money or a wide age gap."""
    with command_work(data, as_) as work:
        found = stating.state_exploitation(work, person, answer, source=source)
    show({"id": found.id, "exploiting": answer}, as_json=json)


@group.command("add-document")
def add_document(
    data: DataOption,
    case: CaseArgument,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    kind: Annotated[DocumentKind, typer.Option()],
    title: Annotated[str, typer.Option()],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Seal a document into a case; pages show its digest, size and type only."""
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    with file.open("rb") as source, command_work(data, as_) as work:
        pieces = iter(lambda: source.read(_PIECE_BYTES), b"")
        kept = diary.add_document(work, case, pieces, kind=kind, title=title, media_type=media_type)
    show({"id": kept.id, "sha256": kept.sha256, "size_bytes": kept.size_bytes}, as_json=json)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
