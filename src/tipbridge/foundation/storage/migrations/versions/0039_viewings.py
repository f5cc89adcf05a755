"""What a person stated of a file that is to be filed: viewed or not, who and when.

The release before it writes files without a statement, which is what these columns say of them.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    """Add the statement to a file."""
    short_locks()
    op.execute("""
        ALTER TABLE filing_files
            ADD COLUMN viewed boolean, ADD COLUMN viewed_by text, ADD COLUMN viewed_at timestamptz,
            ADD CONSTRAINT filing_files_viewing
                CHECK (num_nulls(viewed, viewed_by, viewed_at) IN (0, 3))
    """)
