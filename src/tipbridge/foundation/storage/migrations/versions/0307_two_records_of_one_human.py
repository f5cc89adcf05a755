"""Two records of one human in a case are joined: one is kept, the other struck out as the same.

Safe with the previous release running: it shows the joined record as it showed it before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0307"
down_revision = "0302"

_GIVEN = ("case_demands", "case_facts", "case_favours", "case_defence", "case_person_referrals")


def upgrade() -> None:
    """Say of a strike whose record it is beside, and what went to that one."""
    short_locks()
    op.execute("""
        ALTER TABLE case_person_strikes ADD same_as text REFERENCES case_people (id),
            ADD given jsonb NOT NULL DEFAULT '{}', ADD CHECK (same_as <> person_id)
    """)
    op.execute("CREATE INDEX case_person_strikes_same ON case_person_strikes (same_as)")
    op.execute("ALTER TABLE case_identifiers ADD joined_by text")
    op.execute(f"GRANT UPDATE (joined_by) ON case_identifiers TO {APP_ROLE}")
    for table in _GIVEN:
        op.execute(f"GRANT UPDATE (person_id) ON {table} TO {APP_ROLE}")
