"""A source that is opened stands before its first digest, and each reading of it says how far it is.

The previous release can go on running: what it begins after this it can't give up, all else it can.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0391"
down_revision = "0390"

_OF_EXHIBIT = "exhibit_id IN (SELECT id FROM exhibits)"


def upgrade() -> None:
    """Make the tables; a pass from before was opened when it began."""
    short_locks()
    op.execute("""
        CREATE TABLE exhibit_openings (
            id text PRIMARY KEY, exhibit_id text NOT NULL REFERENCES exhibits (id),
            at timestamptz NOT NULL, examiner text NOT NULL, tool text NOT NULL,
            source text NOT NULL, custody text)
    """)
    op.execute("ALTER TABLE exhibit_openings ALTER COLUMN source SET STATISTICS 0")
    op.execute("CREATE INDEX exhibit_openings_exhibit ON exhibit_openings (exhibit_id)")
    op.execute("""
        INSERT INTO exhibit_openings (id, exhibit_id, at, examiner, tool, source)
        SELECT id, exhibit_id, at, examiner, tool, source FROM exhibit_passes
    """)
    secure("exhibit_openings", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute("""
        CREATE TABLE exhibit_readings (
            pass_id text NOT NULL REFERENCES exhibit_openings (id), number int NOT NULL,
            exhibit_id text NOT NULL REFERENCES exhibits (id), reading text NOT NULL,
            began_at timestamptz NOT NULL, at timestamptz NOT NULL,
            bytes_read bigint NOT NULL, size_bytes bigint NOT NULL,
            PRIMARY KEY (pass_id, number))
    """)
    secure("exhibit_readings", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute("""
        ALTER TABLE exhibit_given_up DROP CONSTRAINT exhibit_given_up_pass_id_fkey,
            ADD CONSTRAINT exhibit_given_up_pass_id_fkey
                FOREIGN KEY (pass_id) REFERENCES exhibit_openings (id)
    """)
