"""May a record be closed, and with which ending; what answers for own material: pure decisions."""

from collections.abc import Collection, Iterable
from datetime import date

from tipbridge.foundation.base.errors import Conflict
from tipbridge.police.welfare.errors import MayBeMinor
from tipbridge.police.welfare.model import (
    Clock,
    ClockStep,
    Consent,
    Ending,
    FollowUp,
    Reason,
    Talk,
    TalkWith,
    Welfare,
)
from tipbridge.police.welfare.rules import BY_AGE

_TALKED = frozenset(
    {
        Ending.SUPPORT_GIVEN,
        Ending.HANDED_TO_AGENCY,
        Ending.NO_NEED_FOUND,
        Ending.CONTACT_LOST,
    }
)
"""The endings that nobody can know without having talked with the child."""


def check_own_material(welfare: Welfare, clocks: Iterable[Clock], *, waits: bool) -> None:
    """Whether it can be said that no place of a child's own material is known.

    Shape: `welfare` is what was known before; `waits` that a request for removal waits to go out.
    Errors: Conflict.
    """
    request = next((each for each in clocks if each.step is ClockStep.REMOVAL_REQUEST), None)
    if request is None:
        raise Conflict("No material is known to show this child: no request for removal is due.")
    if waits or (request.met_on is not None and welfare.own_material is None):
        raise Conflict("A place of the child's own material is known: ask there for its removal.")


def check_not_a_minor(reasons: Collection[Reason]) -> None:
    """A record ends as not a minor's only when no recorded birth says that it may be one's.

    Errors: MayBeMinor.
    """
    if BY_AGE & set(reasons):
        raise MayBeMinor(
            "By the birth that is recorded this person is or may be a minor: correct the birth"
            " first, or close the record with another ending."
        )


def again_from(clocks: Iterable[Clock]) -> date | None:
    """The day on which a record was opened again, by its days; None: it never was."""
    return max((each.again_from for each in clocks if each.again_from), default=None)


def removal_answered(clocks: Iterable[Clock], *, waits: bool) -> bool:
    """Whether nothing is open of asking for removal of the child's own material.

    Shape: it was asked for everywhere, no place is known, or nothing shows the child.
    """
    due = [each.met_on for each in clocks if each.step is ClockStep.REMOVAL_REQUEST]
    return not waits and None not in due


def check_untouched(
    welfare: Welfare, talks: Iterable[Talk], follow_ups: Iterable[FollowUp]
) -> None:
    """Whether nothing was done for anybody in a record, so that a strike may close it.

    Errors: Conflict naming what was done.
    """
    done = (
        ("the agency", welfare.agency or welfare.contact_made is not None),
        ("the guardian", welfare.guardian_notice is not None),
        ("consent", welfare.consent is not None),
        ("a talk", any(talk.taken_back_at is None for talk in talks)),
        ("a follow-up", any(each.dropped_on is None for each in follow_ups)),
    )
    if named := [what for what, is_done in done if is_done]:
        raise Conflict(
            f"Their welfare record says something of {', '.join(named)}, so it is of somebody:"
            " close it with what came of it, then strike them out."
        )


def check_closing(
    welfare: Welfare,
    ending: Ending,
    talks: Iterable[Talk],
    follow_ups: Iterable[FollowUp],
    *,
    removal_answered: bool,
    again_from: date | None = None,
) -> None:
    """Whether a record may be closed with an ending; each asks for what makes it true.

    Shape: a child that was not found or wants no support need have talked to nobody, and nobody
    tells the guardian of a child that was not found; who was talked to, since the record was
    opened again (`again_from`), was found. What shows a child is asked for whatever came of it.
    Errors: Conflict naming what is not answered.
    """
    talked_on = [
        talk.on for talk in talks if talk.talk_with is TalkWith.CHILD and talk.taken_back_at is None
    ]
    if ending is Ending.NOT_FOUND and any(on >= (again_from or date.min) for on in talked_on):
        raise Conflict(
            "A talk with the child stands in this record, so it was found: choose another ending,"
            " such as contact-lost, or take the talk back."
        )
    asked = (
        ("whether contact with the agency was made", welfare.contact_made is not None),
        ("whether the guardian was told", _guardian_answered(welfare, ending)),
        ("a talk with the child", bool(talked_on) or ending not in _TALKED),
        *_asked_by(welfare, ending),
        ("that removal of own material was asked for, or no place is known", removal_answered),
        ("that each follow-up is done or dropped", not any(each.waits for each in follow_ups)),
    )
    missing = [what for what, answered in asked if not answered]
    if missing:
        raise Conflict(f"Record first: {'; '.join(missing)}.")


def _guardian_answered(welfare: Welfare, ending: Ending) -> bool:
    return ending is Ending.NOT_FOUND or welfare.guardian_notice is not None


def _asked_by(welfare: Welfare, ending: Ending) -> Iterable[tuple[str, bool]]:
    by, said = welfare.consent_by is not None, welfare.consent
    match ending:
        case Ending.SUPPORT_GIVEN:
            yield "that consent to the support was given, and by whom", by and said is Consent.GIVEN
        case Ending.SUPPORT_DECLINED:
            declined = said in {Consent.REFUSED, Consent.WITHDRAWN}
            yield "that consent was refused or withdrawn, and by whom", by and declined
        case Ending.HANDED_TO_AGENCY:
            yield "contact with the agency it went to", welfare.contact_made is True
        case Ending.CONTACT_LOST:
            yield "contact with the agency that goes on looking", welfare.contact_made is True
        case _:
            return
