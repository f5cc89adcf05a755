"""What a place is, its host and its country may be corrected; former words stay.

Safe with the previous release running: it knows no former words, and corrects nothing.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0470"
down_revision = "0462"


def upgrade() -> None:
    """Add the former words of a place."""
    short_locks()
    op.execute("""
        ALTER TABLE removals ADD former_words jsonb NOT NULL DEFAULT '[]',
            ADD CHECK (jsonb_typeof(former_words) = 'array'),
            ALTER former_words SET STATISTICS 0
    """)
    op.execute(f"GRANT UPDATE (former_words) ON removals TO {APP_ROLE}")
