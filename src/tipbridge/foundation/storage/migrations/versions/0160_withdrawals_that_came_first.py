"""A received withdrawal is found by the package it is about, which may come after it."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0160"
down_revision = "0140"


def upgrade() -> None:
    """Index the withdrawals alone: few, beside everything that comes."""
    short_locks()
    op.execute("CREATE INDEX inbox_withdrawals ON inbox (about) WHERE kind = 'recall'")
