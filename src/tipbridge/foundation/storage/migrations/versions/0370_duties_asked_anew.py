"""A duty that asks for a step is open again, with its own day, once the matter is back before that step.

Safe with the previous release running: it writes no other day to a duty.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0370"
down_revision = "0357"


def upgrade() -> None:
    """Let the day of a duty be written anew."""
    short_locks()
    op.execute(f"GRANT UPDATE (due_on) ON outcome_duties TO {APP_ROLE}")
