"""What each ending of a welfare record asks for: pure decisions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tipbridge.foundation.base.errors import Conflict
from tipbridge.police.welfare.endings import check_closing
from tipbridge.police.welfare.model import (
    Consent,
    ConsentBy,
    Ending,
    FollowUp,
    FollowUpKind,
    GuardianNotice,
    Reason,
    Talk,
    TalkWith,
    Welfare,
)

ON = date(2014, 6, 2)
RECORD = Welfare(
    id="w1",
    case_id="c1",
    person_id="p1",
    jurisdiction="KR",
    reasons=(Reason.MINOR,),
    opened_at=datetime(2014, 6, 2, tzinfo=UTC),
    due_on=ON,
    contact_made=True,
    agency="Agency",
    guardian_notice=GuardianNotice.GIVEN,
)
TALK = Talk(id="t1", welfare_id="w1", talk_with=TalkWith.CHILD, on=ON, why=None, by="desk")
TAKEN_BACK = replace(TALK, taken_back_at=datetime(2014, 6, 3, tzinfo=UTC))
WITH_GUARDIAN = replace(TALK, talk_with=TalkWith.GUARDIAN)
PROMISED = FollowUp(
    id="f1",
    welfare_id="w1",
    kind=FollowUpKind.COUNSELLING,
    due_on=ON,
    done_on=None,
    done_by=None,
)
AGREED = {"consent": Consent.GIVEN, "consent_by": ConsentBy.CHILD}
REFUSED = {"consent": Consent.REFUSED, "consent_by": ConsentBy.CHILD}
UNREACHED = {"contact_made": False, "guardian_notice": None}


@pytest.mark.parametrize(
    ("ending", "known", "talks", "missing"),
    [
        (Ending.SUPPORT_GIVEN, AGREED, [TALK], None),
        (Ending.SUPPORT_GIVEN, {}, [TALK], "that consent to the support was given"),
        (Ending.SUPPORT_GIVEN, {"consent": Consent.GIVEN}, [TALK], "and by whom"),
        (Ending.SUPPORT_GIVEN, REFUSED, [TALK], "that consent to the support was given"),
        (Ending.SUPPORT_GIVEN, AGREED, [], "a talk with the child"),
        (Ending.SUPPORT_GIVEN, {**AGREED, "contact_made": False}, [], "a talk with the child"),
        (Ending.SUPPORT_DECLINED, REFUSED, [], None),
        (Ending.SUPPORT_DECLINED, {**REFUSED, "consent": Consent.WITHDRAWN}, [], None),
        (Ending.SUPPORT_DECLINED, AGREED, [], "that consent was refused or withdrawn"),
        (Ending.SUPPORT_DECLINED, {**REFUSED, "guardian_notice": None}, [], "guardian was told"),
        (Ending.NOT_FOUND, UNREACHED, [], None),
        (Ending.NOT_FOUND, {"contact_made": None}, [], "whether contact with the agency was made"),
        (Ending.NOT_FOUND, UNREACHED, [TALK], "A talk with the child stands"),
        (Ending.NOT_FOUND, UNREACHED, [TAKEN_BACK, WITH_GUARDIAN], None),
        (Ending.CONTACT_LOST, {}, [TALK], None),
        (Ending.CONTACT_LOST, {}, [WITH_GUARDIAN], "a talk with the child"),
        (Ending.CONTACT_LOST, {"contact_made": False}, [TALK], "agency that goes on looking"),
        (Ending.NO_NEED_FOUND, {}, [TALK], None),
        (Ending.NO_NEED_FOUND, {}, [], "a talk with the child"),
        (Ending.HANDED_TO_AGENCY, {}, [TALK], None),
        (Ending.HANDED_TO_AGENCY, {"contact_made": False}, [TALK], "contact with the agency it"),
    ],
)
def test_each_ending_asks_for_what_makes_it_true(
    ending: Ending, known: dict[str, object], talks: list[Talk], missing: str | None
) -> None:
    record = replace(RECORD, **known)  # type: ignore[arg-type]
    if missing is None:
        check_closing(record, ending, talks, [], removal_answered=True)
        with pytest.raises(Conflict, match=r"Record first: that each follow-up is done"):
            check_closing(record, ending, talks, [PROMISED], removal_answered=True)
        with pytest.raises(Conflict, match=r"Record first: that removal of own material was asked"):
            check_closing(record, ending, talks, [], removal_answered=False)
    else:
        with pytest.raises(Conflict, match=missing):
            check_closing(record, ending, talks, [], removal_answered=True)


def test_a_child_that_was_talked_to_before_a_record_opened_again_may_not_be_found_now() -> None:
    ending, record = Ending.NOT_FOUND, replace(RECORD, guardian_notice=None)
    later = ON + timedelta(days=1)
    check_closing(record, ending, [TALK], [], removal_answered=True, again_from=later)
    with pytest.raises(Conflict, match="A talk with the child stands"):
        check_closing(record, ending, [TALK], [], removal_answered=True, again_from=ON)
