"""Who asked for leave chooses which of the granted classes it releases.

Safe with the previous release running: it does not know the column, and releases what is granted.
Nothing was chosen of the requests that are there: all that is granted may go, as before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0421"
down_revision = "0420"


def upgrade() -> None:
    """Keep the chosen classes with the request."""
    short_locks()
    op.execute("ALTER TABLE release_requests ADD COLUMN chosen text[]")
    op.execute(f"GRANT UPDATE (chosen) ON release_requests TO {APP_ROLE}")
