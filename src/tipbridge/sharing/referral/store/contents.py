"""Every SQL statement about what belongs to a referral: its parts, steps and feedback."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Connection,
    RowMapping,
    bindparam,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.knowledge.agreements.model import DataClass, Form, Part
from tipbridge.sharing.exchange.model import SaltedPart
from tipbridge.sharing.referral.model import (
    Alike,
    Direction,
    Feedback,
    Step,
    StepName,
)
from tipbridge.sharing.referral.tables import (
    referral_feedback,
    referral_parts,
    referral_steps,
)

# Built once: building a statement anew costs more than running it.
_PARTS_OF = (
    select(
        referral_parts.c.label,
        referral_parts.c.data_class,
        referral_parts.c.form,
        referral_parts.c.value,
        referral_parts.c.salt,
        referral_parts.c.hop,
    )
    .where(referral_parts.c.referral_id == bindparam("id"))
    .order_by(referral_parts.c.label)
)
_RESTRICTED = text("SELECT tb_referral_restricted(:id)")
_SENDERS_OF = (
    select(referral_parts.c.hop, referral_parts.c.sender)
    .where(referral_parts.c.referral_id == bindparam("id"))
    .distinct()
    .order_by(referral_parts.c.hop)
)
_STEPS_OF = (
    select(referral_steps.c.step, referral_steps.c.node_id, referral_steps.c.at)
    .where(referral_steps.c.referral_id == bindparam("id"))
    .order_by(referral_steps.c.at, referral_steps.c.step, referral_steps.c.node_id)
)
_FEEDBACK_OF = (
    select(
        referral_feedback.c.feedback_id,
        referral_feedback.c.direction,
        referral_feedback.c.sender,
        referral_feedback.c.outcome,
        referral_feedback.c.at,
        referral_feedback.c.facts,
        referral_feedback.c.package_id,
    )
    .where(referral_feedback.c.referral_id == bindparam("id"))
    .order_by(referral_feedback.c.at, referral_feedback.c.feedback_id)
)
_OTHER = referral_parts.alias("other")
_ALIKE = (
    select(
        referral_parts.c.label,
        _OTHER.c.referral_id,
        _OTHER.c.label.label("other_label"),
    )
    .join(_OTHER, (_OTHER.c.value == referral_parts.c.value) & (_OTHER.c.form == Form.KEYED.value))
    .where(
        referral_parts.c.referral_id == bindparam("id"),
        referral_parts.c.form == Form.KEYED.value,
        _OTHER.c.referral_id != referral_parts.c.referral_id,
    )
    .order_by(referral_parts.c.label, _OTHER.c.referral_id, _OTHER.c.label)
)


def insert_parts(
    db: Connection, id_: str, parts: Iterable[SaltedPart], senders: tuple[str, ...]
) -> None:
    """Keep the parts of a received referral."""
    rows = [
        {
            "referral_id": id_,
            "label": item.part.label,
            "data_class": item.part.data_class.value,
            "form": item.part.form.value,
            "value": item.part.value,
            "salt": item.salt,
            "hop": item.hop,
            "sender": senders[item.hop],
        }
        for item in parts
    ]
    insert_rows(db, referral_parts, rows)


def parts_of(db: Connection, id_: str) -> list[SaltedPart]:
    """The parts of a received referral, by label."""
    return [_to_part(row) for row in db.execute(_PARTS_OF, {"id": id_}).mappings()]


def restricted_beside(db: Connection, id_: str) -> bool:
    """Whether a referral that feeds a case of the actor's is restricted; true for any other."""
    return db.execute(_RESTRICTED, {"id": id_}).scalar_one()


def alike(db: Connection, id_: str) -> list[Alike]:
    """Parts of other referrals that the actor sees, with the same keyed hash, by label."""
    return [Alike(**row) for row in db.execute(_ALIKE, {"id": id_}).mappings()]


def senders_of(db: Connection, id_: str) -> tuple[str, ...]:
    """Who committed the parts of a received referral, by hop."""
    return tuple(row.sender for row in db.execute(_SENDERS_OF, {"id": id_}))


def note_steps(db: Connection, id_: str, steps: Iterable[Step]) -> None:
    """Keep when steps were taken; the first time of each counts."""
    rows = [
        {"referral_id": id_, "step": each.name.value, "node_id": each.node_id, "at": each.at}
        for each in steps
    ]
    insert_rows(db, referral_steps, rows, or_not=True)


def steps_of(db: Connection, id_: str) -> list[Step]:
    """The steps of a referral, oldest first."""
    return [
        Step(name=StepName(row.step), node_id=row.node_id, at=row.at)
        for row in db.execute(_STEPS_OF, {"id": id_})
    ]


def insert_feedback(db: Connection, id_: str, feedback: Feedback, at: datetime) -> bool:
    """Keep a feedback; false when it is here already."""
    query = (
        upsert(referral_feedback)
        .values(
            referral_id=id_,
            feedback_id=feedback.feedback_id,
            direction=feedback.direction.value,
            sender=feedback.sender,
            outcome=feedback.outcome,
            at=feedback.at,
            facts=dict(feedback.facts),
            package_id=feedback.package_id,
            kept_at=at,
        )
        .on_conflict_do_nothing()
        .returning(literal(1))
    )
    return db.execute(query).one_or_none() is not None


def has_feedback(db: Connection, id_: str, feedback_id: str) -> bool:
    """Whether this feedback is kept for the referral."""
    query = select(literal(1)).where(
        referral_feedback.c.referral_id == id_, referral_feedback.c.feedback_id == feedback_id
    )
    return db.execute(query).one_or_none() is not None


def outcomes_told(
    db: Connection, ids: Collection[str], *, direction: Direction
) -> list[tuple[str, str]]:
    """Referral and outcome of all feedback on these, one way, oldest first."""
    row = referral_feedback.c
    asked = (
        select(row.referral_id, row.outcome)
        .where(row.referral_id.in_([*ids]), row.direction == direction.value)
        .order_by(row.at, row.feedback_id)
    )
    return [(found.referral_id, found.outcome) for found in db.execute(asked)]


def feedback_of(db: Connection, id_: str) -> list[Feedback]:
    """What was said to become of a referral, oldest first."""
    return [
        Feedback(
            feedback_id=row.feedback_id,
            direction=Direction(row.direction),
            sender=row.sender,
            outcome=row.outcome,
            at=row.at,
            facts=cast("dict[str, Any]", row.facts),
            package_id=row.package_id,
        )
        for row in db.execute(_FEEDBACK_OF, {"id": id_})
    ]


def _to_part(row: RowMapping) -> SaltedPart:
    part = Part(
        label=row["label"],
        value=row["value"],
        data_class=DataClass(row["data_class"]),
        form=Form(row["form"]),
    )
    return SaltedPart(part=part, salt=row["salt"], hop=row["hop"])
