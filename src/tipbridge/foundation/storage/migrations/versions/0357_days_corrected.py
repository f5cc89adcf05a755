"""The day on which a notice was carried or a demand sent may be corrected; former days stay.

Safe with the previous release running: it knows no former day, and leaves who carried a notice
empty.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0357"
down_revision = "0356"


def upgrade() -> None:
    """Add the former days, and who carried a notice."""
    short_locks()
    for table in ("removal_notices", "case_demands"):
        op.execute(f"""
            ALTER TABLE {table} ADD former_days jsonb NOT NULL DEFAULT '[]',
                ADD CHECK (jsonb_typeof(former_days) = 'array'),
                ALTER former_days SET STATISTICS 0
        """)
        op.execute(f"GRANT UPDATE (former_days) ON {table} TO {APP_ROLE}")
    op.execute("ALTER TABLE removal_notices ADD carried_by text")
    op.execute(f"GRANT UPDATE (carried_by) ON removal_notices TO {APP_ROLE}")
