"""A referral under PAP:RED or PAP:AMBER holds the places that it names: nobody is asked about them.

Safe with the previous release running: what it notes meanwhile is held by nothing.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0213"
down_revision = "0204"


def upgrade() -> None:
    """Add which mark holds a place, and say it of those that came under one."""
    short_locks()
    op.execute("ALTER TABLE removals ADD held_by text CHECK (held_by IN ('PAP:RED', 'PAP:AMBER'))")
    op.execute(f"GRANT UPDATE (held_by) ON removals TO {APP_ROLE}")
    op.execute("""
        UPDATE removals v SET held_by = p.pap FROM (
            SELECT referral_id, max(value -> 'conditions' ->> 'pap') AS pap FROM referral_parts
             WHERE label LIKE 'release/%'
               AND value -> 'conditions' ->> 'pap' IN ('PAP:RED', 'PAP:AMBER')
             GROUP BY referral_id) p
         WHERE p.referral_id = v.referral_id
    """)
