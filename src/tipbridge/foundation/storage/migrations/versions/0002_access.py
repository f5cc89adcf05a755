"""Tables of the access step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
