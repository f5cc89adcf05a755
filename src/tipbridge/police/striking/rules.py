"""Whether somebody may be struck out of a case: pure decisions."""

from dataclasses import dataclass

from tipbridge.knowledge.law.model import Custody, Stage
from tipbridge.police.cases.model import Person

WRONG_PERSON = (
    "say that they were the wrong person (cases wrong-person), so that whoever holds them hears of"
    " it, and strike them out after that"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands on somebody, from every room that may know of it.

    Shape: `told` says in words who has them from here or from whom they came.
    """

    decided: bool
    coerced: bool
    demand_drafts: int
    told: tuple[str, ...]
    corrected: bool


def reason_against_joining(
    kept: Person, other: Person, standing: Standing, *, either_corrected: bool
) -> str | None:
    """Why two records can't be one human's; None when they can.

    Shape: `standing` is what stands on `other`, the record that is struck out.
    """
    if kept.id == other.id:
        return "Name two records: this is one."
    if either_corrected:
        return (
            "One of the two was said to be the wrong person: take that back first, or leave both."
        )
    decided = standing.decided or other.stage is not Stage.INQUIRY
    if decided and kept.stage is not Stage.INQUIRY:
        return (
            "The police decided about both records, and a person has one standing decision in a"
            " case: nobody can say afterwards which of the two stands. Relate them by a note."
        )
    if decided or standing.coerced or other.custody is not Custody.NOT_DETAINED:
        return (
            "A decision, custody or a coercive step stands on the record that would go: keep that"
            " one, and join the other to it."
        )
    return None


def reason_against(person: Person, standing: Standing) -> str | None:
    """Why somebody can't be struck out; None when they can."""
    if standing.decided or person.stage is not Stage.INQUIRY:
        return (
            "The police decided about this person, so they were not only brought in by mistake:"
            f" {WRONG_PERSON.partition(',')[0]}, and decide that there is no suspicion."
        )
    if person.custody is not Custody.NOT_DETAINED:
        return f"This person is not at liberty ({person.custody}): end the custody first."
    if standing.coerced:
        return (
            "A coercive step was taken on this person, so they are somebody:"
            f" {WRONG_PERSON.partition(',')[0]}."
        )
    if standing.demand_drafts:
        return (
            f"{standing.demand_drafts} drafted demands ask about this person: drop them first, or"
            " draft them about somebody else."
        )
    if standing.told and not standing.corrected:
        return f"Others know this person ({'; '.join(standing.told)}): {WRONG_PERSON}."
    return None
