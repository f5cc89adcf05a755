"""Every SQL statement about questions for hits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from tipbridge.police.cases.model import Identifier, IdentifierKind
from tipbridge.police.cases.rows import to_birth
from tipbridge.police.cases.tables import case_identifiers
from tipbridge.police.deconfliction.model import (
    Answered,
    Asked,
    Held,
    Question,
    QuestionState,
    Refusal,
)
from tipbridge.police.deconfliction.tables import (
    deconfliction_answers,
    deconfliction_asked,
    deconfliction_questions,
)

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('deconfliction.answering'), hashtext(:peer))")
_HELD = text("""
    SELECT i.kind, i.scope, i.value, i.referral_id, p.birth_earliest, p.birth_latest, p.birth_certainty,
           (SELECT min(day) FROM unnest(p.act_on || array(
              SELECT substring(act FROM '[0-9]{4}-[0-9]{2}-[0-9]{2}')::date
                FROM unnest(p.further_acts) act)) day) AS act_on
      FROM case_identifiers i JOIN cases c ON c.id = i.case_id
      JOIN case_people p ON p.id = i.person_id
     WHERE 'suspect' = ANY(p.roles) AND NOT c.restricted AND c.erased_at IS NULL
       AND i.taken_back_at IS NULL
     ORDER BY i.person_id, i.kind, i.scope, i.value
""")
_NAMES = (
    "id", "case_id", "peer_id", "agreement", "reason", "package_id", "asked_at", "asked_by",
    "secret", "left_out",
)  # fmt: skip


def insert_question(db: Connection, question: Question, asked: Iterable[Asked]) -> None:
    """Keep a question that is on its way, with what was asked."""
    values = {name: getattr(question, name) for name in _NAMES}
    db.execute(deconfliction_questions.insert().values(**values, state=question.state.value))
    rows = [
        {
            "question_id": question.id,
            "position": each.position,
            "person_id": each.person_id,
            "case_id": question.case_id,
            "kind": each.identifier.kind.value,
            "scope": each.identifier.scope,
            "value": each.identifier.value,
        }
        for each in asked
    ]
    db.execute(deconfliction_asked.insert(), rows)


def question_by_package(db: Connection, package_id: str) -> Question | None:
    """The question that a package took along, held until this work ends."""
    query = select(deconfliction_questions).where(
        deconfliction_questions.c.package_id == package_id
    )
    row = db.execute(query.with_for_update()).mappings().one_or_none()
    return None if row is None else _to_question(row)


def questions_of(db: Connection, case_id: str) -> list[Question]:
    """The questions about a case, newest first."""
    table = deconfliction_questions.c
    query = select(deconfliction_questions).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.asked_at.desc(), table.id.desc())).mappings()
    return [_to_question(row) for row in rows]


def asked_in(db: Connection, question_id: str) -> tuple[Asked, ...]:
    """What was asked in a question, in the order in which it was."""
    table = deconfliction_asked.c
    query = select(deconfliction_asked).where(table.question_id == question_id)
    rows = db.execute(query.order_by(table.position)).mappings()
    return tuple(_to_asked(row) for row in rows)


def settle_question(db: Connection, question: Question) -> None:
    """Write down what became of a question; its secret is gone with that."""
    query = deconfliction_questions.update().where(deconfliction_questions.c.id == question.id)
    db.execute(
        query.values(
            state=question.state.value,
            answered_at=question.answered_at,
            refusal=None if question.refusal is None else question.refusal.value,
            compared=question.compared,
            secret=None,
        )
    )


def write_hits(db: Connection, question_id: str, hits: Mapping[int, bool]) -> None:
    """Write down which of the asked identifiers the peer knows, by position."""
    query = deconfliction_asked.update().where(
        deconfliction_asked.c.question_id == question_id,
        deconfliction_asked.c.position == bindparam("at_position"),
    )
    rows = [{"at_position": position, "hit": hit} for position, hit in hits.items()]
    db.execute(query.values(hit=bindparam("hit")), rows)


def held_identifiers(db: Connection) -> list[Held]:
    """The suspects' identifiers in all cases that are neither restricted nor erased."""
    return [
        Held(
            identifier=_to_identifier(row),
            referral_id=row["referral_id"],
            birth=to_birth(row),
            act_on=row["act_on"],
        )
        for row in db.execute(_HELD).mappings()
    ]


def keep_out(db: Connection, peer_id: str) -> None:
    """Let nobody answer the same peer until this work ends: its questions are counted."""
    db.execute(_LOCK, {"peer": peer_id})


def points_since(db: Connection, peer_id: str, since: datetime) -> int:
    """How many of a peer's points were answered since then."""
    table = deconfliction_answers.c
    query = select(func.coalesce(func.sum(table.points), 0)).where(
        table.peer_id == peer_id, table.refusal.is_(None), table.at > since
    )
    return db.execute(query).scalar_one()


def answer_of(db: Connection, package_id: str) -> Answered | None:
    """What became of a peer's question, if it was answered already."""
    query = select(deconfliction_answers).where(deconfliction_answers.c.package_id == package_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_answered(row)


def peers_that_hit(db: Connection, records: Collection[str]) -> set[str]:
    """The peers that said they know an identifier of somebody, of whom these are records."""
    asked, question = deconfliction_asked.c, deconfliction_questions.c
    query = select(question.peer_id).join(deconfliction_asked, asked.question_id == question.id)
    return set(db.execute(query.where(asked.person_id.in_(records), asked.hit)).scalars())


def answers_since_known(db: Connection, person_id: str) -> list[Answered]:
    """Peers' questions that were answered since an identifier of somebody was known here."""
    table, known = deconfliction_answers.c, case_identifiers.c
    since = select(func.min(known.added_at)).where(known.person_id == person_id)
    query = select(deconfliction_answers).where(
        table.refusal.is_(None), table.at >= since.scalar_subquery()
    )
    return [_to_answered(row) for row in db.execute(query.order_by(table.at)).mappings()]


def insert_answer(db: Connection, answered: Answered) -> None:
    """Keep that a peer asked, and how many."""
    db.execute(
        deconfliction_answers.insert().values(
            package_id=answered.package_id,
            peer_id=answered.peer_id,
            agreement=answered.agreement,
            points=answered.points,
            refusal=None if answered.refusal is None else answered.refusal.value,
            at=answered.at,
        )
    )


def answers_newest(db: Connection, *, limit: int, offset: int) -> Sequence[Answered]:
    """Peers' questions, newest first."""
    table = deconfliction_answers.c
    query = select(deconfliction_answers).order_by(table.at.desc(), table.package_id.desc())
    rows = db.execute(query.limit(limit).offset(offset)).mappings()
    return [_to_answered(row) for row in rows]


def _to_identifier(row: Mapping[Any, Any]) -> Identifier:
    return Identifier(kind=IdentifierKind(row["kind"]), scope=row["scope"], value=row["value"])


def _to_asked(row: Mapping[Any, Any]) -> Asked:
    return Asked(
        position=row["position"],
        person_id=row["person_id"],
        identifier=_to_identifier(row),
        hit=row["hit"],
    )


def _to_question(row: Mapping[Any, Any]) -> Question:
    values = dict(row)
    values["state"] = QuestionState(row["state"])
    values["refusal"] = _refusal(row)
    return Question(**values)


def _to_answered(row: Mapping[Any, Any]) -> Answered:
    return Answered(
        package_id=row["package_id"],
        peer_id=row["peer_id"],
        agreement=row["agreement"],
        points=row["points"],
        refusal=_refusal(row),
        at=row["at"],
    )


def _refusal(row: Mapping[Any, Any]) -> Refusal | None:
    return None if row["refusal"] is None else Refusal(row["refusal"])
