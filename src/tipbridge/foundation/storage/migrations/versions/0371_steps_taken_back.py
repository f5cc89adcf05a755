"""A step that was written down by mistake is taken back with a reason, and stays readable as such.

Safe with the previous release running: it takes no step back, and reads the columns that it knows.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0371"
down_revision = "0370"


def upgrade() -> None:
    """Add who took a step back, when and why, and the id under which that is told."""
    short_locks()
    op.execute("""
        ALTER TABLE outcome_steps
            ADD COLUMN taken_back text, ADD COLUMN taken_back_by text,
            ADD COLUMN taken_back_at timestamptz, ADD COLUMN because text
    """)
    columns = "taken_back, taken_back_by, taken_back_at, because"
    op.execute(f"GRANT UPDATE ({columns}) ON outcome_steps TO {APP_ROLE}")
