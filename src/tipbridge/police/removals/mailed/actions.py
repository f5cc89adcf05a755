"""The verb on answers by e-mail: bring one to the notice that it answers, or say why not."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import done_fact, moment_told, recorded_later
from tipbridge.foundation.box.model import Failed, Outcome, Reason
from tipbridge.foundation.work import Work, action
from tipbridge.police.removals import store
from tipbridge.police.removals.actions import WORKING, removal_seen
from tipbridge.police.removals.dated import answered_at
from tipbridge.police.removals.mailed import rules
from tipbridge.police.removals.mailed.decoding import MOST_TEXT
from tipbridge.police.removals.mailed.model import Imported, Mail, Unfit
from tipbridge.police.removals.model import Notice, Reply
from tipbridge.police.removals.replies import keep_arrived


@action("removals.mail.imported", roles=WORKING)
def import_mail(work: Work, read: Callable[[], Outcome], *, where: str) -> Imported:
    """Keep what a host answered by e-mail, once; one that answers no notice is left, with why.

    Shape: `read` has the box read it. What it says was done is looked at by the next check. It
    was answered when the e-mail says so, if that can be, else when it arrived here.
    A notice about a case that is not the actor's is as unknown as one that nobody made.
    """
    mail = mail_of(read())
    answered = mail if isinstance(mail, Unfit) else _answered(work, mail)
    if isinstance(mail, Unfit) or isinstance(answered, Unfit):
        unfit = mail if isinstance(mail, Unfit) else answered
        assert isinstance(unfit, Unfit)
        work.record("all", unfit=unfit)
        return Imported(where=where, unfit=unfit)
    assert isinstance(answered, Notice)
    removal = removal_seen(work, answered.removal_id)
    reply = _reply(work, mail, answered)
    fresh = keep_arrived(work, removal, reply, in_words=rules.is_in_words(mail.said))
    work.record(
        removal.case_id,
        removal=removal.id,
        notice=answered.id,
        kind=reply.kind,
        fresh=fresh,
        done_at=done_fact(reply.at, work.now),
    )
    return Imported(
        where=where, case_id=removal.case_id, removal_id=removal.id, kind=reply.kind, fresh=fresh
    )


def _reply(work: Work, mail: Mail, notice: Notice) -> Reply:
    at = answered_at(mail.dated, notice.sent_at or work.now, work.now)
    return Reply(
        id=mail.id,
        removal_id=notice.removal_id,
        kind=rules.kind_said(mail.said),
        at=at,
        by=work.actor.id,
        said=rules.without_links(mail.said),
        left_out=mail.left_out,
        recorded_at=recorded_later(at, work.now),
    )


def mail_of(found: Outcome) -> Mail | Unfit:
    """What the box read as a mail; its shape is checked, since it comes from hostile bytes."""
    if isinstance(found, Failed):
        return Unfit.TOO_LARGE if found.reason is Reason.TOO_LARGE else Unfit.NOT_A_MAIL
    match found.value:
        case {
            "id": str(id_),
            "sender": str(sender),
            "subject": str(subject),
            "answers": [*answers],  # pyright: ignore[reportUnknownVariableType] - any JSON
            "said": str(said),
            "left_out": int(left_out),
            "dated": str() | None as dated,
        }:
            return Mail(
                id=id_,
                sender=sender,
                subject=subject,
                answers=tuple(map(str, cast("list[object]", answers))),
                said=said[:MOST_TEXT],
                left_out=left_out,
                dated=_moment(dated),
            )
        case _:
            return Unfit.NOT_A_MAIL


def _moment(dated: str | None) -> datetime | None:
    try:
        return moment_told("date", dated)
    except Invalid:
        return None


def _answered(work: Work, mail: Mail) -> Notice | Unfit:
    named = rules.notice_named(mail, work.node.id)
    if isinstance(named, Unfit):
        return named
    notice = store.notice_by_id(work.db, named)
    if notice is None:
        return Unfit.NOTICE_UNKNOWN
    if notice.sent_at is None:
        return Unfit.NOTICE_NOT_SENT
    return notice if rules.may_answer(mail, notice) else Unfit.OTHER_SENDER
