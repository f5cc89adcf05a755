"""Table of children's own files."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from tipbridge.foundation.storage.tables import metadata

child_files = Table(
    "child_files",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("person_id", Text, ForeignKey("case_people.id"), nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Column("name", Text),
    Column("guardian", Text),
    Column("guardian_contact", Text),
    Column("school", Text),
    Column("address", Text),
    Column("statement", Text),
    Column("needs", Text),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
)
