"""Tables of the cases step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
