"""The table of received packages that could not be followed."""

from sqlalchemy import Column, DateTime, ForeignKey, Integer, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

parked_packages = Table(
    "parked_packages",
    metadata,
    Column("package_id", Text, ForeignKey("inbox.package_id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("parked_at", _TIME, nullable=False),
    Column("ended_at", _TIME),
)
