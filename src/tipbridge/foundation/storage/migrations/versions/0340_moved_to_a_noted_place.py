"""A place that moved says to which place of its case, one noted before too.

Safe with the previous release running: it knows no such link, and calls such a place moved nowhere.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0340"
down_revision = "0264"


def upgrade() -> None:
    """Add where a place moved to; several may have moved to one."""
    short_locks()
    op.execute("""
        ALTER TABLE removals ADD moved_to text REFERENCES removals (id) ON DELETE SET NULL
    """)
    op.execute("CREATE INDEX removals_moved_to ON removals (moved_to) WHERE moved_to IS NOT NULL")
    op.execute(f"GRANT UPDATE (moved_to) ON removals TO {APP_ROLE}")
