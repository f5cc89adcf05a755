"""Hit or no hit: what peers were asked about a case, and that peers asked."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0067"
down_revision = "0066"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    op.execute("""
        CREATE TABLE deconfliction_questions (
            id text PRIMARY KEY,
            case_id text NOT NULL REFERENCES cases (id),
            peer_id text NOT NULL REFERENCES peers (node_id),
            agreement text NOT NULL, reason text NOT NULL,
            package_id text NOT NULL UNIQUE,
            state text NOT NULL CHECK (state IN ('open', 'answered', 'refused')),
            asked_at timestamptz NOT NULL, asked_by text NOT NULL,
            answered_at timestamptz, refusal text, compared int, secret bytea,
            CHECK ((state = 'open') = (secret IS NOT NULL)),
            CHECK ((state = 'open') = (answered_at IS NULL)),
            CHECK ((state = 'refused') = (refusal IS NOT NULL)))
    """)
    op.execute("CREATE INDEX deconfliction_questions_case ON deconfliction_questions (case_id)")
    op.execute("""
        CREATE UNIQUE INDEX deconfliction_questions_open ON deconfliction_questions
            (case_id, peer_id) WHERE state = 'open'
    """)
    op.execute("""
        CREATE TABLE deconfliction_asked (
            question_id text NOT NULL REFERENCES deconfliction_questions (id),
            position int NOT NULL, person_id text NOT NULL,
            case_id text NOT NULL REFERENCES cases (id),
            kind text NOT NULL, scope text NOT NULL, value text NOT NULL, hit boolean,
            PRIMARY KEY (question_id, position),
            FOREIGN KEY (person_id, case_id) REFERENCES case_people (id, case_id)
                ON UPDATE CASCADE)
    """)
    op.execute("CREATE INDEX deconfliction_asked_person ON deconfliction_asked (person_id)")
    # What a peer asked is not here: nobody could say it.
    op.execute("""
        CREATE TABLE deconfliction_answers (
            package_id text PRIMARY KEY,
            peer_id text NOT NULL REFERENCES peers (node_id),
            agreement text NOT NULL, points int NOT NULL, refusal text,
            at timestamptz NOT NULL)
    """)
    op.execute("CREATE INDEX deconfliction_answers_peer ON deconfliction_answers (peer_id, at)")
    secure(
        "deconfliction_questions",
        grant="SELECT, INSERT, UPDATE (state, answered_at, refusal, compared, secret)",
        using=_IN_CASE,
    )
    secure("deconfliction_asked", grant="SELECT, INSERT, UPDATE (hit)", using=_IN_CASE)
    secure("deconfliction_answers", grant="SELECT, INSERT")
    for table in ("deconfliction_questions", "deconfliction_asked"):
        op.execute(
            f"CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
        )
    for table, columns in (
        ("deconfliction_questions", ("reason", "secret")),
        ("deconfliction_asked", ("scope", "value")),
    ):
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
