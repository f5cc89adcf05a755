"""Failures to sign in by place: a guesser elsewhere stops nobody who got in before.

The release before it counts all places as one row, which is the one without a place here.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Add the place to what is counted; what was counted before belongs to no place."""
    short_locks()
    op.execute("ALTER TABLE sign_in_failures ADD COLUMN place text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE sign_in_failures DROP CONSTRAINT sign_in_failures_pkey")
    op.execute("ALTER TABLE sign_in_failures ADD PRIMARY KEY (username, place)")
