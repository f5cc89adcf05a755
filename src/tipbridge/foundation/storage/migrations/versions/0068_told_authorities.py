"""A correction is told to the authority that has the matter, and to the child-protection agency."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    """Widen the closed list of whom a correction is told."""
    short_locks()
    op.execute("ALTER TABLE correction_tellings DROP CONSTRAINT correction_tellings_target_check")
    op.execute("""
        ALTER TABLE correction_tellings ADD CONSTRAINT correction_tellings_target_check CHECK
            (target IN ('case', 'bundle', 'demand', 'authority', 'welfare', 'hand'))
    """)
