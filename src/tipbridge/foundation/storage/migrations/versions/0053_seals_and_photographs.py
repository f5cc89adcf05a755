"""Sealing and destruction in the chain of custody, two kinds of exhibits, photographs' digests."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0053"
down_revision = "0052"

_OF_EXHIBIT = "exhibit_id IN (SELECT id FROM exhibits)"


def upgrade() -> None:
    """Widen the two closed sets, add what an event says of itself, make the table."""
    short_locks()
    op.execute("""
        ALTER TABLE exhibits DROP CONSTRAINT exhibits_kind_check, ADD CONSTRAINT exhibits_kind_check
            CHECK (kind IN ('device', 'image', 'folder', 'account-export', 'paper'))
    """)
    op.execute("""
        ALTER TABLE exhibit_custody DROP CONSTRAINT exhibit_custody_kind_check,
            ADD CONSTRAINT exhibit_custody_kind_check CHECK (kind IN ('seized', 'sealed',
                'handed-over', 'received', 'imaged', 'examined', 'returned', 'destroyed')),
            ADD COLUMN detail text,
            ADD CONSTRAINT exhibit_custody_detail
                CHECK ((kind IN ('sealed', 'destroyed')) = (detail IS NOT NULL))
    """)
    op.execute("""
        CREATE TABLE exhibit_photographs (
            exhibit_id text NOT NULL REFERENCES exhibits (id),
            sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
            shows text NOT NULL, added_by text NOT NULL, added_at timestamptz NOT NULL,
            PRIMARY KEY (exhibit_id, sha256))
    """)
    # The picture itself stays with whoever took it; what was kept of it is never changed.
    secure("exhibit_photographs", grant="SELECT, INSERT", using=_OF_EXHIBIT)
