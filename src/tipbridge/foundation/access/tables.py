"""Staff, sessions, sign-in failures; providers and their credentials."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from tipbridge.foundation.storage.tables import metadata

units = Table(
    "units",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", Integer, ForeignKey("units.id")),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("agency", Text),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("password_hash", Text),
    Column("roles", ARRAY(Text), nullable=False),
    Column("unit_id", Integer, ForeignKey("units.id"), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("same_person_as", Text, ForeignKey("staff.id")),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", LargeBinary, primary_key=True),
    Column("staff_id", Text, ForeignKey("staff.id"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("username", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
)

providers = Table(
    "providers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("sandbox", Boolean, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("added_by", Text, nullable=False),
)

provider_credentials = Table(
    "provider_credentials",
    metadata,
    Column("id", Text, primary_key=True),
    Column("provider_id", Text, ForeignKey("providers.id"), nullable=False),
    Column("username", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("revoked_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
)

provider_contacts = Table(
    "provider_contacts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("provider_id", Text, ForeignKey("providers.id"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Column("added_at", DateTime(timezone=True), nullable=False),
)

provider_limits = Table(
    "provider_limits",
    metadata,
    Column("provider_id", Text, ForeignKey("providers.id"), primary_key=True),
    Column("upload_bytes_per_second", BigInteger),
    Column("uploads_at_once", Integer),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)
