"""Tables of the audit step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
