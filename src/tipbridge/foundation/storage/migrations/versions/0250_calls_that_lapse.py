"""Somebody whose call of an emergency lapsed can call again.

Safe with the previous release running: it calls once, as before. Calls made before this one are
about another digest and count no more; who still means them calls again.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0250"
down_revision = "0246"


def upgrade() -> None:
    """Let one person call about one thing at several times."""
    short_locks()
    op.execute("""
        ALTER TABLE emergency_calls DROP CONSTRAINT emergency_calls_pkey,
            ADD PRIMARY KEY (referral_id, content_sha256, person_id, called_at)
    """)
