"""Reports, their files and originals, feedback."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Sequence,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from tipbridge.foundation.storage.tables import metadata

report_numbers = Sequence("report_numbers", metadata=metadata)

_ESCALATED = """coalesce(jsonb_path_exists(document,
    '$.children[*] ? (@.name == "incidentSummary")
      .children[*] ? (@.name == "escalateToHighPriority")'), false)"""

reports = Table(
    "reports",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("provider_id", Text, ForeignKey("providers.id"), nullable=False),
    Column("credential_id", Text, ForeignKey("provider_credentials.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("modified_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("erased_at", DateTime(timezone=True)),
    Column("finish_answer", LargeBinary),
    Column("key_id", Text, nullable=False, unique=True),
    Column("document", JSONB),
    # Equal for equal documents, and gone with them; made by the database.
    Column("document_hash", BigInteger, Computed("jsonb_hash_extended(document, 0)")),
    # Whether its provider asked to escalate it; made by the database of the document.
    Column("escalated", Boolean, Computed(_ESCALATED), nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    # Whether its provider is a sandbox: bound to it by a key of the database.
    Column("sandbox", Boolean, nullable=False),
)

report_files = Table(
    "report_files",
    metadata,
    Column("id", Text, primary_key=True),
    Column("report_id", BigInteger, ForeignKey("reports.id"), nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("sent_name", Text),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("md5", Text, nullable=False),
    Column("sha1", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("details", JSONB),
    Column("details_at", DateTime(timezone=True)),
    Column("empty", Boolean, nullable=False),
    Column("claims_differ", Boolean, nullable=False),
)

report_originals = Table(
    "report_originals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("report_id", BigInteger, ForeignKey("reports.id"), nullable=False),
    Column("about", Text, nullable=False),
    Column("file_id", Text),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)

report_feedback = Table(
    "report_feedback",
    metadata,
    Column("id", Text, primary_key=True),
    Column("report_id", BigInteger, ForeignKey("reports.id"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("sender", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("facts", JSONB, nullable=False),
)

report_guesses = Table(
    "report_guesses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("credential_id", Text, ForeignKey("provider_credentials.id"), nullable=False),
    Column("numbers", ARRAY(BigInteger), nullable=False),
    Column("asked", BigInteger, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("alarmed_at", DateTime(timezone=True)),
    Column("seen_at", DateTime(timezone=True)),
    Column("seen_by", Text),
)

provider_strictness = Table(
    "provider_strictness",
    metadata,
    Column("provider_id", Text, ForeignKey("providers.id"), primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
