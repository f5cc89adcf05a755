"""Tables of outcomes."""

from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, SmallInteger, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)


def _of_case() -> Column[str]:
    return Column("case_id", Text, ForeignKey("cases.id"), nullable=False)


def _of_person() -> Column[str]:
    return Column("person_id", Text, ForeignKey("case_people.id"), nullable=False)


outcome_decisions = Table(
    "outcome_decisions",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    _of_person(),
    Column("outcome", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("custody", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("citation_ko", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("replaces", Text, ForeignKey("outcome_decisions.id")),
    Column("law_of_act", Text, nullable=False),
    Column("law_of_decision", Text, nullable=False),
    Column("within_advice", Boolean, nullable=False),
    Column("conditions", ARRAY(Text), nullable=False),
    Column("grounds", Text),
    Column("advice", JSONB, nullable=False),
    Column("acts", ARRAY(Text), nullable=False),
    Column("body", Text),
    Column("body_on", Date),
    Column("body_minutes", Text),
    Column("body_source", JSONB),
    Column("decides", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", _TIME, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("standing", Boolean, nullable=False),
    Column("differs", Text),
    Column("differs_at", _TIME),
)

law_readings = Table(
    "law_readings",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("read_at", _TIME, nullable=False),
)

advice_looks = Table(
    "advice_looks",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("looked_at", _TIME, nullable=False),
)

outcome_duties = Table(
    "outcome_duties",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    _of_person(),
    Column("code", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("citation_ko", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("keeps_open", Boolean, nullable=False),
    Column("who", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_at", _TIME),
    Column("done_by", Text),
)

outcome_feedback = Table(
    "outcome_feedback",
    metadata,
    Column("decision_id", Text, ForeignKey("outcome_decisions.id"), primary_key=True),
    Column("referral_id", Text, primary_key=True),
    _of_case(),
    Column("sent_at", _TIME, nullable=False),
)

outcome_steps = Table(
    "outcome_steps",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    _of_person(),
    Column("decision_id", Text, ForeignKey("outcome_decisions.id")),
    Column("stage_before", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("custody", Text, nullable=False),
    Column("step_by", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("citation_ko", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("law", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("reason", Text),
    Column("note", Text),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", _TIME, nullable=False),
    Column("taken_back", Text),
    Column("taken_back_by", Text),
    Column("taken_back_at", _TIME),
    Column("because", Text),
)

outcome_appeals = Table(
    "outcome_appeals",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    _of_person(),
    Column("decision_id", Text, ForeignKey("outcome_decisions.id"), nullable=False),
    Column("filed_by", Text, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text),
    Column("answered_by", Text),
    Column("answered_at", _TIME),
)
