"""Who was told that somebody was the wrong person, and what each of them answered."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0063"
down_revision = "0062"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
_FOLLOW = (
    "FOREIGN KEY (correction_id, case_id) REFERENCES case_corrections (id, case_id)"
    " ON UPDATE CASCADE"
)


def upgrade() -> None:
    """Answers name whose they are; a correction's tellings are kept and follow its person."""
    short_locks()
    op.execute("ALTER TABLE referral_sayings ADD by_node text")
    op.execute("ALTER TABLE referral_sayings ADD told text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE case_corrections ADD UNIQUE (id, case_id)")
    op.execute(
        "UPDATE correction_sendings s SET case_id = k.case_id FROM case_corrections k"
        " WHERE k.id = s.correction_id AND k.case_id <> s.case_id"
    )
    op.execute(
        f"ALTER TABLE correction_sendings ADD CONSTRAINT correction_sendings_follow {_FOLLOW}"
    )
    op.execute(f"""
        CREATE TABLE correction_tellings (
            id text PRIMARY KEY,
            correction_id text NOT NULL,
            case_id text NOT NULL REFERENCES cases (id),
            target text NOT NULL CHECK (target IN ('case', 'bundle', 'demand', 'hand')),
            target_id text NOT NULL, receiver text, task_id text NOT NULL,
            told_at timestamptz NOT NULL,
            state text NOT NULL CHECK (state IN ('waiting', 'acknowledged', 'failed')),
            words text, noted_at timestamptz, noted_by text,
            UNIQUE (correction_id, target, target_id),
            CONSTRAINT correction_tellings_follow {_FOLLOW})
    """)
    for column in ("receiver", "words"):
        op.execute(f"ALTER TABLE correction_tellings ALTER COLUMN {column} SET STATISTICS 0")
    op.execute("CREATE INDEX correction_tellings_task ON correction_tellings (task_id)")
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON correction_tellings"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
    secure(
        "correction_tellings",
        grant="SELECT, INSERT, UPDATE (state, words, noted_at, noted_by)",
        using=_IN_CASE,
    )
