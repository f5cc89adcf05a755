"""Tables of the referral step."""

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
