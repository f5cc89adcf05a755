"""Tables of children's own files and of what they said before."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from tipbridge.foundation.storage.tables import metadata

child_file_changes = Table(
    "child_file_changes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fact", Text, primary_key=True),
    Column("file_id", Text, ForeignKey("child_files.id"), nullable=False),
    Column("before", Text),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

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
