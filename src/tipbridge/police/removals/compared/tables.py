"""Tables of authorities and comparisons."""

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

removal_authorities = Table(
    "removal_authorities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("removal_id", Text, ForeignKey("removals.id"), nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("recorded_at", _TIME, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("ended_on", Date),
    Column("ended_at", _TIME),
    Column("ended_by", Text),
    Column("ended_because", Text),
)

removal_comparisons = Table(
    "removal_comparisons",
    metadata,
    Column("id", Text, primary_key=True),
    Column("removal_id", Text, ForeignKey("removals.id"), nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("authority_id", Text, ForeignKey("removal_authorities.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", Integer),
    Column("size_bytes", BigInteger),
)
