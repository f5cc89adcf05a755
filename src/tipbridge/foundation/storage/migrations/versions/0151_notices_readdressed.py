"""A notice that failed goes again to where its host is reached now; its text is never changed.

Safe with the previous release running: it writes neither column again.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0151"
down_revision = "0150"


def upgrade() -> None:
    """Let a notice be given another way and address."""
    short_locks()
    op.execute(f"GRANT UPDATE (channel, recipient) ON removal_notices TO {APP_ROLE}")
