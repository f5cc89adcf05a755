"""Tables of the exchange step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
