"""Peers that collect what is for them, and peers from which packages are fetched."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Add the columns."""
    short_locks()
    op.execute("""
        ALTER TABLE peers
            ADD COLUMN collected boolean NOT NULL DEFAULT false,
            ADD COLUMN fetches boolean NOT NULL DEFAULT false,
            ADD COLUMN fetched_at timestamptz
    """)
    op.execute(f"GRANT UPDATE (collected, fetches, fetched_at) ON peers TO {APP_ROLE}")
