"""An examination that was begun and is not gone on with any more: who says so, when and why.

Safe with the previous release running: it knows nothing of the table.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0121"
down_revision = "0120"


def upgrade() -> None:
    """Make the table; a pass is given up once."""
    short_locks()
    op.execute("""
        CREATE TABLE exhibit_given_up (
            pass_id text PRIMARY KEY REFERENCES exhibit_passes (id),
            exhibit_id text NOT NULL REFERENCES exhibits (id),
            at timestamptz NOT NULL, given_up_by text NOT NULL, reason text NOT NULL)
    """)
    op.execute("ALTER TABLE exhibit_given_up ALTER COLUMN reason SET STATISTICS 0")
    secure(
        "exhibit_given_up",
        grant="SELECT, INSERT",
        using="exhibit_id IN (SELECT id FROM exhibits)",
    )
