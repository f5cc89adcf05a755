"""A question to another agency keeps how many identifiers it had no room for.

Safe with the previous release running: what that asks says that none was left out.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0261"
down_revision = "0260"


def upgrade() -> None:
    """Add how many were left for a further question."""
    short_locks()
    op.execute("ALTER TABLE deconfliction_questions ADD left_out int NOT NULL DEFAULT 0")
