"""Desks and duty; hand-overs, children's own files, notes, documents, askings."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0022"
down_revision = "0021"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
_FOLLOW = "FOREIGN KEY (person_id, case_id) REFERENCES case_people (id, case_id) ON UPDATE CASCADE"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _desks()
    _handovers()
    _children()
    _diary()
    _askings()


def _desks() -> None:
    op.execute("ALTER TABLE units ADD agency text")
    op.execute("""
        CREATE TABLE desks (
            id text PRIMARY KEY, unit_id int NOT NULL REFERENCES units (id),
            code text NOT NULL UNIQUE, name text NOT NULL, task text NOT NULL,
            contact text NOT NULL)
    """)
    secure("desks", grant="SELECT, INSERT")
    op.execute("""
        CREATE TABLE duty_turns (
            id text PRIMARY KEY, desk_id text NOT NULL REFERENCES desks (id),
            staff_id text NOT NULL REFERENCES staff (id), from_at timestamptz NOT NULL,
            until_at timestamptz NOT NULL, CHECK (from_at < until_at))
    """)
    op.execute("CREATE INDEX duty_turns_desk ON duty_turns (desk_id, until_at)")
    secure("duty_turns", grant="SELECT, INSERT")


def _handovers() -> None:
    op.execute("""
        CREATE TABLE case_handovers (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            number text NOT NULL, from_unit int NOT NULL REFERENCES units (id),
            to_unit int NOT NULL REFERENCES units (id), ground text NOT NULL,
            words text NOT NULL, state text NOT NULL, offered_by text NOT NULL,
            offered_at timestamptz NOT NULL, decided_by text, decided_at timestamptz,
            answer text, CHECK (from_unit <> to_unit),
            CHECK ((state = 'offered') = (decided_by IS NULL)))
    """)
    op.execute(
        "CREATE UNIQUE INDEX case_handovers_open ON case_handovers (case_id)"
        " WHERE state IN ('offered', 'accepted')"
    )
    op.execute("CREATE INDEX case_handovers_to ON case_handovers (to_unit)")
    # The other unit sees the offer, and of the case nothing until it has it.
    secure(
        "case_handovers",
        grant="SELECT, INSERT, UPDATE (state, decided_by, decided_at, answer)",
        using=f"{_IN_CASE} OR to_unit = ANY (tb_units())",
        check=f"{_IN_CASE} OR to_unit = ANY (tb_units())",
    )


def _children() -> None:
    op.execute(f"""
        CREATE TABLE child_files (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL UNIQUE REFERENCES case_people (id),
            members text[] NOT NULL CHECK (cardinality(members) > 0),
            name text, guardian text, guardian_contact text, school text, address text,
            statement text, needs text, opened_by text NOT NULL, opened_at timestamptz NOT NULL,
            CONSTRAINT child_files_follow {_FOLLOW})
    """)
    op.execute("CREATE INDEX child_files_case ON child_files (case_id)")
    # Two lists: whoever reads it sees the case and is named in the file.
    secure(
        "child_files",
        grant="SELECT, INSERT, UPDATE (members, name, guardian, guardian_contact, school, address,"
        " statement, needs)",
        using=f"{_IN_CASE} AND (tb_system() OR tb_actor() = ANY (members))",
    )


def _diary() -> None:
    op.execute("ALTER TABLE case_tasks ADD title text, ADD due_on date, ADD assigned_to text")
    op.execute(f"""
        CREATE TABLE case_notes (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text REFERENCES case_people (id), note text NOT NULL,
            written_by text NOT NULL, written_at timestamptz NOT NULL,
            CONSTRAINT case_notes_follow {_FOLLOW})
    """)
    op.execute("CREATE INDEX case_notes_case ON case_notes (case_id)")
    secure("case_notes", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute("""
        CREATE TABLE case_documents (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            kind text NOT NULL, title text NOT NULL, media_type text NOT NULL,
            sha256 text NOT NULL, size_bytes bigint NOT NULL CHECK (size_bytes > 0),
            key_id text NOT NULL, file_id text NOT NULL UNIQUE, wrapped_key bytea NOT NULL,
            sealed_bytes bigint NOT NULL, added_by text NOT NULL, added_at timestamptz NOT NULL)
    """)
    op.execute("CREATE INDEX case_documents_case ON case_documents (case_id)")
    op.execute("CREATE INDEX case_documents_key ON case_documents (key_id)")
    secure("case_documents", grant="SELECT, INSERT", using=_IN_CASE)


def _askings() -> None:
    op.execute("""
        CREATE TABLE case_askings (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            grounds text NOT NULL, asked_by text NOT NULL, asked_at timestamptz NOT NULL,
            answered_at timestamptz)
    """)
    op.execute("CREATE INDEX case_askings_case ON case_askings (case_id)")
    secure("case_askings", grant="SELECT, INSERT, UPDATE (answered_at)", using=_IN_CASE)
    op.execute("""
        CREATE TABLE case_hits (
            asking_id text NOT NULL REFERENCES case_askings (id),
            case_id text NOT NULL REFERENCES cases (id), kind text NOT NULL,
            unit_id int REFERENCES units (id), UNIQUE NULLS NOT DISTINCT (asking_id, kind, unit_id))
    """)
    secure("case_hits", grant="SELECT, INSERT", using=_IN_CASE)
