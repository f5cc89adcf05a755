"""Filings, their files, and every try."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata
from tipbridge.tips.filing.model import Ending, Verb

filings = Table(
    "filings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("incident_type", Text, nullable=False),
    Column("batched", Boolean, nullable=False),
    Column("key_id", Text, nullable=False, unique=True),
    Column("document_id", Text, nullable=False),
    Column("document_key", LargeBinary, nullable=False),
    Column("document_bytes", BigInteger, nullable=False),
    Column("round", Integer, nullable=False),
    Column("report_id", Text),
    Column("verb", Text),
    Column("position", Integer, nullable=False),
    Column("then_do", Text),
    Column("misses", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True)),
    Column("woken_until", DateTime(timezone=True)),
    Column("told", Text),
    Column("grounds", Text),
    Column("hits", JSONB, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("filed_at", DateTime(timezone=True)),
    Column("username", Text),
    Column("receipt", LargeBinary),
    Column("preserve_until", Date),
    Column("preserve_rule", Text),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
)

filing_files = Table(
    "filing_files",
    metadata,
    Column("filing_id", Text, ForeignKey("filings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sealed_id", Text, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("md5", Text, nullable=False),
    Column("sha1", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("name", Text),
    Column("details_id", Text),
    Column("details_key", LargeBinary),
    Column("details_bytes", BigInteger),
    Column("file_id", Text),
    Column("described", Boolean, nullable=False),
    Column("viewed", Boolean),
    Column("viewed_by", Text),
    Column("viewed_at", DateTime(timezone=True)),
)

filing_tries = Table(
    "filing_tries",
    metadata,
    Column("filing_id", Text, ForeignKey("filings.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("verb", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ending", Text),
    Column("code", Integer),
)

FINISH_OPEN = (
    select(filing_tries.c.number)
    .where(
        filing_tries.c.filing_id == filings.c.id,
        filing_tries.c.round == filings.c.round,
        filing_tries.c.verb == Verb.FINISH.value,
        filing_tries.c.ending.in_((Ending.LOST.value, Ending.UNENDED.value)),
    )
    .exists()
    .label("finish_open")
)
"""Whether a finish of the present round was sent and not answered."""
