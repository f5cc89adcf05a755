"""A draft of an agreement can be withdrawn before both parties signed it."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0162"
down_revision = "0161"


def upgrade() -> None:
    """Add when it was withdrawn and by whom."""
    short_locks()
    op.execute("""
        ALTER TABLE agreements ADD withdrawn_at timestamptz, ADD withdrawn_by text,
            ADD CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
    """)
    op.execute(f"GRANT UPDATE (withdrawn_at, withdrawn_by) ON agreements TO {APP_ROLE}")
