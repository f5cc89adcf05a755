"""Scanners, what they asked, the drafts that came of it, and alarms."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, LargeBinary, Table, Text

from tipbridge.foundation.storage.tables import metadata

scanners = Table(
    "scanners",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("token_digest", LargeBinary, nullable=False, unique=True),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
)

scans = Table(
    "scans",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scanner_id", Text, ForeignKey("scanners.id")),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("asked", Integer, nullable=False),
    Column("hits", Integer, nullable=False),
    Column("bare_hits", Integer, nullable=False),
)

scan_hits = Table(
    "scan_hits",
    metadata,
    Column("scan_id", Text, ForeignKey("scans.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
)

scan_drafts = Table(
    "scan_drafts",
    metadata,
    Column("offer", LargeBinary, primary_key=True),
    Column("filing_id", Text, ForeignKey("filings.id"), nullable=False),
)

scan_alarms = Table(
    "scan_alarms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scanner_id", Text, ForeignKey("scanners.id"), nullable=False),
    Column("sign", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("seen_by", Text),
    Column("grounds", Text),
)
