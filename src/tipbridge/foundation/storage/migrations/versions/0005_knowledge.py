"""Tables of the knowledge step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
