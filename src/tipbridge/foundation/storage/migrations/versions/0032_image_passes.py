"""Passes over images: where each began, how far it came, and what of the medium was not read."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0032"
down_revision = "0031"

_OF_EXHIBIT = "exhibit_id IN (SELECT id FROM exhibits)"
_PLACES = "'file', 'stream', 'structure', 'slack', 'rest', 'carved'"
_STATES = "'present', 'deleted'"


def upgrade() -> None:
    """Make the tables, add the columns."""
    short_locks()
    op.execute("""
        CREATE TABLE exhibit_passes (
            id text PRIMARY KEY, exhibit_id text NOT NULL REFERENCES exhibits (id),
            at timestamptz NOT NULL, examiner text NOT NULL, tool text NOT NULL,
            source text NOT NULL, source_kind text NOT NULL, size_bytes bigint NOT NULL,
            entries int NOT NULL, md5 text NOT NULL, sha1 text NOT NULL, sha256 text NOT NULL,
            stored_md5 text, stored_sha1 text, notes text[] NOT NULL)
    """)
    op.execute("CREATE INDEX exhibit_passes_exhibit ON exhibit_passes (exhibit_id)")
    # Insert only, like all that an examination says.
    secure("exhibit_passes", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute("""
        CREATE TABLE exhibit_checkpoints (
            pass_id text NOT NULL REFERENCES exhibit_passes (id), position int NOT NULL,
            exhibit_id text NOT NULL REFERENCES exhibits (id), at timestamptz NOT NULL,
            entries int NOT NULL, bytes_read bigint NOT NULL, findings int NOT NULL,
            PRIMARY KEY (pass_id, position))
    """)
    secure("exhibit_checkpoints", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute("""
        CREATE TABLE exhibit_unread (
            examination_id text NOT NULL, number int NOT NULL,
            exhibit_id text NOT NULL REFERENCES exhibits (id),
            start_byte bigint NOT NULL, length bigint NOT NULL CHECK (length > 0),
            reason text NOT NULL, PRIMARY KEY (examination_id, number))
    """)
    secure("exhibit_unread", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    _columns()


def _columns() -> None:
    op.execute("""
        ALTER TABLE exhibit_examinations
            ADD COLUMN verdict text NOT NULL DEFAULT 'complete'
                CHECK (verdict IN ('complete', 'incomplete', 'altered')),
            ADD COLUMN medium_bytes bigint, ADD COLUMN unread_bytes bigint NOT NULL DEFAULT 0,
            ADD COLUMN sha256_before text, ADD COLUMN sha256_after text
    """)
    op.execute(f"""
        ALTER TABLE exhibit_files
            ADD COLUMN place text NOT NULL DEFAULT 'file' CHECK (place IN ({_PLACES})),
            ADD COLUMN state text NOT NULL DEFAULT 'present' CHECK (state IN ({_STATES})),
            ADD COLUMN looks text NOT NULL DEFAULT '', ADD COLUMN start_byte bigint,
            ADD COLUMN modified_ns bigint, ADD COLUMN accessed_ns bigint,
            ADD COLUMN created_ns bigint, ADD COLUMN changed_ns bigint
    """)
    op.execute(f"""
        ALTER TABLE exhibit_unprocessed
            ADD COLUMN place text NOT NULL DEFAULT 'file' CHECK (place IN ({_PLACES})),
            ADD COLUMN state text NOT NULL DEFAULT 'present' CHECK (state IN ({_STATES})),
            ADD COLUMN start_byte bigint, ADD COLUMN size_bytes bigint
    """)
