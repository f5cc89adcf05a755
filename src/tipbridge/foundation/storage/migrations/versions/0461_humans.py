"""Records of several cases may be said to be one human's.

Safe with the previous release running: it counts them as two.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0461"
down_revision = "0460"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Make the table; a record goes with its person to another case."""
    short_locks()
    op.execute("""
        CREATE TABLE case_humans (
            id text PRIMARY KEY, human_id text NOT NULL,
            case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL, because text NOT NULL,
            said_by text NOT NULL, said_at timestamptz NOT NULL,
            ended_by text, ended_at timestamptz, ended_because text,
            CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
            CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
            CONSTRAINT case_humans_follow FOREIGN KEY (person_id, case_id)
                REFERENCES case_people (id, case_id) ON UPDATE CASCADE)
    """)
    op.execute(
        "CREATE UNIQUE INDEX case_humans_one ON case_humans (person_id) WHERE ended_at IS NULL"
    )
    op.execute("CREATE INDEX case_humans_person ON case_humans (person_id)")
    op.execute("CREATE INDEX case_humans_case ON case_humans (case_id)")
    op.execute("CREATE INDEX case_humans_human ON case_humans (human_id)")
    for column in ("because", "ended_because"):
        op.execute(f"ALTER TABLE case_humans ALTER {column} SET STATISTICS 0")
    secure(
        "case_humans",
        grant="SELECT, INSERT, UPDATE (ended_by, ended_at, ended_because)",
        using=_IN_CASE,
    )
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_humans"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
