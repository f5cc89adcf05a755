"""Tables of welfare."""

from sqlalchemy import Boolean, Column, Date, DateTime, ForeignKey, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)


def _of_case() -> Column[str]:
    return Column("case_id", Text, ForeignKey("cases.id"), nullable=False)


def _of_record(*, key: bool = False) -> Column[str]:
    return Column(
        "welfare_id", Text, ForeignKey("welfare_records.id"), nullable=False, primary_key=key
    )


welfare_records = Table(
    "welfare_records",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    Column("person_id", Text, ForeignKey("case_people.id"), nullable=False, unique=True),
    Column("jurisdiction", Text, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False),
    Column("opened_at", _TIME, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("agency", Text),
    Column("contact_made", Boolean),
    Column("contact_on", Date),
    Column("guardian_notice", Text),
    Column("guardian_notice_on", Date),
    Column("consent", Text),
    Column("consent_by", Text),
    Column("consent_on", Date),
    Column("own_material", Text),
    Column("own_material_on", Date),
    Column("ending", Text),
    Column("closed_at", _TIME),
    Column("narrowed", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
)

welfare_changes = Table(
    "welfare_changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    _of_record(),
    Column("before", JSONB(none_as_null=True)),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", _TIME, nullable=False),
)

welfare_standings = Table(
    "welfare_standings",
    metadata,
    _of_record(key=True),
    _of_case(),
    Column("person_id", Text, ForeignKey("case_people.id"), nullable=False, unique=True),
    Column("opened_at", _TIME, nullable=False),
    Column("contacted_on", Date),
    Column("closed_at", _TIME),
    Column("removal_waits", Boolean, nullable=False, server_default="false"),
    Column("removal_held", Boolean, nullable=False, server_default="false"),
)

welfare_clocks = Table(
    "welfare_clocks",
    metadata,
    _of_record(key=True),
    Column("step", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("citation", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("met_on", Date),
    Column("missed_at", _TIME),
    Column("again_from", Date),
    Column("replaced_at", _TIME),
)

welfare_talks = Table(
    "welfare_talks",
    metadata,
    Column("id", Text, primary_key=True),
    _of_record(),
    Column("talk_with", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("why", Text),
    Column("by", Text, nullable=False),
    Column("taken_back_by", Text),
    Column("taken_back_at", _TIME),
    Column("taken_back_because", Text),
)

welfare_follow_ups = Table(
    "welfare_follow_ups",
    metadata,
    Column("id", Text, primary_key=True),
    _of_record(),
    Column("kind", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("done_on", Date),
    Column("done_by", Text),
    Column("dropped_by", Text),
    Column("dropped_on", Date),
    Column("dropped_because", Text),
)

coercive_steps = Table(
    "coercive_steps",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    Column("person_id", Text, ForeignKey("case_people.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("contacted", Boolean, nullable=False),
    Column("grounds", Text),
    Column("by", Text, nullable=False),
    Column("at", _TIME, nullable=False),
)
