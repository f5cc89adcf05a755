"""When it was last looked for whom time alone changed the advice of the law.

Safe with the previous release running: it knows nothing of it.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0181"
down_revision = "0220"


def upgrade() -> None:
    """One row; the first look only notes its time."""
    short_locks()
    op.execute("""
        CREATE TABLE advice_looks (
            id smallint PRIMARY KEY CHECK (id = 1), looked_at timestamptz NOT NULL)
    """)
    secure("advice_looks", grant="SELECT, INSERT, UPDATE (looked_at)")
