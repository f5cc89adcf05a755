"""A welfare record that opens again has new days; the old ones stay beside them.

Safe with the previous release running: it writes the first round, and every row is of it.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0110"
down_revision = "0100"


def upgrade() -> None:
    """Number the rounds of days."""
    short_locks()
    op.execute("""
        ALTER TABLE welfare_clocks ADD round integer NOT NULL DEFAULT 1 CHECK (round > 0),
            ADD again_from date, ADD replaced_at timestamptz
    """)
    op.execute("""
        ALTER TABLE welfare_clocks DROP CONSTRAINT welfare_clocks_pkey,
            ADD PRIMARY KEY (welfare_id, step, round)
    """)
    op.execute(f"GRANT UPDATE (replaced_at) ON welfare_clocks TO {APP_ROLE}")
