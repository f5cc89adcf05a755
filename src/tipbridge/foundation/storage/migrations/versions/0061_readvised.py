"""Which differences of advice a task was raised for, and which law was read last."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    """Add both; the first look asks again about everybody decided about."""
    short_locks()
    op.execute("ALTER TABLE outcome_decisions ADD differs text, ADD differs_at timestamptz")
    op.execute("GRANT UPDATE (differs, differs_at) ON outcome_decisions TO tipbridge_app")
    op.execute("""
        CREATE TABLE law_readings (
            fingerprint text PRIMARY KEY, read_at timestamptz NOT NULL)
    """)
    secure("law_readings", grant="SELECT, INSERT, UPDATE (read_at)")
