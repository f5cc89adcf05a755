"""A place that was noted in wrong words takes the words of whoever names it again.

Safe with the previous release running: it never writes them anew.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0390"
down_revision = "0380"


def upgrade() -> None:
    """Let what kind of place it is, its host, country and basis be written anew."""
    short_locks()
    op.execute(f"GRANT UPDATE (form, host, country, basis) ON removals TO {APP_ROLE}")
