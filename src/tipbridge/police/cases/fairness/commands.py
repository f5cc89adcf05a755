"""Commands on wrong persons: who was told, and what each of them answered."""

from typing import Annotated

from typer import Argument, Option, Typer

from tipbridge.office.terminal import AsOption, DataOption, JsonOption, command_work, show
from tipbridge.police.cases.fairness import actions, telling

CaseArgument = Annotated[str, Argument(help="The case's id or own number.")]


def add_to(group: Typer) -> None:
    """Hang these commands below `cases`."""
    group.command("wrong-person")(correct_person)
    group.command("corrections")(list_corrections)
    group.command("add-receiver")(name_receiver)
    group.command("told")(note_answer)


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


def list_corrections(
    data: DataOption, case: CaseArgument, *, as_: AsOption = None, json: JsonOption = False
) -> None:
    """Show the wrong persons of a case: who was told, and whether each acknowledged it."""
    with command_work(data, as_) as work:
        sides = actions.read_due_process(work, case).people
    show([side.correction for side in sides if side.correction is not None], as_json=json)


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
