"""When a package was last handed out to a peer that fetches, so that none holds up the others.

Safe with the previous release running: it reads and writes its own columns by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0100"
down_revision = "0096"


def upgrade() -> None:
    """Add the column and the indexes by which the next package and the lapsed ones are found."""
    short_locks()
    op.execute("ALTER TABLE outbox ADD COLUMN handed_at timestamptz")
    op.execute(f"GRANT UPDATE (handed_at) ON outbox TO {APP_ROLE}")
    op.execute("""
        CREATE INDEX outbox_waiting
            ON outbox (peer_id, handed_at NULLS FIRST, queued_at, package_id)
            WHERE state = 'queued'
    """)
    op.execute("CREATE INDEX outbox_lapsed ON outbox (settled_at) WHERE state = 'lapsed'")
