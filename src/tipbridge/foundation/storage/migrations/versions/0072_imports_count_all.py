"""What a file or a feed held that belongs on no list, or was to leave and not there, stays counted."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0072"
down_revision = "0071"


def upgrade() -> None:
    """Add both counts; of earlier files they were told once and not kept."""
    short_locks()
    op.execute("ALTER TABLE hash_list_imports ADD not_there bigint, ADD passed_over bigint")
