"""Every statement about notices that reached this node."""

from dataclasses import fields

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.sharing.notices.model import (
    HostAnswer,
    HostNotice,
    NoticeDocument,
    NoticeStep,
    ReplyKind,
)
from tipbridge.sharing.notices.tables import host_answers, host_notices

_WORDS = tuple(each.name for each in fields(NoticeDocument))


def insert_notice(db: Connection, notice: HostNotice, unit_id: int) -> bool:
    """Keep a notice of the unit; whether it is new."""
    query = insert(host_notices).values(
        package_id=notice.package_id,
        peer_id=notice.peer_id,
        received_at=notice.received_at,
        unit_id=unit_id,
        restricted=False,
        members=[],
        **{name: getattr(notice.document, name) for name in _WORDS},
    )
    return db.execute(query.on_conflict_do_nothing()).rowcount == 1


def insert_answer(db: Connection, notice_package: str, answer: HostAnswer) -> None:
    """Keep what was answered to a notice."""
    db.execute(
        host_answers.insert().values(
            package_id=answer.package_id,
            notice_package=notice_package,
            kind=answer.kind.value,
            at=answer.at,
            by=answer.by,
        )
    )


def notice_by_id(db: Connection, package_id: str) -> HostNotice | None:
    """One notice, kept from changes by others until this work ends."""
    query = select(host_notices).where(host_notices.c.package_id == package_id)
    row = db.execute(query.with_for_update()).one_or_none()
    return None if row is None else _notice(row, _answers(db, [package_id]))


def notices_newest(db: Connection, *, limit: int) -> list[HostNotice]:
    """The newest notices that the actor sees."""
    order = (host_notices.c.received_at.desc(), host_notices.c.package_id.desc())
    rows = db.execute(select(host_notices).order_by(*order).limit(limit)).all()
    answers = _answers(db, [row.package_id for row in rows])
    return [_notice(row, answers) for row in rows]


def count_unanswered(db: Connection) -> int:
    """How many notices the actor sees that nobody answered."""
    answered = select(host_answers.c.notice_package)
    query = select(host_notices.c.package_id).where(host_notices.c.package_id.not_in(answered))
    return len(db.execute(query).all())


def _answers(db: Connection, package_ids: list[str]) -> dict[str, list[HostAnswer]]:
    query = select(host_answers).where(host_answers.c.notice_package.in_(package_ids))
    found: dict[str, list[HostAnswer]] = {}
    for row in db.execute(query.order_by(host_answers.c.at, host_answers.c.package_id)):
        answer = HostAnswer(
            package_id=row.package_id, kind=ReplyKind(row.kind), at=row.at, by=row.by
        )
        found.setdefault(row.notice_package, []).append(answer)
    return found


def _notice(row: Row[*tuple[object, ...]], answers: dict[str, list[HostAnswer]]) -> HostNotice:
    document = NoticeDocument(
        notice=row.notice,
        sender=row.sender,
        synthetic=row.synthetic,
        step=NoticeStep(row.step),
        host=row.host,
        address=row.address,
        made_at=row.made_at,
        subject=row.subject,
        text=row.text,
    )
    return HostNotice(
        package_id=row.package_id,
        peer_id=row.peer_id,
        document=document,
        received_at=row.received_at,
        answers=tuple(answers.get(row.package_id, ())),
    )
