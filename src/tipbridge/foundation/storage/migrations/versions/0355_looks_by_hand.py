"""A look that staff took at a place says who looked, and when that was written down if later.

Safe with the previous release running: it takes such a look for a check, and leaves both empty.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0355"
down_revision = "0307"


def upgrade() -> None:
    """Add who looked by hand, and when it was recorded."""
    short_locks()
    op.execute('ALTER TABLE removal_checks ADD "by" text, ADD recorded_at timestamptz')
