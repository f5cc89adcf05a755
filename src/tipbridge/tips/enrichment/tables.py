"""Tables of what was worked out of each report."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tipbridge.foundation.storage.tables import metadata


def _of_tip() -> Column[int]:
    return Column(
        "report_id", BigInteger, ForeignKey("tip_enrichments.report_id"), primary_key=True
    )


tip_enrichments = Table(
    "tip_enrichments",
    metadata,
    Column("report_id", BigInteger, primary_key=True),
    Column("enriched_at", DateTime(timezone=True), nullable=False),
)

tip_ip_facts = Table(
    "tip_ip_facts",
    metadata,
    _of_tip(),
    Column("label", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("reach", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("country", Text),
    Column("asn", BigInteger),
    Column("network", Text),
    Column("network_kind", Text),
    Column("source_file", Text),
    Column("source_sha256", Text),
    Column("source_built_at", DateTime(timezone=True)),
)

tip_person_facts = Table(
    "tip_person_facts",
    metadata,
    _of_tip(),
    Column("person", Integer, primary_key=True),
    Column("role", Text, nullable=False),
    Column("country", Text),
    Column("confidence", Text, nullable=False),
    Column("reasons", JSONB, nullable=False),
    Column("place_kind", Text),
    Column("place_service", Text),
)

tip_favours = Table(
    "tip_favours",
    metadata,
    _of_tip(),
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("text", Text, nullable=False),
)

tip_duplicates = Table(
    "tip_duplicates",
    metadata,
    _of_tip(),
    Column("file_id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("first_report_id", BigInteger, nullable=False),
    Column("earlier_reports", Integer, nullable=False),
)

tip_list_hits = Table(
    "tip_list_hits",
    metadata,
    _of_tip(),
    Column("file_id", Text, primary_key=True),
    Column("list_id", Text, primary_key=True),
    Column("list_name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("handling", Text, nullable=False),
    Column("mark", Text),
)

tip_file_looks = Table(
    "tip_file_looks",
    metadata,
    Column("report_id", BigInteger, ForeignKey("reports.id"), primary_key=True),
    Column("file_id", Text, primary_key=True),
    Column("looked", Text, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False),
    Column("looked_at", DateTime(timezone=True)),
)

tip_file_hashes = Table(
    "tip_file_hashes",
    metadata,
    Column("report_id", BigInteger, primary_key=True),
    Column("file_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("by", Text, nullable=False),
    Column("pdq", Text, nullable=False),
    Column("quality", Integer),
    ForeignKeyConstraint(
        ["report_id", "file_id"], ["tip_file_looks.report_id", "tip_file_looks.file_id"]
    ),
)

tip_near_hits = Table(
    "tip_near_hits",
    metadata,
    Column("report_id", BigInteger, primary_key=True),
    Column("file_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("list_id", Text, nullable=False),
    Column("list_name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("handling", Text, nullable=False),
    Column("mark", Text),
    Column("by", Text, nullable=False),
    Column("distance_bits", Integer, nullable=False),
    ForeignKeyConstraint(
        ["report_id", "file_id"], ["tip_file_looks.report_id", "tip_file_looks.file_id"]
    ),
)
