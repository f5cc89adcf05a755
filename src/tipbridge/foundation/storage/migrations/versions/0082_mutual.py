"""Peers that are reached at their gate, where both ends show certificates.

Safe with the previous release running: it reads and writes these columns by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0082"
down_revision = "0080"


def upgrade() -> None:
    """Add the column; who is pinned already is reached as before."""
    short_locks()
    op.execute("""
        ALTER TABLE peers
            ADD COLUMN mutual boolean NOT NULL DEFAULT false,
            ADD CHECK (NOT mutual OR url LIKE 'https://%')
    """)
    op.execute(f"GRANT UPDATE (mutual) ON peers TO {APP_ROLE}")
