"""Commands on due process: origins, what favours, the defence; wrong persons and who was told."""

from datetime import datetime
from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.fairness import actions, telling, undoing
from tipbridge.police.cases.fairness.model import CaseOrigin

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("wrong-person")(correct_person)
    group.command("right-person")(take_back_correction)
    group.command("corrections")(list_corrections)
    group.command("add-receiver")(name_receiver)
    group.command("told")(note_answer)
    group.command("begin")(open_case)
    group.command("add-favour")(record_favour)
    group.command("defence-asked")(note_defence)
    group.command("defence-answered")(answer_defence)


def open_case(
    data: DataOption,
    origin: Annotated[CaseOrigin, Argument(help="Where it comes from.")],
    grounds: Annotated[str, Option(help="Why it is opened.")],
    grade: Annotated[str, Option(help="The source's grade, such as B2.")],
    from_case: Annotated[str | None, Option(help="The case that it came out of.")] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Open a case that no referral began, in your own unit."""
    with command_work(data, as_) as work:
        case = actions.open_case(
            work, origin=origin, grounds=grounds, grade=grade, from_case=from_case
        )
    show(case, as_json=json)


def record_favour(
    data: DataOption,
    case: CaseArgument,
    person: Annotated[str, Argument(help="The person's id.")],
    text: Annotated[str, Option(help="What weakens or explains the suspicion.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Record what favours somebody; it is never removed."""
    with command_work(data, as_) as work:
        favour = actions.record_favour(work, case, person, text=text)
    show(favour, as_json=json)


def note_defence(
    data: DataOption,
    case: CaseArgument,
    person: Annotated[str, Argument(help="The person's id.")],
    asked: Annotated[str, Option(help="What the defence asks for.")],
    on: Annotated[
        datetime | None, Option(formats=["%Y-%m-%d"], help="The day; today without.")
    ] = None,
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Put what the defence asks for into the file."""
    with command_work(data, as_) as work:
        asked_on = None if on is None else on.date()
        request = actions.note_defence(work, case, person, asked=asked, asked_on=asked_on)
    show(request, as_json=json)


def answer_defence(
    data: DataOption,
    case: CaseArgument,
    request: Annotated[str, Argument(help="The request's id, as 'cases defence-asked' said.")],
    answer: Annotated[str, Option(help="What the defence was told.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Put what the defence was told into the file; once."""
    with command_work(data, as_) as work:
        actions.answer_defence(work, case, request, answer=answer)
    show({"case": case, "answered": request}, as_json=json)


def correct_person(
    data: DataOption,
    case: CaseArgument,
    person: Annotated[str, Argument(help="The person's id.")],
    grounds: Annotated[str, Option(help="Why.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that somebody was the wrong person; everyone who was told of them is told so."""
    with command_work(data, as_) as work:
        made = actions.correct_person(work, case, person, grounds=grounds)
    show(made, as_json=json)


def take_back_correction(
    data: DataOption,
    case: CaseArgument,
    person: Annotated[str, Argument(help="The person's id.")],
    grounds: Annotated[str, Option(help="Why.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Say that somebody was not the wrong person after all; who was told so is told this too."""
    with command_work(data, as_) as work:
        made = undoing.take_back_correction(work, case, person, grounds=grounds)
    show(made, as_json=json)


def list_corrections(
    data: DataOption, case: CaseArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show the wrong persons of a case: who was told, and whether each acknowledged it.

    One that was taken back comes after those that stand, with the one that took it back.
    """
    with command_work(data, as_) as work:
        sides = actions.read_due_process(work, case).people
    standing = [side.correction for side in sides if side.correction is not None]
    show([*standing, *(each for side in sides for each in side.undone)], as_json=json)


def name_receiver(
    data: DataOption,
    case: CaseArgument,
    person: Annotated[str, Argument(help="The person's id.")],
    receiver: Annotated[str, Option(help="Who was told of them by hand.")],
    *,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Name somebody who was told of a wrong person by hand; a task to tell them opens."""
    with command_work(data, as_) as work:
        found = telling.name_receiver(work, case, person, receiver=receiver)
    show(found, as_json=json)


def note_answer(
    data: DataOption,
    case: CaseArgument,
    told: Annotated[str, Argument(help="The telling's id, as 'cases corrections' shows it.")],
    words: Annotated[str, Option(help="How they answered.")],
    *,
    reached: Annotated[bool, Option(help="Whether they could be reached.")] = True,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Record that somebody acknowledged a correction, or could not be reached."""
    with command_work(data, as_) as work:
        answered = telling.note_answer(work, case, told, words=words, reached=reached)
    show(answered, as_json=json)
