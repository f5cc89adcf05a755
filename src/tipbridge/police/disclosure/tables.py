"""Tables of disclosures."""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

disclosures = Table(
    "disclosures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("exhibit_ids", ARRAY(Text), nullable=False),
    Column("audit_size", BigInteger, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", _TIME, nullable=False),
    Column("sealed_name", Text),
    Column("sealed_recipient", Text),
    Column("sealed_files", ARRAY(Text), nullable=False),
)

disclosures_written = Table(
    "disclosures_written",
    metadata,
    Column("id", Text, primary_key=True),
    Column("disclosure_id", Text, ForeignKey("disclosures.id"), nullable=False),
    Column("written_at", _TIME, nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("written_by", Text, nullable=False),
    Column("content_sha256", Text, nullable=False),
)
