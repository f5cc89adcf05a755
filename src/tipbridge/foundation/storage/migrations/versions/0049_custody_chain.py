"""Digests that chain custody events, and categories that came back from viewers."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0049"
down_revision = "0048"

_OF_EXHIBIT = "exhibit_id IN (SELECT id FROM exhibits)"


def upgrade() -> None:
    """Add the columns, make the table; events of before stand without a digest."""
    short_locks()
    op.execute("""
        ALTER TABLE exhibit_custody ADD COLUMN salt text,
            ADD COLUMN digest text CHECK (digest ~ '^[0-9a-f]{64}$'),
            ADD CONSTRAINT exhibit_custody_salted CHECK ((salt IS NULL) = (digest IS NULL))
    """)
    op.execute("""
        CREATE TABLE exhibit_categories (
            exhibit_id text NOT NULL REFERENCES exhibits (id),
            sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
            person text NOT NULL, at timestamptz NOT NULL,
            category int NOT NULL CHECK (category BETWEEN 1 AND 5),
            document_sha256 text NOT NULL, PRIMARY KEY (exhibit_id, sha256, person, at))
    """)
    # What an examiner said stays said; a later word stands beside it.
    secure("exhibit_categories", grant="SELECT, INSERT", using=_OF_EXHIBIT)
