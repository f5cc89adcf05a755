"""A pass keeps the examiner's statement under which it began, so that it is gone on with under it.

Safe with the previous release running: it names the columns that it fills.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0365"
down_revision = "0371"


def upgrade() -> None:
    """Add the statement; of passes from before nothing is known."""
    short_locks()
    op.execute("ALTER TABLE exhibit_passes ADD COLUMN sorted_material boolean")
