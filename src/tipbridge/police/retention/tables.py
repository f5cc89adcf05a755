"""Tables of holds and of what was erased."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
)

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

case_holds = Table(
    "case_holds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("ground", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("placed_at", _TIME, nullable=False),
    Column("lifted_by", Text),
    Column("lifted_at", _TIME),
    Column("lifted_words", Text),
)

case_erasures = Table(
    "case_erasures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("erased_person", Text),
    Column("outcome", Text, nullable=False),
    Column("stage", Text),
    Column("rule", Text, nullable=False),
    Column("citation", Text, nullable=False),
    Column("citation_ko", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("kept_days", Integer, nullable=False),
    Column("ended_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("rows_gone", BigInteger, nullable=False),
    Column("packages", ARRAY(Text), nullable=False),
    Column("erased_at", _TIME, nullable=False),
    Column("keys_gone_at", _TIME),
)
