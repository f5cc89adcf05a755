"""Actions of the police rooms that have no page, or no command. Written by hand, and closed.

Every other action that staff may call has both. Each line says why; `instead` is the action whose
door on that side does the same for whoever asks.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Without:
    """Why an action has no door on one side."""

    because: str
    instead: str = ""


_MEDIUM = Without("It reads a medium that is plugged into the machine where the command is typed.")

_CAME = Without(
    "It is the other case's side of a move, written down with it.",
    "police.cases.misplaced.actions.move_entry",
)
_LEFT = Without(
    "It is the other case's side of a return, written down with it.",
    "police.cases.misplaced.actions.return_entry",
)

WITHOUT_A_PAGE = {
    "police.cases.misplaced.actions.note_came": _CAME,
    "police.cases.misplaced.actions.note_left": _LEFT,
    "police.evidence.acquisitions.begin_acquisition": _MEDIUM,
    "police.evidence.acquisitions.finish_acquisition": _MEDIUM,
    "police.evidence.begun.open_medium": _MEDIUM,
    "police.evidence.marking.keep_reading": _MEDIUM,
    "police.evidence.passes.begin_pass": _MEDIUM,
    "police.evidence.passes.keep_found": _MEDIUM,
    "police.evidence.passes.finish_pass": _MEDIUM,
    "police.evidence.recording.check_stated": _MEDIUM,
    "police.evidence.recording.record_acquisition": _MEDIUM,
    "police.cases.diary.actions.add_document": Without(
        "The page seals the document as it arrives, before all of it is there.",
        "police.cases.diary.actions.add_sealed_document",
    ),
    "police.cases.changing.actions.read_changes": Without(
        "The page of a person shows what was known before, as a part of reading the case.",
        "police.cases.actions.read_case",
    ),
    "police.cases.waiting.actions.list_unfit": Without(
        "The list of cases shows them above it.",
        "police.cases.actions.list_cases",
    ),
    "police.outcomes.actions.read_advice": Without(
        "The page of outcomes shows everybody's advice beside the decision it is for.",
        "police.outcomes.actions.read_outcomes",
    ),
}

WITHOUT_A_COMMAND = {
    "police.cases.misplaced.actions.note_came": _CAME,
    "police.cases.misplaced.actions.note_left": _LEFT,
    "police.cases.diary.actions.add_sealed_document": Without(
        "The command reads a file that is there as a whole.",
        "police.cases.diary.actions.add_document",
    ),
}
