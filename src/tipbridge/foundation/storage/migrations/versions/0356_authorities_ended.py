"""A legal authority to compare a file may end before its last day, with who said so and why.

Safe with the previous release running: it goes on until the last day, as before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0356"
down_revision = "0355"


def upgrade() -> None:
    """Add from which day on an authority holds no more."""
    short_locks()
    op.execute("""
        ALTER TABLE removal_authorities ADD ended_on date, ADD ended_at timestamptz,
            ADD ended_by text, ADD ended_because text,
            ADD CHECK ((ended_on IS NULL) = (ended_at IS NULL)
                       AND (ended_on IS NULL) = (ended_by IS NULL)
                       AND (ended_on IS NULL) = (ended_because IS NULL)),
            ADD CHECK (ended_on <= until),
            ALTER ended_because SET STATISTICS 0
    """)
    op.execute(
        "GRANT UPDATE (ended_on, ended_at, ended_by, ended_because)"
        f" ON removal_authorities TO {APP_ROLE}"
    )
