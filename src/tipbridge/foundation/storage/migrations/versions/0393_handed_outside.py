"""A hand-over may say that its receiver is outside of the organisation.

Safe with the previous release running: it writes none that says so, and shows it as it stands.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0393"
down_revision = "0392"


def upgrade() -> None:
    """Let a hand-over have a detail as well."""
    short_locks()
    op.execute("""
        ALTER TABLE exhibit_custody DROP CONSTRAINT exhibit_custody_detail,
            ADD CONSTRAINT exhibit_custody_detail CHECK (
                CASE WHEN kind IN ('sealed', 'destroyed') THEN detail IS NOT NULL
                     ELSE kind = 'handed-over' OR detail IS NULL END)
    """)
