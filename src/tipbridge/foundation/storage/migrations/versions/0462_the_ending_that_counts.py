"""What was erased says where the matter ended, if others than the police ended it.

Safe with the previous release running: it writes the other columns by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0462"
down_revision = "0461"


def upgrade() -> None:
    """Add the column."""
    short_locks()
    op.execute("ALTER TABLE case_erasures ADD COLUMN stage text")
