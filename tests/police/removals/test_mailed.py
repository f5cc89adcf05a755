"""Answers by e-mail: read in the box, brought to their notice once; others left, with why."""

import email.policy
import json
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.nodes import CONSOLE, add_staff, add_unit
from tests.police.folk import a_case
from tests.police.removals.places import ADDRESS, a_place, add, file_of, know, tasks_about
from tests.sharing.net import audit
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.box.model import Done, Failed, Outcome, Reason
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import noticing
from tipbridge.police.removals.commands import group
from tipbridge.police.removals.mailed import decoding, rules
from tipbridge.police.removals.mailed.actions import import_mail, mail_of
from tipbridge.police.removals.mailed.files import mails_at
from tipbridge.police.removals.mailed.model import Imported, Mail, Unfit
from tipbridge.police.removals.model import (
    Channel,
    Notice,
    NoticeLanguage,
    NoticeStep,
    Removal,
    RemovalState,
    ReplyKind,
    StepSource,
)
from tipbridge.police.removals.wording import usual_template

DESK = "abuse@host.example"


def asked(node: Node, removal: Removal | None = None, channel: Channel = Channel.EMAIL) -> Notice:
    """A notice that went to the desk of host.example."""
    know(node, "host.example", channel, DESK if channel is Channel.EMAIL else "")
    with open_work(node, CONSOLE) as work:
        made = noticing.make_notice(work, (removal or a_place(node)).id)
        noticing.carry_notice(work, made.id)
    return made


def answer(node: Node, notice: Notice, said: str = "Removed.", **headers: str) -> EmailMessage:
    """What the desk writes back; a header given as empty is left out."""
    values = {
        "From": f"Abuse desk <{DESK}>",
        "To": "removals@police.example",
        "Subject": f"Re: {notice.subject}",
        "Message-ID": f"<answer-{notice.id}@host.example>",
        "In-Reply-To": f"<{notice.id}@{node.id}>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    message = EmailMessage(policy=email.policy.SMTP)
    for name, value in values.items():
        if value:
            message[name] = value
    message.set_content(said)
    return message


def read(message: EmailMessage | bytes, path: Path) -> Outcome:
    """What the box's task makes of it, run here over a real file."""
    path.write_bytes(message if isinstance(message, bytes) else bytes(message))
    with path.open("rb") as source:
        return Done(value=json.loads(json.dumps(decoding.read_mail(source))))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Where a mail lies."""
    return tmp_path / "mail.eml"


def brought(node: Node, message: EmailMessage, paper: Path) -> Imported:
    found = read(message, paper)
    with open_work(node, CONSOLE) as work:
        return import_mail(work, lambda: found, where="mail.eml")


def test_an_answer_comes_to_its_notice_once_with_its_words_and_the_state_they_give(
    node: Node, paper: Path
) -> None:
    removal = a_place(node)
    notice = asked(node, removal)
    said = "Removed.\n\nSee https://host.example/posts/1 and www.host.example.\n> You wrote"
    found = brought(node, answer(node, notice, said), paper)
    assert (found.removal_id, found.kind, found.fresh) == (removal.id, ReplyKind.REMOVED, True)
    seen = file_of(node, removal)
    assert seen.removal.state is RemovalState.REMOVED
    assert seen.steps[-1].source is StepSource.REPLY
    (reply,) = seen.replies
    assert reply.said.startswith("Removed.\n\nSee hxxps[:]//host[.]example/posts/1 and www[.]host")
    assert "://" not in reply.said
    again = brought(node, answer(node, notice, said), paper)
    assert (again.fresh, again.removal_id) == (False, removal.id)
    assert file_of(node, removal) == seen


NAMING: list[tuple[dict[str, str], Unfit | None]] = [
    ({"In_Reply_To": ""}, None),
    ({"In_Reply_To": "", "Subject": "Re: your letter"}, Unfit.NO_NOTICE_NAMED),
    ({"In_Reply_To": "", "References": "<x@y.example> <{notice}@{node}>"}, None),
    ({"In_Reply_To": "", "Subject": "{notice}", "Message_ID": ""}, None),
    ({"Subject": "Re: your letter"}, None),
    ({"Subject": "Re: " + "0" * 32}, Unfit.TWO_NOTICES_NAMED),
    ({"In_Reply_To": f"<{'0' * 32}@{{node}}>", "Subject": "Re:"}, Unfit.NOTICE_UNKNOWN),
    ({"In_Reply_To": "<{notice}@another.node>", "Subject": "Re:"}, Unfit.NO_NOTICE_NAMED),
    ({"From": "Somebody <abuse@elsewhere.example>"}, Unfit.OTHER_SENDER),
    ({"From": "abuse@evil-host.example"}, Unfit.OTHER_SENDER),
    ({"From": "a@host.example, b@elsewhere.example"}, Unfit.OTHER_SENDER),
    ({"From": "robot@mail.host.example"}, None),
]


def test_only_what_names_a_notice_and_comes_from_whom_was_asked_is_its_answer(
    node: Node, paper: Path
) -> None:
    file = a_case(node)
    for number, (change, unfit) in enumerate(NAMING):
        removal = add(node, file, f"https://host.example/{number}")
        notice = asked(node, removal)
        names = {"notice": notice.id, "node": node.id}
        headers = {key: value.format(**names) for key, value in change.items()}
        found = brought(node, answer(node, notice, **headers), paper)
        assert (change, found.unfit) == (change, unfit)
        assert len(file_of(node, removal).replies) == (unfit is None)
    told = [facts for event, _, facts in audit(node) if event == "removals.mail.imported"]
    assert [facts.get("unfit") for facts in told] == [unfit for _, unfit in NAMING]


def test_the_answer_about_a_case_that_is_not_the_actors_is_as_unknown_as_any(
    node: Node, paper: Path
) -> None:
    notice = asked(node)
    stranger = add_staff(node, Role.INVESTIGATOR, unit=add_unit(node, "beside"))
    found = read(answer(node, notice), paper)
    with open_work(node, stranger) as work:
        assert import_mail(work, lambda: found, where="a").unfit is Unfit.NOTICE_UNKNOWN


def test_a_notice_that_did_not_go_out_is_not_answered(node: Node, paper: Path) -> None:
    know(node, "host.example", Channel.EMAIL, DESK)
    removal = a_place(node)
    with open_work(node, CONSOLE) as work:
        notice = noticing.make_notice(work, removal.id)
    assert brought(node, answer(node, notice), paper).unfit is Unfit.NOTICE_NOT_SENT


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("삭제", ReplyKind.REMOVED),
        ("\r\n  국내 차단. \r\n감사합니다", ReplyKind.GEO_BLOCKED),
        ("추가 확인 필요", ReplyKind.ASKS_MORE),
        ("REFUSED", ReplyKind.REFUSED),
        ("거부", ReplyKind.REFUSED),
        ("blocked in our country", ReplyKind.GEO_BLOCKED),
        ("> removed\nMore needed", ReplyKind.ASKS_MORE),
        ("We could not find anything that was removed.", ReplyKind.ACKNOWLEDGED),
        ("not removed", ReplyKind.ACKNOWLEDGED),
        ("", ReplyKind.ACKNOWLEDGED),
    ],
)
def test_an_answer_says_only_what_its_first_line_says_alone(said: str, kind: ReplyKind) -> None:
    assert rules.kind_said(said) is kind


@pytest.mark.parametrize("said", ["received", "접수.", "", "> quoted"])
def test_that_a_request_came_asks_nobody_to_read_on(node: Node, paper: Path, said: str) -> None:
    removal = a_place(node)
    brought(node, answer(node, asked(node, removal), said), paper)
    assert tasks_about(node, removal) == []


@pytest.mark.parametrize("language", NoticeLanguage)
@pytest.mark.parametrize("step", [each for each in NoticeStep if each is not NoticeStep.BLOCKING])
def test_each_notice_to_a_host_names_the_answers_that_are_understood(
    language: NoticeLanguage, step: NoticeStep
) -> None:
    body = " ".join(usual_template(language, step).body.split())
    told = re.search(r"(?:first line: |적어 주십시오: )([^.]+)", body)
    assert told is not None
    kinds = {rules.kind_said(each) for each in told[1].split(", ")}
    assert kinds == {*ReplyKind} - {ReplyKind.ACKNOWLEDGED}


def test_a_refusal_opens_the_next_step_and_a_sentence_changes_nothing(
    node: Node, paper: Path
) -> None:
    removal = a_place(node)
    notice = asked(node, removal)
    brought(node, answer(node, notice, "We are looking into it."), paper)
    seen = file_of(node, removal)
    assert (seen.removal.state, seen.waits_until is None) == (RemovalState.UNKNOWN, False)
    assert tasks_about(node, removal) == [TaskKind.HOST_ANSWERED]
    brought(node, answer(node, notice, "거부", Message_ID="<second@host.example>"), paper)
    seen = file_of(node, removal)
    kinds = {each.kind for each in seen.replies}  # both came at one moment of the node's clock
    assert kinds == {ReplyKind.ACKNOWLEDGED, ReplyKind.REFUSED}
    assert (seen.next_notice, seen.waits_until) == (NoticeStep.REMINDER, None)


def test_attachments_and_pages_are_read_as_words_or_left_out(node: Node, paper: Path) -> None:
    notice = asked(node)
    message = answer(node, notice)
    message.clear_content()
    message.set_content(
        "<html><head><title>x</title><style>b{}</style></head><body><p>Removed</p>"
        "<script>alert(1)</script><p>Best&nbsp;wishes</p></body></html>",
        subtype="html",
    )
    message.add_attachment(b"\xff\xd8\xff synthetic", "image", "jpeg", filename="a.jpg")
    message.add_attachment("a letter", filename="b.txt")
    found = read(message, paper)
    assert isinstance(found, Done)
    value = found.value
    assert isinstance(value, dict)
    assert value["said"].split() == ["Removed", "Best", "wishes"]
    assert value["left_out"] == 2
    assert brought(node, message, paper).kind is ReplyKind.REMOVED


def test_what_the_box_cannot_read_is_no_answer() -> None:
    for value in (
        Failed(reason=Reason.UNDECODABLE),
        Failed(reason=Reason.KILLED),
        Done(value=None),
        Done(value={"id": "x"}),
        Done(value=["id"]),
    ):
        assert mail_of(value) is Unfit.NOT_A_MAIL
    assert mail_of(Failed(reason=Reason.TOO_LARGE)) is Unfit.TOO_LARGE


def test_a_subject_may_name_the_notice_that_the_header_names_too() -> None:
    one, two = "1" * 32, "2" * 32
    mail = Mail(id="m", sender="a@b.example", subject="", answers=(), said="", left_out=0)

    def named(subject: str, *answers: str) -> str:
        changed = Mail(
            id="m", sender="a@b.example", subject=subject, answers=answers, said="", left_out=0
        )
        return rules.notice_named(changed, "node")

    assert rules.notice_named(mail, "node") is Unfit.NO_NOTICE_NAMED
    assert named(f"Re: {one}", f"{one}@node", f"{two}@node") == one
    assert named(f"{one} {two}") is Unfit.TWO_NOTICES_NAMED
    assert named(f"{one}a", f"{two}@node") == two


def test_mails_lie_in_files_mboxes_and_maildirs(node: Node, tmp_path: Path) -> None:
    notice = asked(node)
    first = bytes(answer(node, notice, "Removed.\n\nFrom here on nothing."))
    second = bytes(answer(node, notice, "refused"))
    (tmp_path / "one.eml").write_bytes(first)
    box = tmp_path / "all.mbox"
    quoted = first.replace(b"\nFrom here", b"\n>From here")
    box.write_bytes(b"From a Mon\n" + quoted + b"\n\nFrom b Tue\n" + second)
    folder = tmp_path / "Maildir"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "new" / "1").write_bytes(first)
    (folder / "cur" / "2:2,S").write_bytes(second)
    (folder / "tmp" / "3").write_bytes(b"not delivered yet")
    found = list(mails_at([tmp_path / "one.eml", box, folder]))
    assert [where for where, _ in found] == ["one.eml", "all.mbox:1", "all.mbox:2", "2:2,S", "1"]
    bodies = [raw.strip() for _, raw in found]
    assert bodies[0] == bodies[1] == bodies[4] == first.strip()
    assert bodies[2] == bodies[3] == second.strip()
    (tmp_path / "empty").mkdir()
    for wrong in ("empty", "nowhere"):
        with pytest.raises(Invalid, match=wrong):
            list(mails_at([tmp_path / wrong]))


def test_the_command_reads_in_the_box_and_accounts_for_every_mail(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    file = a_case(node)
    removal = add(node, file, f"{ADDRESS}&c=d")
    notice = asked(node, removal)
    long = b"From: a@host.example\n\n" + b"x" * decoding.MOST_BYTES
    mails = [
        bytes(answer(node, notice, "삭제\n처리하였습니다.")),
        bytes(answer(node, notice, From="somebody@elsewhere.example")),
        b"no mail at all",
        long,
    ]
    box = tmp_path / "replies.mbox"
    box.write_bytes(b"".join(b"From a Mon\n" + each + b"\n\n" for each in mails))
    command = ["import-replies", "--data", str(node.data), str(box), "--json"]
    told = [CliRunner().invoke(group, command) for _ in range(2)]
    assert [each.exit_code for each in told] == [0, 0], told[0].output
    once, twice = (json.loads(each.stdout) for each in told)
    assert [once[name] for name in ("mails", "kept", "known", "unfit")] == [4, 1, 0, 3]
    assert [twice[name] for name in ("mails", "kept", "known", "unfit")] == [4, 0, 1, 3]
    assert [each["unfit"] for each in once["each"]] == [
        None,
        Unfit.OTHER_SENDER,
        Unfit.NOT_A_MAIL,
        Unfit.TOO_LARGE,
    ]
    (reply,) = file_of(node, removal).replies
    assert (reply.kind, reply.said.splitlines()[0]) == (ReplyKind.REMOVED, "삭제")
