"""Tables of cases."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("opened_at", _TIME, nullable=False),
    Column("erased_at", _TIME),
)


def _of_case() -> Column[str]:
    return Column("case_id", Text, ForeignKey("cases.id"), nullable=False)


case_foreign_numbers = Table(
    "case_foreign_numbers",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("agency", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("taken_back_at", _TIME),
    Column("taken_back_by", Text),
    Column("taken_back_because", Text),
)

case_number_changes = Table(
    "case_number_changes",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    Column("agency", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("taken_back_by", Text, nullable=False),
    Column("taken_back_at", _TIME, nullable=False),
    Column("restored_by", Text, nullable=False),
    Column("restored_at", _TIME, nullable=False),
)

case_referrals = Table(
    "case_referrals",
    metadata,
    Column("referral_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("origin", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("report_number", Text),
    Column("provider", Text),
    Column("possible_self_production", Boolean, nullable=False),
    Column("incident_at", _TIME),
    Column("reported_at", _TIME),
    Column("first_sent_at", _TIME),
    Column("sent_at", _TIME, nullable=False),
    Column("received_at", _TIME, nullable=False),
    Column("taken_at", _TIME, nullable=False),
)

case_people = Table(
    "case_people",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    Column("position", Integer, nullable=False),
    Column("reference", Text),
    Column("name", Text),
    Column("roles", ARRAY(Text), nullable=False),
    Column("birth_earliest", Date),
    Column("birth_latest", Date),
    Column("birth_certainty", Text),
    Column("school_level", Text),
    Column("country", Text),
    Column("offence", Text),
    Column("act", Text),
    Column("act_on", Date),
    Column("place_kind", Text),
    Column("place_service", Text),
    Column("self_produced", Boolean),
    Column("motive", Text),
    Column("stage", Text, nullable=False),
    Column("custody", Text, nullable=False),
    Column("added_at", _TIME, nullable=False),
    Column("nationalities", ARRAY(Text), nullable=False),
    Column("guardian", Text),
    Column("guardian_contact", Text),
    Column("counsel", Text),
    Column("counsel_contact", Text),
    Column("flags", ARRAY(Text), nullable=False),
    Column("further_acts", ARRAY(Text), nullable=False),
    Column("depicted_earliest", Date),
    Column("depicted_latest", Date),
    Column("depicted_certainty", Text),
    Column("exploiting", Text),
    Column("exploiting_source", Text),
    Column("exploiting_by", Text),
    Column("exploiting_at", _TIME),
    Column("struck_at", _TIME),
)

case_person_referrals = Table(
    "case_person_referrals",
    metadata,
    Column("person_id", Text, ForeignKey("case_people.id"), primary_key=True),
    Column("referral_id", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    _of_case(),
)

case_identifiers = Table(
    "case_identifiers",
    metadata,
    Column("person_id", Text, ForeignKey("case_people.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("scope", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    _of_case(),
    Column("referral_id", Text),
    Column("added_at", _TIME, nullable=False),
    Column("taken_back_at", _TIME),
    Column("taken_back_by", Text),
    Column("taken_back_because", Text),
    Column("strike_id", Text),
    Column("joined_by", Text),
)

case_items = Table(
    "case_items",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("sha256", Text),
    Column("sha1", Text),
    Column("md5", Text),
    Column("size_bytes", BigInteger),
    Column("referral_id", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("added_at", _TIME, nullable=False),
)

case_seized_files = Table(
    "case_seized_files",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("exhibit_id", Text, nullable=False),
    Column("added_at", _TIME, nullable=False),
)

case_seized_codes = Table(
    "case_seized_codes",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("exhibit_id", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("added_at", _TIME, nullable=False),
    Column("compared", Boolean, nullable=False),
)

case_links = Table(
    "case_links",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    Column("other_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_at", _TIME, nullable=False),
    Column("decided_at", _TIME),
    Column("decided_by", Text),
    Column("reopened_at", _TIME),
    Column("reopened_by", Text),
)

case_notices = Table(
    "case_notices",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    Column("about_case_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", _TIME, nullable=False),
)

case_tasks = Table(
    "case_tasks",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(),
    Column("person_id", Text, ForeignKey("case_people.id")),
    Column("kind", Text, nullable=False),
    Column("opened_at", _TIME, nullable=False),
    Column("done_at", _TIME),
    Column("done_by", Text),
    Column("title", Text),
    Column("due_on", Date),
    Column("assigned_to", Text),
    Column("left_at", _TIME),
)
