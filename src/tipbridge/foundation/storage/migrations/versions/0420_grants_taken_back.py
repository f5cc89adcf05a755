"""A granted request is taken back by who granted it, with a reason.

Safe with the previous release running until somebody takes a grant back, whose word it can't read.
Requests that are there were taken back by nobody.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0420"
down_revision = "0410"


def upgrade() -> None:
    """Keep when, by whom and why, and let a grant end before its day."""
    short_locks()
    op.execute(
        "ALTER TABLE release_requests ADD COLUMN withdrawn_at timestamptz,"
        " ADD COLUMN withdrawn_by text, ADD COLUMN withdrawn_why text"
    )
    op.execute(
        f"GRANT UPDATE (withdrawn_at, withdrawn_by, withdrawn_why) ON release_requests TO {APP_ROLE}"
    )
    op.execute(
        "ALTER TABLE release_requests DROP CONSTRAINT release_requests_state_check,"
        " ADD CONSTRAINT release_requests_state_check"
        " CHECK (state IN ('open', 'granted', 'refused', 'withdrawn'))"
    )
    op.execute(f"GRANT UPDATE (ends_at) ON grants TO {APP_ROLE}")
