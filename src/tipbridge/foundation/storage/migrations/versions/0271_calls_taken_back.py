"""Who called an emergency can take the call back before the release; it stays as a call that was.

Safe with the previous release running: it counts such a call until it is brought up to date.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0271"
down_revision = "0270"


def upgrade() -> None:
    """Add when a call was taken back, and by which account."""
    short_locks()
    op.execute("""
        ALTER TABLE emergency_calls ADD taken_back_at timestamptz,
            ADD taken_back_by text REFERENCES staff (id),
            ADD CHECK ((taken_back_at IS NULL) = (taken_back_by IS NULL))
    """)
    op.execute(f"GRANT UPDATE (taken_back_at, taken_back_by) ON emergency_calls TO {APP_ROLE}")
