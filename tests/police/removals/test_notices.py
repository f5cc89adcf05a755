"""Notices: by a real mail server, to a real webhook, or by hand; replies and firmer steps."""

import email
import email.policy
import json
import re
from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.folk import a_case, contacted, record_of, recorded, suspect, verified
from tests.police.removals.places import a_place, add, clock, file_of, know, near, tasks_about
from tests.police.removals.servers import REFUSED_RECIPIENT, mail_server, site
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.identity.keys import verify_envelope
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.outcomes.errors import RequestWaits
from tipbridge.police.removals import moving, noticing, store
from tipbridge.police.removals.hosts import BLOCKING_BODY
from tipbridge.police.removals.model import (
    Channel,
    Notice,
    NoticeLanguage,
    NoticeState,
    NoticeStep,
    Removal,
    RemovalState,
    ReplyKind,
)
from tipbridge.police.removals.sending import NOTICE_TYPE
from tipbridge.police.removals.texts import actions as texts
from tipbridge.police.removals.wording import read_template, usual_template
from tipbridge.police.welfare.actions import read_record
from tipbridge.police.welfare.model import ClockStep

DESK = "abuse@host.example"
SENDER = {"removal_smtp_host": "127.0.0.1", "removal_sender": "removals@police.example"}


def _ask(node: Node, removal: Removal) -> Notice:
    with open_work(node, CONSOLE) as work:
        return noticing.make_notice(work, removal.id)


def _send(node: Node, notice: Notice) -> Notice:
    with open_work(node, WORKER) as work:
        noticing.send_notice(work, notice_id=notice.id)
    return _read(node, notice)


def _read(node: Node, notice: Notice) -> Notice:
    with open_work(node, CONSOLE) as work:
        found = store.notice_by_id(work.db, notice.id)
    assert found is not None
    return found


def _bring(node: Node, notice: Notice) -> None:
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id)
    run_followups(node)


def _requested_on(node: Node, person_id: str) -> date | None:
    """The day of a child's record on which removal was asked for."""
    record = record_of(node, person_id)
    with open_work(node, CONSOLE) as work:
        clocks = read_record(work, record.id).clocks
    return next(each.met_on for each in clocks if each.step is ClockStep.REMOVAL_REQUEST)


def _mailing(node: Node, port: int) -> Node:
    return near(node, **SENDER, removal_smtp_port=port, removal_smtp_security="none")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (NoticeLanguage.KOREAN, ("삭제 요청", "수사를 위하여", "가상 자료")),
        (NoticeLanguage.ENGLISH, ("Request to remove", "preserve", "SYNTHETIC")),
    ],
)
def test_a_notice_reaches_a_host_by_mail_in_its_language(
    node: Node, language: NoticeLanguage, words: tuple[str, ...]
) -> None:
    removal = a_place(node)
    know(node, "host.example", Channel.EMAIL, DESK, language)
    with mail_server() as mail:
        node = _mailing(node, mail.port)
        notice = _ask(node, removal)
        sent = _send(node, notice)
        again = _send(node, notice)
    assert (sent.state, sent.tries, sent.problem) == (NoticeState.SENT, 1, "")
    assert sent.sent_at is not None
    assert again == sent
    assert (mail.sender, mail.recipients) == ("removals@police.example", [DESK])
    (raw,) = mail.messages
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body()
    assert body is not None
    text = f"{message['subject']}\n{body.get_content()}"
    assert all(word in text for word in words)
    assert "hxxps[:]//host[.]example/posts/1?a=b" in text
    assert "host.example/posts" not in raw.decode()
    assert message["message-id"] == f"<{notice.id}@{node.id}>"


def test_a_mail_server_that_refuses_is_tried_again_and_then_given_up(node: Node) -> None:
    removal = a_place(node)
    know(node, "host.example", Channel.EMAIL, REFUSED_RECIPIENT)
    with mail_server() as mail:
        node = _mailing(node, mail.port)
        notice = _ask(node, removal)
        tried = _send(node, notice)
        assert (tried.state, tried.problem) == (NoticeState.QUEUED, "recipient-refused")
        for _ in range(noticing.MOST_TRIES - 1):
            tried = _send(node, notice)
    assert (tried.state, tried.tries) == (NoticeState.FAILED, noticing.MOST_TRIES)
    assert mail.messages == []
    assert tasks_about(node, removal) == [TaskKind.NOTICE_FAILED]
    with open_work(node, CONSOLE) as work:
        noticing.retry_notice(work, notice.id)
    silent = _send(_mailing(node, 9), notice)
    assert (silent.state, silent.problem, silent.tries) == (
        NoticeState.QUEUED,
        "mail-server-silent",
        1,
    )


def _retry(node: Node, notice: Notice, channel: Channel, contact: str) -> Notice:
    """Fail a notice, have its host reached otherwise, and send it again."""
    with open_work(node, CONSOLE) as work:
        store.settle_notice(
            work.db,
            notice.id,
            NoticeState.FAILED,
            sent_at=None,
            tries=noticing.MOST_TRIES,
            problem="recipient-refused",
            due_at=None,
        )
    know(node, "host.example", channel, contact)
    with open_work(node, CONSOLE) as work:
        noticing.retry_notice(work, notice.id)
    return _read(node, notice)


def test_a_failed_notice_goes_again_to_where_the_host_is_reached_now(node: Node) -> None:
    removal = a_place(node)
    know(node, "host.example", Channel.EMAIL, REFUSED_RECIPIENT)
    notice = _ask(node, removal)
    by_hand = _retry(node, notice, Channel.BY_HAND, "")
    assert (by_hand.state, by_hand.channel) == (NoticeState.DRAFT, Channel.BY_HAND)
    queued = _retry(node, notice, Channel.EMAIL, DESK)
    assert (queued.state, queued.recipient) == (NoticeState.QUEUED, DESK)
    assert (queued.subject, queued.body) == (notice.subject, notice.body)
    with mail_server() as mail:
        sent = _send(_mailing(node, mail.port), notice)
    assert (sent.state, sent.tries, mail.recipients) == (NoticeState.SENT, 1, [DESK])


def test_without_a_mail_server_a_notice_waits_and_says_so(node: Node) -> None:
    removal = a_place(node)
    know(node, "host.example", Channel.EMAIL, DESK)
    waiting = _send(node, _ask(node, removal))
    assert (waiting.state, waiting.problem) == (NoticeState.QUEUED, "no-mail-server")


def test_a_webhook_is_told_in_signed_words_without_a_link(node: Node) -> None:
    removal = a_place(node)
    with site() as host:
        know(node, "host.example", Channel.WEBHOOK, host.place("/notices"))
        node = near(node)
        notice = _ask(node, removal)
        assert _send(node, notice).state is NoticeState.SENT
    assert [(method, path) for method, path, _ in host.asked] == [("POST", "/notices")]
    assert host.headers[0]["idempotency-key"] == notice.id
    payload = json.loads(verify_envelope(node.card(), NOTICE_TYPE, host.bodies[0]))
    assert payload["address_defanged"] == "hxxps[:]//host[.]example/posts/1?a=b"
    assert (payload["notice"], payload["synthetic"]) == (notice.id, True)
    assert b"https://host" not in host.bodies[0]


@pytest.mark.parametrize(("status", "problem"), [(500, "status-500"), (302, "status-302")])
def test_a_webhook_that_does_not_take_it_is_tried_again(
    node: Node, status: int, problem: str
) -> None:
    removal = a_place(node)
    with site() as host:
        host.statuses["/notices"] = status
        know(node, "host.example", Channel.WEBHOOK, host.place("/notices"))
        tried = _send(near(node), _ask(node, removal))
        assert len(host.asked) == 1  # nobody is led elsewhere
    assert (tried.state, tried.problem) == (NoticeState.QUEUED, problem)


def test_a_webhook_in_a_private_network_is_not_told(node: Node) -> None:
    removal = a_place(node)
    with site() as host:
        know(node, "host.example", Channel.WEBHOOK, host.place("/notices"))
        assert _send(node, _ask(node, removal)).problem == "private-network"
        assert host.asked == []


@pytest.mark.parametrize(
    ("channel", "contact"),
    [
        (Channel.EMAIL, "not an address"),
        (Channel.EMAIL, "a@host.example\r\nBcc: b@host.example"),
        (Channel.WEBHOOK, "ftp://host.example/"),
        (Channel.WEBHOOK, "https://user:pass@host.example/"),
        (Channel.WEBHOOK, ""),
    ],
)
def test_a_contact_that_is_none_is_refused(node: Node, channel: Channel, contact: str) -> None:
    with pytest.raises(Invalid):
        know(node, "host.example", channel, contact)


def test_a_host_that_nobody_wrote_down_is_asked_by_hand(node: Node) -> None:
    removal = a_place(node)
    notice = _ask(node, removal)
    assert (notice.state, notice.channel) == (NoticeState.DRAFT, Channel.BY_HAND)
    assert "hxxps[:]//host[.]example" in notice.body
    with pytest.raises(Conflict, match="has not been sent"):
        _ask(node, removal)
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id)
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict):
        noticing.carry_notice(work, notice.id)
    assert file_of(node, removal).notices[0].state is NoticeState.SENT


def test_firmer_steps_end_at_the_body_that_blocks(node: Node) -> None:
    removal = a_place(node)
    know(node, "host.example", Channel.BY_HAND)
    know(node, BLOCKING_BODY, Channel.EMAIL, "blocking@agency.example", NoticeLanguage.KOREAN)
    found: list[Notice] = []
    for day in (2, 4, 7, 15):
        clock(node, 2014, 6, day, 4)
        found.append(_ask(node, removal))
        if found[-1].state is NoticeState.DRAFT:
            with open_work(node, CONSOLE) as work:
                noticing.carry_notice(work, found[-1].id)
    assert [notice.step for notice in found] == list(NoticeStep)
    assert "Part of a criminal investigation" in found[2].subject
    assert (found[3].recipient, found[3].channel) == ("blocking@agency.example", Channel.EMAIL)
    assert "접속 차단" in found[3].subject
    assert "host[.]example" in found[3].body


def test_a_reply_needs_a_question_and_gives_the_hosts_word(node: Node) -> None:
    removal = a_place(node)
    with open_work(node, CONSOLE) as work, pytest.raises(Conflict):
        noticing.record_reply(work, removal.id, ReplyKind.REMOVED)
    notice = _ask(node, removal)
    with open_work(node, CONSOLE) as work:
        noticing.carry_notice(work, notice.id)
        noticing.record_reply(work, removal.id, ReplyKind.ASKS_MORE)
    assert file_of(node, removal).removal.state is RemovalState.UNKNOWN
    with open_work(node, CONSOLE) as work:
        noticing.record_reply(work, removal.id, ReplyKind.REMOVED)
        now = work.now
    found = file_of(node, removal)
    assert (found.removal.state, found.steps[-1].source.value) == (RemovalState.REMOVED, "reply")
    assert found.removal.next_check_at == now  # its word is looked at next
    assert [reply.kind for reply in found.replies] == [ReplyKind.ASKS_MORE, ReplyKind.REMOVED]


def test_a_host_has_its_own_text_in_both_languages_and_others_keep_the_usual_one(
    node: Node,
) -> None:
    know(node, "host.example", language=NoticeLanguage.KOREAN)
    know(node, "other.example", language=NoticeLanguage.KOREAN)
    here, there = a_place(node), a_place(node, "https://other.example/1")
    with open_work(node, CONSOLE) as work:
        for language, step in (
            (NoticeLanguage.KOREAN, NoticeStep.FIRST),
            (NoticeLanguage.ENGLISH, NoticeStep.REMINDER),
        ):
            made = texts.write_text(
                work, "Host[.]example", language=language, step=step,
                subject=" Form 7: {notice} ", body="At {host}:\r\n{place} ({form}), {agency}",
            )  # fmt: skip
            assert made.own
            assert "hxxps[:]//host[.]example/example" in made.example.body
        found = texts.read_texts(work, "host.example")
    own = {(each.language, each.step) for each in found.texts if each.own}
    assert own == {
        (NoticeLanguage.KOREAN, NoticeStep.FIRST),
        (NoticeLanguage.ENGLISH, NoticeStep.REMINDER),
    }
    assert len(found.texts) == len(NoticeLanguage) * len(NoticeStep)
    asked, usual = _ask(node, here), _ask(node, there)
    assert asked.subject.endswith(f"Form 7: {asked.id}")
    assert asked.body.splitlines()[1].startswith(here.address)
    assert "삭제 요청" in usual.subject
    with open_work(node, CONSOLE) as work:
        texts.drop_text(work, "host.example", language=NoticeLanguage.KOREAN, step=NoticeStep.FIRST)
    assert "삭제 요청" in _ask(node, a_place(node, "https://host.example/posts/2")).subject
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        texts.drop_text(work, "host.example", language=NoticeLanguage.KOREAN, step=NoticeStep.FIRST)
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        texts.read_texts(work, "nobody.example")


@pytest.mark.parametrize(
    ("subject", "body", "says"),
    [
        ("{notice}", "Nothing.", "body must hold {place}"),
        ("Please", "{place}", "subject must hold {notice}"),
        ("{notice}", "{place} {name}", "body has the placeholder {name}"),
        ("{notice} {place", "{place}", "subject has an open brace before 'place'"),
        ("{notice}", "{place} {", "body has an open brace"),
        ("{notice}", "{place.__class__}{place}", "body has the placeholder {place.__class__}"),
        ("{notice}\nBcc: a@b.example", "{place}", "subject has 1 to 200 printable"),
        ("{notice}", "", "body has 1 to 5000"),
        ("{notice}" + "x" * 200, "{place}", "subject has 1 to 200"),
    ],
)
def test_a_hosts_text_with_a_wrong_placeholder_is_refused_by_its_name(
    subject: str, body: str, says: str
) -> None:
    with pytest.raises(Invalid, match=re.escape(says)):
        read_template(subject, body)


def test_every_usual_text_is_one_that_a_host_could_have() -> None:
    for language in NoticeLanguage:
        for step in NoticeStep:
            usual = usual_template(language, step)
            assert read_template(usual.subject, usual.body) == usual


def test_a_queued_notice_is_woken_once_in_a_while(node: Node) -> None:
    removal = a_place(node)
    with site() as host:
        know(node, "host.example", Channel.WEBHOOK, host.place("/notices"))
        _ask(node, removal)
        run_followups(near(node))
        assert len(host.asked) == 1
        with open_work(node, WORKER) as work:
            assert noticing.wake_notices(work) == 0


def test_a_childs_own_material_is_asked_for_at_once_and_once(node: Node) -> None:
    file = a_case(node)
    for number in (1, 2):
        add(node, file, f"https://host.example/{number}")
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        assert all(
            not store.notices_of(work.db, each.id)
            for each in store.removals_of(work.db, file.case.id)
        )
    facts = suspect(birth=verified(date(2002, 1, 1)), self_produced=True)
    person_id = recorded(node, file, facts)
    run_followups(node)
    recorded(node, file, facts)
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        removals = store.removals_of(work.db, file.case.id)
        notices = [store.notices_of(work.db, each.id) for each in removals]
    assert all(each.own_material for each in removals)
    assert [[notice.step for notice in each] for each in notices] == [[NoticeStep.FIRST]] * 2
    (first,), (second,) = notices
    assert _requested_on(node, person_id) is None, "two drafts that nobody brought are no request"
    clock(node, 2014, 6, 3, 4)
    _bring(node, first)
    assert _requested_on(node, person_id) is None, "one place was asked, the other was not"
    clock(node, 2014, 6, 4, 4)
    _bring(node, second)
    assert _requested_on(node, person_id) == date(2014, 6, 4)
    assert all(each.sent_at is not None for each in (_read(node, first), _read(node, second)))


def test_the_duty_to_ask_for_removal_waits_for_the_notice_to_go_out(node: Node) -> None:
    file = a_case(node)
    add(node, file, "https://host.example/1")
    facts = suspect(birth=verified(date(2002, 1, 1)), self_produced=True)
    person_id = recorded(node, file, facts)
    run_followups(node)
    contacted(node, person_id)
    with open_work(node, CONSOLE) as work:
        outcomes.decide_outcome(work, person_id, outcome=Outcome.JUVENILE_DIVISION)
        duties = outcomes.read_outcomes(work, file.case.id)[0].duties
        (removal,) = store.removals_of(work.db, file.case.id)
        (notice,) = store.notices_of(work.db, removal.id)
    (duty,) = (each for each in duties if each.code == "removal-of-own-material")
    with open_work(node, CONSOLE) as work, pytest.raises(RequestWaits):
        outcomes.finish_duty(work, duty.id)
    _bring(node, notice)
    with open_work(node, CONSOLE) as work:
        outcomes.finish_duty(work, duty.id)


def test_material_that_is_gone_before_anybody_was_asked_needs_no_request(node: Node) -> None:
    file = a_case(node)
    removal = add(node, file, "https://host.example/1")
    facts = suspect(birth=verified(date(2002, 1, 1)), self_produced=True)
    person_id = recorded(node, file, facts)
    run_followups(node)
    assert _requested_on(node, person_id) is None
    with open_work(node, CONSOLE) as work:
        moving.record_state(work, removal.id, RemovalState.REMOVED)
    run_followups(node)
    assert _requested_on(node, person_id) == date(2014, 6, 2)


def test_a_request_has_the_day_on_which_the_mail_server_took_it(node: Node) -> None:
    file = a_case(node)
    know(node, "host.example", Channel.EMAIL, DESK)
    add(node, file, "https://host.example/1")
    facts = suspect(birth=verified(date(2002, 1, 1)), self_produced=True)
    person_id = recorded(node, file, facts)
    run_followups(node)
    assert _requested_on(node, person_id) is None, "no mail server: it waits"
    with mail_server() as mail:
        mailing = _mailing(node, mail.port)
        with open_work(node, CONSOLE) as work:
            (removal,) = store.removals_of(work.db, file.case.id)
            (notice,) = store.notices_of(work.db, removal.id)
        assert _send(mailing, notice).sent_at is not None
    run_followups(node)
    assert _requested_on(node, person_id) == date(2014, 6, 2)
