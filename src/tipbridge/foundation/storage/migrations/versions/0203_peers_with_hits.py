"""A correction is told to peers that gave or may have got a hit about the person.

Safe with the previous release running: it tells none of them.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0203"
down_revision = "0212"


def upgrade() -> None:
    """Widen the closed list of whom a correction is told."""
    short_locks()
    op.execute("ALTER TABLE correction_tellings DROP CONSTRAINT correction_tellings_target_check")
    op.execute("""
        ALTER TABLE correction_tellings ADD CONSTRAINT correction_tellings_target_check CHECK
            (target IN ('case', 'bundle', 'demand', 'authority', 'welfare', 'hand',
                'peer-hit', 'peer-answer'))
    """)
