"""Tables of the triage step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
