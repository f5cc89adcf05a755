"""What may follow a state, what a check says, when to look again, whom to ask next."""

from datetime import UTC, datetime, timedelta

import pytest

from tipbridge.foundation.base.errors import Conflict
from tipbridge.police.removals import rules
from tipbridge.police.removals.model import (
    Channel,
    Check,
    CheckOutcome,
    Classification,
    Notice,
    NoticeLanguage,
    NoticeState,
    NoticeStep,
    RemovalState,
    RemovalStep,
    Reply,
    ReplyKind,
    StepSource,
)

AT = datetime(2014, 6, 2, tzinfo=UTC)
DAY = timedelta(days=1)
S = RemovalState
FOLLOW = {
    S.UNKNOWN: {S.LIVE, S.GEO_BLOCKED, S.MOVED, S.REMOVED},
    S.LIVE: {S.UNKNOWN, S.GEO_BLOCKED, S.MOVED, S.REMOVED},
    S.GEO_BLOCKED: {S.UNKNOWN, S.LIVE, S.MOVED, S.REMOVED},
    S.MOVED: {S.REMOVED, S.REAPPEARED},
    S.REMOVED: {S.MOVED, S.REAPPEARED},
    S.REAPPEARED: {S.UNKNOWN, S.GEO_BLOCKED, S.MOVED, S.REMOVED},
}


def _notice(step: NoticeStep, sent_at: datetime | None = AT, made_at: datetime = AT) -> Notice:
    return Notice(
        id=step.value,
        removal_id="r",
        case_id="c",
        host="host.example",
        step=step,
        channel=Channel.EMAIL,
        recipient="abuse@host.example",
        language=NoticeLanguage.ENGLISH,
        subject="",
        body="",
        state=NoticeState.DRAFT if sent_at is None else NoticeState.SENT,
        made_at=made_at,
        made_by="x",
        sent_at=sent_at,
    )


def _check(outcome: CheckOutcome) -> Check:
    return Check(id="k", removal_id="r", at=AT, outcome=outcome, status=None, contradicts=False)


def _reply(kind: ReplyKind, at: datetime = AT) -> Reply:
    return Reply(id="y", removal_id="r", kind=kind, at=at, by="x")


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("target", list(S))
def test_only_what_can_follow_a_state_follows_it(state: S, target: S) -> None:
    if target in FOLLOW[state]:
        rules.check_change(state, target)
        return
    with pytest.raises(Conflict, match="comes one of"):
        rules.check_change(state, target)
    assert target not in rules.next_states(state)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, CheckOutcome.ANSWERS),
        (206, CheckOutcome.ANSWERS),
        (301, CheckOutcome.SENT_ON),
        (302, CheckOutcome.UNCLEAR),
        (308, CheckOutcome.SENT_ON),
        (403, CheckOutcome.UNCLEAR),
        (404, CheckOutcome.GONE),
        (405, CheckOutcome.UNCLEAR),
        (410, CheckOutcome.GONE),
        (429, CheckOutcome.UNCLEAR),
        (451, CheckOutcome.BLOCKED_HERE),
        (500, CheckOutcome.UNCLEAR),
        (503, CheckOutcome.UNCLEAR),
    ],
)
def test_a_status_says_no_more_than_it_means(status: int, outcome: CheckOutcome) -> None:
    assert rules.outcome_of_status(status) is outcome


NO_ANSWER = (
    CheckOutcome.UNCLEAR,
    CheckOutcome.NOT_ALLOWED,
    CheckOutcome.HELD,
    CheckOutcome.NOT_AN_ADDRESS,
    CheckOutcome.UNRESOLVED,
    CheckOutcome.PRIVATE_NETWORK,
    CheckOutcome.SILENT,
)


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("outcome", NO_ANSWER)
def test_a_check_without_an_answer_changes_nothing(state: S, outcome: CheckOutcome) -> None:
    assert rules.state_after_check(state, outcome, []) == (None, False)


@pytest.mark.parametrize(
    ("state", "outcome", "expected"),
    [
        (S.UNKNOWN, CheckOutcome.ANSWERS, S.LIVE),
        (S.LIVE, CheckOutcome.GONE, S.REMOVED),
        (S.LIVE, CheckOutcome.BLOCKED_HERE, S.GEO_BLOCKED),
        (S.LIVE, CheckOutcome.SENT_ON, S.MOVED),
        (S.REAPPEARED, CheckOutcome.GONE, S.REMOVED),
        (S.REAPPEARED, CheckOutcome.ANSWERS, None),
        (S.LIVE, CheckOutcome.ANSWERS, None),
        (S.REMOVED, CheckOutcome.GONE, None),
    ],
)
def test_a_check_shows_a_state(state: S, outcome: CheckOutcome, expected: S | None) -> None:
    assert rules.state_after_check(state, outcome, []) == (expected, False)


def test_what_a_check_saw_gone_and_sees_again_has_reappeared() -> None:
    for gone in (CheckOutcome.GONE, CheckOutcome.SENT_ON):
        earlier = [_check(CheckOutcome.ANSWERS), _check(gone)]
        found = rules.state_after_check(S.REMOVED, CheckOutcome.ANSWERS, earlier)
        assert found == (S.REAPPEARED, False)


@pytest.mark.parametrize("state", [S.REMOVED, S.MOVED])
def test_a_block_here_shows_no_material_and_so_nothing_that_reappeared(state: S) -> None:
    found = rules.state_after_check(state, CheckOutcome.BLOCKED_HERE, [_check(CheckOutcome.GONE)])
    assert found == (None, True)


def test_what_only_a_host_called_gone_and_answers_contradicts_it() -> None:
    earlier = [_check(CheckOutcome.ANSWERS)]
    found = rules.state_after_check(S.REMOVED, CheckOutcome.ANSWERS, earlier)
    assert found == (None, True)


def test_places_are_looked_at_daily_for_four_weeks_then_weekly() -> None:
    def again(age: timedelta) -> timedelta:
        now = AT + age
        found = rules.next_check(S.LIVE, noted_at=AT, changed_at=AT, now=now)
        assert found is not None
        return found - now

    assert again(timedelta()) == again(27 * DAY) == DAY
    assert again(28 * DAY) == again(300 * DAY) == 7 * DAY


def test_what_was_removed_is_looked_at_ever_more_seldom_up_to_a_year() -> None:
    now, days = AT, []
    while found := rules.next_check(S.REMOVED, noted_at=AT, changed_at=AT, now=now):
        days.append((found - AT).days)
        now = found
    assert days == [1, 3, 7, 14, 28, 42, 90, 180, 365]


def test_hosts_are_asked_more_firmly_step_by_step() -> None:
    notices: list[Notice] = []
    now, waits = AT, []
    for step in NoticeStep:
        found, from_ = rules.next_notice(S.LIVE, notices, [])
        assert found is step
        if from_ is not None:
            with pytest.raises(Conflict, match="may go from"):
                rules.check_notice(S.LIVE, notices, [], from_ - timedelta(seconds=1))
            waits.append(from_ - now)
            now = from_
        assert rules.check_notice(S.LIVE, notices, [], now) is step
        notices.append(_notice(step, now))
    assert waits == [DAY, 2 * DAY, 7 * DAY]
    with pytest.raises(Conflict, match="Every step was taken"):
        rules.check_notice(S.LIVE, notices, [], now + 99 * DAY)


def test_a_refusal_opens_the_next_step_at_once() -> None:
    notices = [_notice(NoticeStep.FIRST)]
    refused = [_reply(ReplyKind.REFUSED, AT + timedelta(hours=1))]
    now = AT + timedelta(hours=1)
    assert rules.check_notice(S.LIVE, notices, refused, now) is NoticeStep.REMINDER
    earlier = [_reply(ReplyKind.REFUSED, AT - timedelta(hours=1))]
    with pytest.raises(Conflict):
        rules.check_notice(S.LIVE, notices, earlier, now)


def test_nobody_is_asked_where_it_is_gone_or_while_a_notice_waits() -> None:
    for gone in (S.REMOVED, S.MOVED):
        assert rules.next_notice(gone, [], []) == (None, None)
        with pytest.raises(Conflict, match="gone"):
            rules.check_notice(gone, [], [], AT)
    waiting = [_notice(NoticeStep.FIRST, None)]
    assert rules.next_notice(S.LIVE, waiting, []) == (None, None)
    with pytest.raises(Conflict, match="has not been sent"):
        rules.check_notice(S.LIVE, waiting, [], AT + 99 * DAY)


def test_asking_begins_anew_when_material_came_back() -> None:
    back = RemovalStep(id="s", state=S.REAPPEARED, source=StepSource.CHECK, at=AT + DAY, by="x")
    notices = [_notice(NoticeStep.FIRST), _notice(NoticeStep.REMINDER)]
    asked, answered = rules.this_round([back], notices, [_reply(ReplyKind.REFUSED)])
    assert (asked, answered) == ((), ())
    assert rules.check_notice(S.REAPPEARED, asked, answered, AT + DAY) is NoticeStep.FIRST


def test_a_reply_is_the_hosts_word_and_never_more() -> None:
    assert rules.state_after_reply(S.LIVE, ReplyKind.REMOVED) is S.REMOVED
    assert rules.state_after_reply(S.LIVE, ReplyKind.GEO_BLOCKED) is S.GEO_BLOCKED
    for kind in (ReplyKind.ACKNOWLEDGED, ReplyKind.ASKS_MORE, ReplyKind.REFUSED):
        assert rules.state_after_reply(S.LIVE, kind) is None
    assert rules.state_after_reply(S.REMOVED, ReplyKind.GEO_BLOCKED) is None


C = Classification


@pytest.mark.parametrize(
    ("state", "votes", "may"),
    [
        (S.REMOVED, [C.BASELINE] * 3, True),
        (S.REMOVED, [C.NATIONAL] * 4, True),
        (S.REMOVED, [C.BASELINE] * 2, False),
        (S.REMOVED, [C.BASELINE, C.BASELINE, C.BASELINE, C.NATIONAL], False),
        (S.REMOVED, [C.NOT_ILLEGAL] * 3, False),
        (S.LIVE, [C.BASELINE] * 3, False),
        (S.REMOVED, [], False),
    ],
)
def test_a_digest_is_offered_after_three_votes_that_agree(
    state: S, votes: list[C], may: bool
) -> None:
    if may:
        rules.check_offer(state, votes)
        return
    with pytest.raises(Conflict):
        rules.check_offer(state, votes)
