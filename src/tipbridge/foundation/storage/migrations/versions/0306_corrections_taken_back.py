"""A correction that somebody was the wrong person may be wrong itself: another one says so.

Safe with the previous release running: it makes and reads corrections as before; of one that was
taken back it still says that it stands.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0306"
down_revision = "0301"


def upgrade() -> None:
    """Let one correction of a person stand at a time, and another one name which it takes back."""
    short_locks()
    op.execute("""
        ALTER TABLE case_corrections
            ADD taken_back_at timestamptz, ADD undoes text REFERENCES case_corrections (id),
            DROP CONSTRAINT case_corrections_person_id_key
    """)
    op.execute(
        "CREATE UNIQUE INDEX case_corrections_standing ON case_corrections (person_id)"
        " WHERE taken_back_at IS NULL AND undoes IS NULL"
    )
    op.execute("CREATE INDEX case_corrections_person ON case_corrections (person_id)")
    op.execute("CREATE UNIQUE INDEX case_corrections_undoes ON case_corrections (undoes)")
    op.execute(f"GRANT UPDATE (taken_back_at) ON case_corrections TO {APP_ROLE}")
