"""What a case sees of a child's record: whether a request for removal has yet to go out."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0059"
down_revision = "0057"


def upgrade() -> None:
    """Add it; the next change of a case's people fills it in."""
    short_locks()
    op.execute("ALTER TABLE welfare_standings ADD removal_waits boolean NOT NULL DEFAULT false")
    op.execute("GRANT UPDATE (removal_waits) ON welfare_standings TO tipbridge_app")
