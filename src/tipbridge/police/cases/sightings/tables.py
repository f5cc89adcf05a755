"""The table of sightings."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

case_sightings = Table(
    "case_sightings",
    metadata,
    Column("person_id", Text, ForeignKey("case_people.id"), primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("referral_id", Text, primary_key=True),
    Column("label", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("at", DateTime(timezone=True)),
    Column("port", Integer),
    Column("event", Text),
)
