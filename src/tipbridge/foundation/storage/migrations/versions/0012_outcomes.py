"""Tables of the outcomes step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
