"""Tables of the intake step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
