"""Tables of notices that reached this node."""

from sqlalchemy import ARRAY, Boolean, Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

host_notices = Table(
    "host_notices",
    metadata,
    Column("package_id", Text, primary_key=True),
    Column("peer_id", Text, nullable=False),
    Column("notice", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("step", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("made_at", _TIME, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("received_at", _TIME, nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
)

host_answers = Table(
    "host_answers",
    metadata,
    Column("package_id", Text, primary_key=True),
    Column("notice_package", Text, ForeignKey("host_notices.package_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("by", Text, nullable=False),
)
