"""Tables of removals."""

from datetime import datetime

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)


def _of_removal() -> Column[str]:
    return Column("removal_id", Text, ForeignKey("removals.id"), nullable=False)


def _of_case() -> Column[str]:
    return Column("case_id", Text, ForeignKey("cases.id"), nullable=False)


def _taken_back() -> tuple[Column[datetime], Column[str], Column[str]]:
    return (
        Column("taken_back_at", _TIME),
        Column("taken_back_by", Text),
        Column("taken_back_because", Text),
    )


removals = Table(
    "removals",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    Column("referral_id", Text),
    Column("held_by", Text),
    Column("label", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("country", Text),
    Column("basis", Text, nullable=False),
    Column("own_material", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("noted_at", _TIME, nullable=False),
    Column("changed_at", _TIME, nullable=False),
    Column("next_check_at", _TIME),
    Column("reported_sha256", Text),
    Column("named_sha256", Text),
    Column("moved_from", Text),
    Column("moved_to", Text),
    Column("former_words", JSONB, nullable=False, server_default="[]"),
    *_taken_back(),
)

removal_steps = Table(
    "removal_steps",
    metadata,
    Column("id", Text, primary_key=True),
    _of_removal(),
    _of_case(),
    Column("state", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", Text, nullable=False),
    Column("cause_id", Text),
    Column("recorded_at", _TIME),
    *_taken_back(),
)

removal_notices = Table(
    "removal_notices",
    metadata,
    Column("id", Text, primary_key=True),
    _of_removal(),
    _of_case(),
    Column("host", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", _TIME, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("sent_at", _TIME),
    Column("sent_recorded_at", _TIME),
    Column("tries", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("due_at", _TIME),
    Column("package_id", Text, unique=True),
    Column("carried_by", Text),
    Column("former_days", JSONB, nullable=False),
)

removal_replies = Table(
    "removal_replies",
    metadata,
    Column("id", Text, primary_key=True),
    _of_removal(),
    _of_case(),
    Column("kind", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("recorded_at", _TIME),
    *_taken_back(),
)

removal_checks = Table(
    "removal_checks",
    metadata,
    Column("id", Text, primary_key=True),
    _of_removal(),
    _of_case(),
    Column("at", _TIME, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("contradicts", Boolean, nullable=False),
    Column("by", Text),
    Column("recorded_at", _TIME),
    *_taken_back(),
)

removal_votes = Table(
    "removal_votes",
    metadata,
    Column("removal_id", Text, ForeignKey("removals.id"), primary_key=True),
    _of_case(),
    Column("by", Text, primary_key=True),
    Column("classification", Text, nullable=False),
    Column("at", _TIME, nullable=False),
)

removal_hosts = Table(
    "removal_hosts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("country", Text),
    Column("channel", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("may_check", Boolean, nullable=False),
)
