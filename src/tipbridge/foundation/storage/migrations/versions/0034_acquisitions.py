"""Acquisitions: the image made of an exhibit's medium, its digests and its bad ranges."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0034"
down_revision = "0033"

_OF_EXHIBIT = "exhibit_id IN (SELECT id FROM exhibits)"


def upgrade() -> None:
    """Make the tables; a custody event may be that a medium was imaged."""
    short_locks()
    op.execute("""
        CREATE TABLE exhibit_acquisitions (
            id text PRIMARY KEY, exhibit_id text NOT NULL REFERENCES exhibits (id),
            at timestamptz NOT NULL, examiner text NOT NULL, tool text NOT NULL,
            source text NOT NULL, image text NOT NULL,
            size_bytes bigint NOT NULL CHECK (size_bytes > 0),
            segment_bytes bigint NOT NULL CHECK (segment_bytes > 0))
    """)
    op.execute("CREATE INDEX exhibit_acquisitions_exhibit ON exhibit_acquisitions (exhibit_id)")
    # Insert only: an acquisition happened, and is never told otherwise.
    secure("exhibit_acquisitions", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute("""
        CREATE TABLE exhibit_acquired (
            acquisition_id text PRIMARY KEY REFERENCES exhibit_acquisitions (id),
            exhibit_id text NOT NULL REFERENCES exhibits (id), finished_at timestamptz NOT NULL,
            md5 text NOT NULL, sha1 text NOT NULL, sha256 text NOT NULL,
            segments text[] NOT NULL, bad_starts bigint[] NOT NULL,
            bad_lengths bigint[] NOT NULL, bad_reasons text[] NOT NULL,
            CHECK (cardinality(bad_starts) = cardinality(bad_lengths)
                   AND cardinality(bad_starts) = cardinality(bad_reasons)))
    """)
    secure("exhibit_acquired", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute("ALTER TABLE exhibit_custody DROP CONSTRAINT exhibit_custody_kind_check")
    op.execute("""
        ALTER TABLE exhibit_custody ADD CONSTRAINT exhibit_custody_kind_check CHECK (kind IN
            ('seized', 'handed-over', 'received', 'imaged', 'examined', 'returned'))
    """)
