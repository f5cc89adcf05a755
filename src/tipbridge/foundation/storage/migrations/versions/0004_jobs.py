"""Tables of the jobs step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
