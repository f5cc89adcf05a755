"""What a host answered by e-mail: its text, and how many attachments were left out."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    """Widen the replies."""
    short_locks()
    op.execute("""
        ALTER TABLE removal_replies ADD said text NOT NULL DEFAULT '',
            ADD left_out int NOT NULL DEFAULT 0 CHECK (left_out >= 0)
    """)
    op.execute("ALTER TABLE removal_replies ALTER said SET STATISTICS 0")
