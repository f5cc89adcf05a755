"""Tables of shared entries, their members and votes, and the clock that orders them."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from tipbridge.foundation.storage.tables import metadata

hash_members = Table(
    "hash_members",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("provider_id", Text, ForeignKey("providers.id"), unique=True),
    Column("name", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
)

hash_entries = Table(
    "hash_entries",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("member_id", Integer, ForeignKey("hash_members.id"), nullable=False),
    Column("entry_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("classification", Text),
    Column("visible_to", ARRAY(Integer)),
    Column("position", BigInteger, nullable=False, unique=True),
    Column("stamp", DateTime(timezone=True), nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
)

hash_fingerprints = Table(
    "hash_fingerprints",
    metadata,
    Column("entry", BigInteger, ForeignKey("hash_entries.id"), primary_key=True),
    Column("type", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

hash_votes = Table(
    "hash_votes",
    metadata,
    Column("entry", BigInteger, ForeignKey("hash_entries.id"), primary_key=True),
    Column("type", Text, primary_key=True),
    Column("member_id", Integer, ForeignKey("hash_members.id"), primary_key=True),
    Column("value_sha256", LargeBinary, nullable=False),
    Column("affirmative", Boolean, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
