"""Somebody brought into a case by mistake is struck out, and may be restored.

Safe with the previous release running: it shows who is struck out as it showed them before, their
identifiers as taken back.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0305"
down_revision = "0341"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Make the table; a strike goes with its person to another case."""
    short_locks()
    op.execute("ALTER TABLE case_people ADD struck_at timestamptz")
    op.execute("ALTER TABLE case_identifiers ADD strike_id text")
    op.execute(f"GRANT UPDATE (strike_id) ON case_identifiers TO {APP_ROLE}")
    op.execute("""
        CREATE TABLE case_person_strikes (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL, because text NOT NULL,
            struck_by text NOT NULL, struck_at timestamptz NOT NULL,
            restored_by text, restored_at timestamptz, restored_because text,
            CHECK ((restored_at IS NULL) = (restored_by IS NULL)),
            CHECK ((restored_at IS NULL) = (restored_because IS NULL)),
            CONSTRAINT case_person_strikes_follow FOREIGN KEY (person_id, case_id)
                REFERENCES case_people (id, case_id) ON UPDATE CASCADE)
    """)
    op.execute(
        "CREATE UNIQUE INDEX case_person_strikes_one ON case_person_strikes (person_id)"
        " WHERE restored_at IS NULL"
    )
    op.execute("CREATE INDEX case_person_strikes_person ON case_person_strikes (person_id)")
    op.execute("CREATE INDEX case_person_strikes_case ON case_person_strikes (case_id)")
    for column in ("because", "restored_because"):
        op.execute(f"ALTER TABLE case_person_strikes ALTER {column} SET STATISTICS 0")
    secure(
        "case_person_strikes",
        grant="SELECT, INSERT, UPDATE (restored_by, restored_at, restored_because)",
        using=_IN_CASE,
    )
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_person_strikes"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
