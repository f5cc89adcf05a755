"""Tables of demands, of the facts that answers bring, and of ends that no longer stand."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_demands = Table(
    "case_demands",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id")),
    Column("kind", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("ip", Text),
    Column("port", Integer),
    Column("seen_at", _TIME),
    Column("account", Text),
    Column("state", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", _TIME, nullable=False),
    Column("sent_at", _TIME),
    Column("sent_recorded_at", _TIME),
    Column("due_on", Date),
    Column("ended_at", _TIME),
    Column("ended_recorded_at", _TIME),
    Column("former_days", JSONB, nullable=False),
    Column("words", Text),
)

case_facts = Table(
    "case_facts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id")),
    Column("demand_id", Text, ForeignKey("case_demands.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", _TIME, nullable=False),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", _TIME),
    Column("because", Text),
)

case_demand_ends = Table(
    "case_demand_ends",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("demand_id", Text, ForeignKey("case_demands.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("words", Text),
    Column("ended_at", _TIME, nullable=False),
    Column("because", Text),
    Column("replaced_by", Text, nullable=False),
    Column("replaced_at", _TIME, nullable=False),
)
