"""A signature on an agreement counts no more when its key was in other hands as it was kept.

Safe with the previous release running: it counts such a signature on, until it is stopped.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0212"
down_revision = "0202"


def upgrade() -> None:
    """Add when a signature ended, let another take its place, and end those of revoked keys."""
    short_locks()
    op.execute("ALTER TABLE agreement_signatures ADD ended_at timestamptz")
    op.execute(
        f"GRANT UPDATE (envelope, kept_at, kept_by, ended_at) ON agreement_signatures TO {APP_ROLE}"
    )
    op.execute("""
        UPDATE agreement_signatures s SET ended_at = k.revoked_at FROM peer_keys k
         WHERE k.node_id = s.node_id AND k.revoked_from <= s.kept_at
           AND convert_from(s.envelope, 'UTF8')::jsonb -> 'signatures' -> 0 ->> 'keyid' = k.key_id
    """)
