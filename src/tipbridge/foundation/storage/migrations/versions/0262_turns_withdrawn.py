"""A wrong turn of duty is withdrawn, with by whom, when and why.

Safe with the previous release running: that still shows a withdrawn turn.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0262"
down_revision = "0261"


def upgrade() -> None:
    """Add the withdrawal of a turn; nothing else of a turn changes."""
    short_locks()
    op.execute("""
        ALTER TABLE duty_turns ADD withdrawn_by text, ADD withdrawn_at timestamptz,
            ADD because text, ADD CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)
                AND (withdrawn_at IS NULL) = (because IS NULL))
    """)
    op.execute("ALTER TABLE duty_turns ALTER because SET STATISTICS 0")
    op.execute(f"GRANT UPDATE (withdrawn_by, withdrawn_at, because) ON duty_turns TO {APP_ROLE}")
