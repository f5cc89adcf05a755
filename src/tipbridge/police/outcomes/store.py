"""Every SQL statement of the outcomes room."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, union
from sqlalchemy.dialects.postgresql import insert

from tipbridge.knowledge.law.model import Custody, Duty, Mark, Outcome, Reason, Source, Stage
from tipbridge.knowledge.law.shape import By
from tipbridge.police.cases.model import Person
from tipbridge.police.cases.tables import case_people
from tipbridge.police.outcomes.model import (
    Appeal,
    AppealBy,
    AppealState,
    BodyDecision,
    Change,
    Decision,
    Ground,
    Meaning,
    OpenDuty,
    StageStep,
    StepTakenBack,
)
from tipbridge.police.outcomes.tables import (
    advice_looks,
    law_readings,
    outcome_appeals,
    outcome_decisions,
    outcome_duties,
    outcome_feedback,
    outcome_steps,
)

_DECISION = [c for c in outcome_decisions.c if c.name != "advice"]
_DUTY = [c for c in outcome_duties.c if c.name != "done_by"]


def insert_decision(db: Connection, decision: Decision, advice: Mapping[str, object]) -> None:
    """Write a decision with the advice it was made on; earlier ones lose their standing."""
    earlier = outcome_decisions.update().where(
        outcome_decisions.c.person_id == decision.person_id, outcome_decisions.c.standing
    )
    db.execute(earlier.values(standing=False))
    db.execute(
        outcome_decisions.insert().values(
            id=decision.id,
            case_id=decision.case_id,
            person_id=decision.person_id,
            outcome=decision.outcome.value,
            stage=decision.meaning.stage.value,
            custody=decision.meaning.custody.value,
            reason=decision.meaning.reason.value,
            rule=decision.ground.rule,
            citation=decision.ground.citation,
            citation_ko=decision.ground.citation_ko,
            mark=decision.ground.mark.value,
            change=decision.change.value,
            replaces=decision.replaces,
            law_of_act=decision.law_of_act,
            law_of_decision=decision.law_of_decision,
            within_advice=decision.ground.within_advice,
            conditions=list(decision.ground.conditions),
            grounds=decision.grounds,
            advice=advice,
            acts=list(decision.acts),
            **_body_row(decision.body),
            decides=decision.ground.decides,
            decided_by=decision.decided_by,
            decided_at=decision.decided_at,
            decided_on=decision.decided_on,
            standing=decision.standing,
        )
    )


def decision_by_id(db: Connection, decision_id: str) -> Decision | None:
    """One decision."""
    query = select(*_DECISION).where(outcome_decisions.c.id == decision_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_decision(row)


def standing_decisions(db: Connection) -> list[tuple[Decision, Mapping[str, Any]]]:
    """Every standing decision that the actor sees, with the advice it was made on."""
    table = outcome_decisions.c
    query = select(*_DECISION, table.advice).where(table.standing)
    rows = db.execute(query.order_by(table.case_id, table.decided_at, table.id)).mappings()
    return [(_to_decision(row), row["advice"]) for row in rows]


def standing_about(db: Connection, person_id: str) -> tuple[Decision, Mapping[str, Any]] | None:
    """The decision that stands about somebody, with the advice it was made on."""
    table = outcome_decisions.c
    query = select(*_DECISION, table.advice).where(table.person_id == person_id, table.standing)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else (_to_decision(row), row["advice"])


def note_differs(db: Connection, decision_id: str, digest: str | None, at: datetime) -> None:
    """Note for which differences of today's advice a task was raised, and since when."""
    query = outcome_decisions.update().where(outcome_decisions.c.id == decision_id)
    db.execute(query.values(differs=digest, differs_at=None if digest is None else at))


def cases_decided(db: Connection) -> list[str]:
    """The cases with a standing decision."""
    table = outcome_decisions.c
    query = select(table.case_id).where(table.standing).distinct().order_by(table.case_id)
    return list(db.execute(query).scalars())


def law_seen(db: Connection) -> str | None:
    """The law at the last look."""
    query = select(law_readings.c.fingerprint).order_by(law_readings.c.read_at.desc()).limit(1)
    return db.execute(query).scalar_one_or_none()


def note_law(db: Connection, fingerprint: str, at: datetime) -> None:
    """Note the law of this look."""
    query = insert(law_readings).values(fingerprint=fingerprint, read_at=at)
    db.execute(query.on_conflict_do_update(index_elements=["fingerprint"], set_={"read_at": at}))


def cases_asked(db: Connection) -> list[str]:
    """The cases with somebody about whom something stands, or about whom nothing is decided yet."""
    waiting = select(case_people.c.case_id).where(
        case_people.c.stage == Stage.INQUIRY.value, case_people.c.struck_at.is_(None)
    )
    decided = select(outcome_decisions.c.case_id).where(outcome_decisions.c.standing)
    found = union(waiting, decided).subquery()
    return list(db.execute(select(found.c.case_id).order_by(found.c.case_id)).scalars())


def looked_at(db: Connection) -> datetime | None:
    """When it was last looked for what time alone changed."""
    return db.execute(select(advice_looks.c.looked_at)).scalar_one_or_none()


def note_look(db: Connection, at: datetime) -> None:
    """Note the time of this look."""
    query = insert(advice_looks).values(id=1, looked_at=at)
    db.execute(query.on_conflict_do_update(index_elements=["id"], set_={"looked_at": at}))


def decisions_of(db: Connection, case_id: str) -> list[Decision]:
    """All decisions of a case, oldest first, those without standing too."""
    table = outcome_decisions.c
    query = select(*_DECISION).where(table.case_id == case_id)
    rows = db.execute(query.order_by(table.decided_at, table.id)).mappings()
    return [_to_decision(row) for row in rows]


def add_duty(
    db: Connection,
    duty_id: str,
    person: Person,
    duty: Duty,
    *,
    keeps_open: bool,
    anew: bool = False,
) -> None:
    """Note a duty about a person, once for each code; one that is done is open again when asked `anew`."""
    query = insert(outcome_duties).values(
        id=duty_id,
        case_id=person.case_id,
        person_id=person.id,
        code=duty.code,
        rule=duty.source.rule,
        citation=duty.source.citation,
        citation_ko=duty.source.citation_ko,
        mark=duty.source.mark.value,
        keeps_open=keeps_open,
        who=duty.who,
        due_on=duty.due_on,
    )
    db.execute(query.on_conflict_do_nothing())
    if anew:
        table = outcome_duties.c
        again = outcome_duties.update().where(
            table.person_id == person.id, table.code == duty.code, table.done_at.is_not(None)
        )
        db.execute(again.values(done_at=None, done_by=None, due_on=duty.due_on))


def finish_duty(db: Connection, duty_id: str, *, by: str, at: datetime) -> bool:
    """Say that a duty is done; says whether it was open."""
    table = outcome_duties
    query = table.update().where(table.c.id == duty_id, table.c.done_at.is_(None))
    return db.execute(query.values(done_at=at, done_by=by)).rowcount == 1


def duties_of(db: Connection, case_id: str) -> list[OpenDuty]:
    """The duties of a case, by day."""
    table = outcome_duties.c
    query = select(*_DUTY).where(table.case_id == case_id).order_by(table.due_on, table.code)
    return [_to_duty(row) for row in db.execute(query).mappings()]


def open_duty(db: Connection, duty_id: str) -> tuple[str, OpenDuty] | None:
    """A duty that is not done, and the case it belongs to."""
    table = outcome_duties.c
    query = select(*_DUTY).where(table.id == duty_id, table.done_at.is_(None))
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else (row["case_id"], _to_duty(row))


def _to_duty(row: RowMapping) -> OpenDuty:
    return OpenDuty(
        id=row["id"],
        person_id=row["person_id"],
        code=row["code"],
        source=to_source(row),
        who=row["who"],
        due_on=row["due_on"],
        done_at=row["done_at"],
        keeps_open=row["keeps_open"],
    )


def insert_step(db: Connection, step: StageStep) -> None:
    """Write down that somebody went from one stage to another."""
    db.execute(
        outcome_steps.insert().values(
            id=step.id,
            case_id=step.case_id,
            person_id=step.person_id,
            decision_id=step.decision_id,
            stage_before=step.before.value,
            stage=step.stage.value,
            custody=step.custody.value,
            step_by=step.by.value,
            rule=step.source.rule,
            citation=step.source.citation,
            citation_ko=step.source.citation_ko,
            mark=step.source.mark.value,
            law=step.law,
            happened_on=step.on,
            reason=None if step.reason is None else step.reason.value,
            note=step.note,
            recorded_by=step.recorded_by,
            recorded_at=step.recorded_at,
        )
    )


def steps_of(db: Connection, case_id: str) -> list[StageStep]:
    """The steps of everybody in a case, oldest first, without those that were taken back."""
    table = outcome_steps.c
    query = select(*table).where(table.case_id == case_id, table.taken_back.is_(None))
    rows = db.execute(query.order_by(table.recorded_at, table.id)).mappings()
    return [_to_step(row) for row in rows]


def step_by_id(db: Connection, step_id: str) -> StageStep | None:
    """One step."""
    query = select(outcome_steps).where(outcome_steps.c.id == step_id)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_step(row)


def take_back_step(db: Connection, mistake: StepTakenBack) -> None:
    """Note who took a step back, when and why."""
    query = outcome_steps.update().where(outcome_steps.c.id == mistake.step.id)
    said = {"taken_back_by": mistake.by, "taken_back_at": mistake.at, "because": mistake.because}
    db.execute(query.values(taken_back=mistake.id, **said))


def steps_taken_back(db: Connection, case_id: str) -> list[StepTakenBack]:
    """The steps of a case that were taken back, oldest first."""
    table = outcome_steps.c
    query = select(*table).where(table.case_id == case_id, table.taken_back.is_not(None))
    rows = db.execute(query.order_by(table.taken_back_at, table.id)).mappings()
    return [_to_taken_back(row) for row in rows]


def step_taken_back(db: Connection, step_id: str) -> StepTakenBack | None:
    """A step that was taken back; None where it was not."""
    table = outcome_steps.c
    query = select(*table).where(table.id == step_id, table.taken_back.is_not(None))
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_taken_back(row)


def reopen_duties(db: Connection, person_id: str, at: datetime) -> None:
    """Open again the duties of somebody that a step fulfilled, recorded at a time."""
    table = outcome_duties.c
    query = outcome_duties.update().where(
        table.person_id == person_id, table.keeps_open, table.done_at == at
    )
    db.execute(query.values(done_at=None, done_by=None))


def _to_taken_back(row: RowMapping) -> StepTakenBack:
    return StepTakenBack(
        id=row["taken_back"],
        step=_to_step(row),
        because=row["because"],
        by=row["taken_back_by"],
        at=row["taken_back_at"],
    )


def _to_step(row: Mapping[Any, Any]) -> StageStep:
    return StageStep(
        id=row["id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        decision_id=row["decision_id"],
        before=Stage(row["stage_before"]),
        stage=Stage(row["stage"]),
        custody=Custody(row["custody"]),
        by=By(row["step_by"]),
        source=to_source(row),
        law=row["law"],
        on=row["happened_on"],
        reason=None if row["reason"] is None else Reason(row["reason"]),
        note=row["note"],
        recorded_by=row["recorded_by"],
        recorded_at=row["recorded_at"],
    )


def insert_appeal(db: Connection, appeal: Appeal) -> None:
    """Write down an appeal."""
    db.execute(
        outcome_appeals.insert().values(
            id=appeal.id,
            case_id=appeal.case_id,
            person_id=appeal.person_id,
            decision_id=appeal.decision_id,
            filed_by=appeal.by.value,
            filed_on=appeal.filed_on,
            grounds=appeal.grounds,
            state=appeal.state.value,
        )
    )


def answer_appeal(
    db: Connection, appeal_id: str, state: AppealState, answer: str, *, by: str, at: datetime
) -> str | None:
    """Answer an open appeal; the case it is in, or None when none is open."""
    table = outcome_appeals
    query = table.update().where(table.c.id == appeal_id, table.c.state == AppealState.OPEN.value)
    query = query.values(state=state.value, answer=answer, answered_by=by, answered_at=at)
    return db.execute(query.returning(table.c.case_id)).scalar_one_or_none()


def appeals_of(db: Connection, case_id: str) -> list[Appeal]:
    """The appeals of a case, oldest first."""
    table = outcome_appeals.c
    query = select(*table).where(table.case_id == case_id).order_by(table.filed_on, table.id)
    return [_to_appeal(row) for row in db.execute(query).mappings()]


def appeal_by_id(db: Connection, appeal_id: str) -> Appeal | None:
    """An appeal, whatever became of it."""
    table = outcome_appeals.c
    row = db.execute(select(*table).where(table.id == appeal_id)).mappings().one_or_none()
    return None if row is None else _to_appeal(row)


def _to_appeal(row: RowMapping) -> Appeal:
    return Appeal(
        id=row["id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        decision_id=row["decision_id"],
        by=AppealBy(row["filed_by"]),
        filed_on=row["filed_on"],
        grounds=row["grounds"],
        state=AppealState(row["state"]),
        answer=row["answer"],
        answered_by=row["answered_by"],
        answered_at=row["answered_at"],
    )


def note_feedback(
    db: Connection, decision: Decision, referral_ids: Iterable[str], at: datetime
) -> None:
    """Note to which referrals a decision was fed back."""
    rows = [
        {
            "decision_id": decision.id,
            "referral_id": referral_id,
            "case_id": decision.case_id,
            "sent_at": at,
        }
        for referral_id in referral_ids
    ]
    if rows:
        db.execute(insert(outcome_feedback).on_conflict_do_nothing(), rows)


def fed_back(db: Connection, decision_id: str) -> set[str]:
    """The referrals a decision was fed back to."""
    table = outcome_feedback.c
    query = select(table.referral_id).where(table.decision_id == decision_id)
    return set(db.execute(query).scalars())


def to_source(row: Mapping[Any, Any]) -> Source:
    """The cited rule of a row."""
    return Source(
        rule=row["rule"],
        citation=row["citation"],
        citation_ko=row["citation_ko"],
        mark=Mark(row["mark"]),
    )


def _body_row(body: BodyDecision | None) -> dict[str, Any]:
    if body is None:
        return {}
    return {
        "body": body.body,
        "body_on": body.on,
        "body_minutes": body.minutes,
        "body_source": {
            "rule": body.source.rule,
            "citation": body.source.citation,
            "citation_ko": body.source.citation_ko,
            "mark": body.source.mark.value,
        },
    }


def _to_body(row: Mapping[Any, Any]) -> BodyDecision | None:
    if row["body"] is None:
        return None
    return BodyDecision(
        body=row["body"],
        on=row["body_on"],
        minutes=row["body_minutes"],
        source=to_source(row["body_source"]),
    )


def _to_decision(row: Mapping[Any, Any]) -> Decision:
    return Decision(
        id=row["id"],
        case_id=row["case_id"],
        person_id=row["person_id"],
        outcome=Outcome(row["outcome"]),
        meaning=Meaning(
            stage=Stage(row["stage"]),
            custody=Custody(row["custody"]),
            reason=Reason(row["reason"]),
        ),
        ground=Ground(
            rule=row["rule"],
            citation=row["citation"],
            citation_ko=row["citation_ko"],
            mark=Mark(row["mark"]),
            decides=row["decides"],
            within_advice=row["within_advice"],
            conditions=tuple(row["conditions"]),
        ),
        law_of_act=row["law_of_act"],
        law_of_decision=row["law_of_decision"],
        grounds=row["grounds"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        decided_on=row["decided_on"],
        change=Change(row["change"]),
        replaces=row["replaces"],
        acts=tuple(row["acts"]),
        body=_to_body(row),
        standing=row["standing"],
        differs=row["differs"],
        differs_at=row["differs_at"],
    )
