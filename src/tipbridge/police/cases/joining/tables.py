"""Table of relations between cases."""

from sqlalchemy import Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_relations = Table(
    "case_relations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("relation", Text, nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("other_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("grounds", Text, nullable=False),
    Column("people", ARRAY(Text), nullable=False),
    Column("referrals", ARRAY(Text), nullable=False, server_default="{}"),
    Column("made_by", Text, nullable=False),
    Column("made_at", _TIME, nullable=False),
    Column("undone_by", Text),
    Column("undone_at", _TIME),
)
