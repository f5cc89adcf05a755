"""An image that another tool made is an acquisition, too: who recorded it, and what its makers said.

Safe with the previous release running: it reads and writes the other columns by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0122"
down_revision = "0121"


def upgrade() -> None:
    """Add the columns; an acquisition made here has none of them."""
    short_locks()
    op.execute("""
        ALTER TABLE exhibit_acquisitions
            ADD COLUMN recorded_by text, ADD COLUMN recorded_at timestamptz,
            ADD COLUMN stated text[] NOT NULL DEFAULT '{}',
            ADD CHECK ((recorded_by IS NULL) = (recorded_at IS NULL))
    """)
