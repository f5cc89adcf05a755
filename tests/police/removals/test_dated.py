"""What was done by hand counts from when it was done, not from when somebody typed it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.removals.places import a_place, clock, file_of
from tests.police.removals.test_mailed import answer, brought, read
from tests.sharing.net import audit
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.box.model import Done
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.removals import actions, moving, noticing
from tipbridge.police.removals.dated import answered_at, known_until
from tipbridge.police.removals.mailed.actions import mail_of
from tipbridge.police.removals.mailed.model import Mail
from tipbridge.police.removals.model import (
    Check,
    CheckOutcome,
    Comparison,
    ComparisonOutcome,
    Notice,
    NoticeStep,
    Removal,
    RemovalState,
    ReplyKind,
    StepSource,
)

S = RemovalState
HOUR = timedelta(hours=1)
AT = datetime(2014, 6, 2, 3, tzinfo=UTC)


def _made(node: Node, removal: Removal) -> Notice:
    with open_work(node, CONSOLE) as work:
        return noticing.make_notice(work, removal.id)


def _carry(node: Node, notice: Notice, done_at: datetime | None = None) -> None:
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id, done_at=done_at)
    run_followups(node)


def _record(
    node: Node, removal: Removal, state: RemovalState, done_at: datetime | None = None
) -> None:
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, removal.id, state, done_at=done_at)


def _reply(node: Node, removal: Removal, kind: ReplyKind, done_at: datetime | None = None) -> None:
    with open_work(node, CONSOLE) as work:
        noticing.record_reply(work, removal.id, kind, done_at=done_at)


def test_a_hosts_figures_and_clocks_go_by_when_things_were_done(node: Node) -> None:
    removal = a_place(node)
    notice = _made(node, removal)
    clock(node, 2014, 6, 5, 9)
    now = datetime(2014, 6, 5, 9, tzinfo=UTC)
    for wrong, words in ((now + HOUR, "future"), (AT - HOUR, "before the notice was written")):
        with pytest.raises(Invalid, match=words):
            _carry(node, notice, wrong)
    _carry(node, notice, AT + HOUR)
    with pytest.raises(Invalid, match="before the first notice went out"):
        _reply(node, removal, ReplyKind.REFUSED, AT)
    # Since the reminder may go 24 hours after the notice, it may go now.
    assert file_of(node, removal).waits_until is None
    assert file_of(node, removal).next_notice is NoticeStep.REMINDER
    _reply(node, removal, ReplyKind.ACKNOWLEDGED, AT + 2 * HOUR)
    with pytest.raises(Invalid, match="before what was last known of the place"):
        _record(node, removal, S.REMOVED, AT - HOUR)
    _record(node, removal, S.REMOVED, AT + 11 * HOUR)
    found = file_of(node, removal)
    (sent,), (reply,), (step,) = found.notices, found.replies, found.steps
    assert (sent.sent_at, sent.sent_recorded_at) == (AT + HOUR, now)
    assert (reply.at, reply.recorded_at) == (AT + 2 * HOUR, now)
    assert (step.at, step.recorded_at) == (AT + 11 * HOUR, now)
    assert found.removal.changed_at == AT + 11 * HOUR
    with open_work(node, CONSOLE) as work:
        (record,) = actions.measure_hosts(work)
    assert [point.after for point in record.curve] == [10 * HOUR]
    assert record.gone_within == (1, 1, 1)
    done = {event: facts.get("done_at") for event, _, facts in audit(node)}
    assert done["removals.notice.carried"] == (AT + HOUR).isoformat()
    assert done["removals.reply.recorded"] == (AT + 2 * HOUR).isoformat()
    assert done["removals.state.recorded"] == (AT + 11 * HOUR).isoformat()


def test_an_answer_older_than_what_is_known_changes_no_state(node: Node) -> None:
    removal = a_place(node)
    _carry(node, _made(node, removal))
    clock(node, 2014, 6, 4, 3)
    _record(node, removal, S.LIVE)
    clock(node, 2014, 6, 5, 3)
    _reply(node, removal, ReplyKind.REMOVED, AT + HOUR)
    found = file_of(node, removal)
    assert (found.removal.state, len(found.replies)) == (S.LIVE, 1)
    _reply(node, removal, ReplyKind.REMOVED, AT + 50 * HOUR)
    (_, step) = file_of(node, removal).steps
    assert (step.state, step.source, step.at) == (S.REMOVED, StepSource.REPLY, AT + 50 * HOUR)


def test_since_when_a_place_moved_is_known_once_it_is_recorded(node: Node) -> None:
    removal = a_place(node)
    with open_work(node, CONSOLE) as work:
        actions.change_state(work, removal, S.MOVED, StepSource.CHECK)
    with pytest.raises(Invalid, match="without done_at"), open_work(node, CONSOLE) as work:
        moving.record_state(work, removal.id, S.MOVED, moved_to="https://new.example/1", done_at=AT)
    with pytest.raises(Conflict):
        _record(node, removal, S.LIVE, AT)


def _check(hours: int, outcome: CheckOutcome) -> Check:
    return Check(
        id="c",
        removal_id="r",
        at=AT + hours * HOUR,
        outcome=outcome,
        status=None,
        contradicts=False,
    )


def _compared(hours: int, outcome: ComparisonOutcome) -> Comparison:
    return Comparison(
        id="c",
        removal_id="r",
        authority_id="a",
        at=AT + hours * HOUR,
        by="s",
        outcome=outcome,
        status=200,
        size_bytes=1,
    )


@pytest.mark.parametrize(
    ("state", "hours"),
    [(S.REMOVED, 5), (S.LIVE, 4), (S.REAPPEARED, 4), (S.GEO_BLOCKED, 5), (S.UNKNOWN, 5)],
)
def test_a_later_look_that_saw_otherwise_bounds_since_when_a_state_holds(
    node: Node, state: RemovalState, hours: int
) -> None:
    removal = a_place(node)
    checks = [
        _check(2, CheckOutcome.ANSWERS),
        _check(4, CheckOutcome.GONE),
        _check(9, CheckOutcome.UNCLEAR),
    ]
    compared = [_compared(5, ComparisonOutcome.SAME), _compared(8, ComparisonOutcome.OTHER)]
    assert known_until(removal, state, [], []) == AT
    assert known_until(removal, state, checks, compared) == AT + hours * HOUR


@pytest.mark.parametrize(
    ("dated", "at"),
    [
        (AT + 5 * HOUR, AT + 5 * HOUR),
        (None, AT + 9 * HOUR),
        (AT + 10 * HOUR, AT + 9 * HOUR),
        (AT - HOUR, AT + 9 * HOUR),
        (AT.replace(microsecond=0), AT + timedelta(microseconds=7)),
    ],
)
def test_a_mails_date_counts_between_asking_and_arrival(
    dated: datetime | None, at: datetime
) -> None:
    assert answered_at(dated, AT + timedelta(microseconds=7), AT + 9 * HOUR) == at


@pytest.fixture
def letter(node: Node) -> Callable[..., EmailMessage]:
    """An answer to a notice that went out at AT; it is June the 5th now."""
    notice = _made(node, a_place(node))
    _carry(node, notice)
    clock(node, 2014, 6, 5, 3)
    return lambda **headers: answer(node, notice, "Removed.", **headers)


def test_an_answer_by_mail_was_given_when_it_says(
    node: Node, letter: Callable[..., EmailMessage], tmp_path: Path
) -> None:
    paper = tmp_path / "mail.eml"

    def dated(header: str) -> datetime | None:
        mail = mail_of(read(letter(Date=header) if header else letter(), paper))
        assert isinstance(mail, Mail)
        return mail.dated

    assert dated("Tue, 03 Jun 2014 12:00:00 +0900") == AT + 24 * HOUR
    assert dated("Tue, 03 Jun 2014 03:00:00 -0000") == AT + 24 * HOUR
    raw = bytes(letter()).replace(b"Message-ID", b"Date: 99 Foo 0 99:99:99 +9999\r\nMessage-ID", 1)
    found = read(raw, paper)
    assert isinstance(found, Done)
    assert isinstance(found.value, dict)
    assert found.value["dated"] is None
    assert dated("") is None
    brought(node, letter(Date=format_datetime(AT + 30 * HOUR)), paper)
    with open_work(node, CONSOLE) as work:
        (record,) = actions.measure_hosts(work)
    assert [point.after for point in record.curve] == [30 * HOUR]
    facts = next(told for event, _, told in audit(node) if event == "removals.mail.imported")
    assert facts["done_at"] == (AT + 30 * HOUR).isoformat()
