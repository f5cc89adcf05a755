"""What a case sees of a child's record: whether a mark forbids the request for removal that it waits for.

Safe with the previous release running: it says nothing of it, and none is held then.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0320"
down_revision = "0306"


def upgrade() -> None:
    """Add it; what is held is filled in from the places that show a child and that a mark holds."""
    short_locks()
    op.execute("ALTER TABLE welfare_standings ADD removal_held boolean NOT NULL DEFAULT false")
    op.execute("GRANT UPDATE (removal_held) ON welfare_standings TO tipbridge_app")
    op.execute("""
        UPDATE welfare_standings s SET removal_held = true
         WHERE s.removal_waits AND EXISTS (
            SELECT 1 FROM removals r
             WHERE r.case_id = s.case_id AND r.own_material AND r.held_by IS NOT NULL)
    """)
