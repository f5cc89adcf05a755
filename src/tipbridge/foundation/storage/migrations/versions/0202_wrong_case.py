"""A note or document in the wrong case is struck out, or goes to the right one; both can be undone.

Safe with the previous release running: it shows what is struck out as it showed it before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0202"
down_revision = "0192"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
_REFUSE = (
    "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
)


def upgrade() -> None:
    """Make the tables: a strike follows its entry, the trace of a move stays where it was."""
    short_locks()
    for table in ("case_notes", "case_documents"):
        op.execute(f"ALTER TABLE {table} ADD moved_by text, ADD moved_at timestamptz")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_in_case UNIQUE (id, case_id)")
    moved = "case_id, moved_by, moved_at"
    op.execute(f"GRANT UPDATE ({moved}, person_id) ON case_notes TO {APP_ROLE}")
    op.execute(
        f"GRANT UPDATE ({moved}, key_id, wrapped_key, sealed_bytes) ON case_documents TO {APP_ROLE}"
    )
    _strikes()
    _moves()


def _strikes() -> None:
    op.execute("""
        CREATE TABLE case_strikes (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            note_id text, document_id text, because text NOT NULL,
            struck_by text NOT NULL, struck_at timestamptz NOT NULL,
            restored_by text, restored_at timestamptz, restored_because text,
            CHECK ((note_id IS NULL) <> (document_id IS NULL)),
            CHECK ((restored_at IS NULL) = (restored_by IS NULL)),
            CHECK ((restored_at IS NULL) = (restored_because IS NULL)),
            CONSTRAINT case_strikes_note FOREIGN KEY (note_id, case_id)
                REFERENCES case_notes (id, case_id) ON UPDATE CASCADE,
            CONSTRAINT case_strikes_document FOREIGN KEY (document_id, case_id)
                REFERENCES case_documents (id, case_id) ON UPDATE CASCADE)
    """)
    for column in ("note_id", "document_id"):
        op.execute(
            f"CREATE UNIQUE INDEX case_strikes_{column} ON case_strikes ({column})"
            " WHERE restored_at IS NULL"
        )
    op.execute("CREATE INDEX case_strikes_case ON case_strikes (case_id)")
    for column in ("because", "restored_because"):
        op.execute(f"ALTER TABLE case_strikes ALTER {column} SET STATISTICS 0")
    secure(
        "case_strikes",
        grant="SELECT, INSERT, UPDATE (restored_by, restored_at, restored_because)",
        using=_IN_CASE,
    )
    op.execute(_REFUSE.format(table="case_strikes"))


def _moves() -> None:
    op.execute("""
        CREATE TABLE case_moves (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text, to_case text NOT NULL REFERENCES cases (id),
            note_id text, document_id text, because text NOT NULL,
            moved_by text NOT NULL, moved_at timestamptz NOT NULL,
            undone_by text, undone_at timestamptz, undone_because text,
            CHECK ((note_id IS NULL) <> (document_id IS NULL)), CHECK (case_id <> to_case),
            CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
            CHECK ((undone_at IS NULL) = (undone_because IS NULL)),
            CONSTRAINT case_moves_follow FOREIGN KEY (person_id, case_id)
                REFERENCES case_people (id, case_id) ON UPDATE CASCADE)
    """)
    op.execute("CREATE INDEX case_moves_case ON case_moves (case_id)")
    op.execute("CREATE INDEX case_moves_person ON case_moves (person_id)")
    for column in ("because", "undone_because"):
        op.execute(f"ALTER TABLE case_moves ALTER {column} SET STATISTICS 0")
    secure(
        "case_moves",
        grant="SELECT, INSERT, UPDATE (undone_by, undone_at, undone_because)",
        using=_IN_CASE,
    )
    op.execute(_REFUSE.format(table="case_moves"))
