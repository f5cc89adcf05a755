"""Tables of hash lists: versions, imports, entries, votes, feeds and alarms."""

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
    SmallInteger,
    Table,
    Text,
)

from tipbridge.foundation.storage.tables import metadata

hash_lists = Table(
    "hash_lists",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("purpose", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("scheme", Text, nullable=False),
    Column("handling", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("active_version", Integer),
)

hash_list_versions = Table(
    "hash_list_versions",
    metadata,
    Column("list_id", Text, ForeignKey("hash_lists.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("prepared_at", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True)),
    Column("content_sha256", Text),
    Column("entry_count", BigInteger),
    Column("activated_at", DateTime(timezone=True)),
    Column("activated_by", Text),
    Column("envelope", Text),
)

hash_list_imports = Table(
    "hash_list_imports",
    metadata,
    Column("list_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("person", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("added", BigInteger, nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("removed", BigInteger, nullable=False),
    Column("already_there", BigInteger, nullable=False),
    Column("trivial_refused", BigInteger, nullable=False),
    Column("not_there", BigInteger),
    Column("passed_over", BigInteger),
)

hash_list_entries = Table(
    "hash_list_entries",
    metadata,
    Column("list_id", Text, ForeignKey("hash_lists.id"), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("mark", Text),
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("item", Text),
    Column("frame", Integer),
    Column("quality", SmallInteger),
    Column("added_in", Integer, nullable=False),
    Column("removed_in", Integer),
)

hash_list_votes = Table(
    "hash_list_votes",
    metadata,
    Column("list_id", Text, ForeignKey("hash_lists.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("voter", Text, primary_key=True),
    Column("marks", ARRAY(Text), primary_key=True),
    Column("affirmative", Boolean, nullable=False),
    Column("reason", Text),
    Column("feed_reason", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("pushed_at", DateTime(timezone=True)),
)

hash_feeds = Table(
    "hash_feeds",
    metadata,
    Column("list_id", Text, ForeignKey("hash_lists.id"), primary_key=True),
    Column("after", DateTime(timezone=True)),
    Column("until", DateTime(timezone=True)),
    Column("following", Text),
    Column("member", Text),
    Column("pulled_at", DateTime(timezone=True), nullable=False),
)

hash_alarms = Table(
    "hash_alarms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("provider_id", Text, ForeignKey("providers.id"), nullable=False),
    Column("rule", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("lookups", BigInteger, nullable=False),
    Column("seen_at", DateTime(timezone=True)),
    Column("seen_by", Text),
)
