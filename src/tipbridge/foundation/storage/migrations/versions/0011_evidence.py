"""Tables of the evidence step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
