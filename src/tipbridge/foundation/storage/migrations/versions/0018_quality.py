"""What each finished report lacked; names of checks only, so it outlives the report's text."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0018"
down_revision = "0017"

_OF_REPORT = "EXISTS (SELECT 1 FROM reports r WHERE r.id = report_id)"


def upgrade() -> None:
    """Make the table."""
    short_locks()
    op.execute("""
        CREATE TABLE report_quality (
            report_id bigint PRIMARY KEY REFERENCES reports (id),
            provider_id text NOT NULL REFERENCES providers (id),
            finished_at timestamptz NOT NULL, assessed_at timestamptz NOT NULL,
            expected text[] NOT NULL, missing text[] NOT NULL CHECK (missing <@ expected),
            actionable boolean NOT NULL, lag_seconds bigint CHECK (lag_seconds >= 0))
    """)
    op.execute("CREATE INDEX report_quality_of ON report_quality (provider_id, finished_at)")
    secure(
        "report_quality",
        grant="SELECT, INSERT, UPDATE (assessed_at, expected, missing, actionable, lag_seconds)",
        using=_OF_REPORT,
    )
