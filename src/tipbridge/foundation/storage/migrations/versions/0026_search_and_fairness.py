"""Searches; origins, favours, the defence, corrections."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0026"
down_revision = "0025"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
_PERSON = """
    case_id text NOT NULL REFERENCES cases (id),
    person_id text NOT NULL REFERENCES case_people (id)"""
_FOLLOW = "FOREIGN KEY (person_id, case_id) REFERENCES case_people (id, case_id) ON UPDATE CASCADE"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _searches()
    _origins()
    _sides()
    _corrections()


def _searches() -> None:
    op.execute("""
        CREATE TABLE case_searches (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            grounds text NOT NULL, sought text NOT NULL, found_count int NOT NULL,
            searched_by text NOT NULL, searched_at timestamptz NOT NULL)
    """)
    op.execute("CREATE INDEX case_searches_case ON case_searches (case_id)")
    secure("case_searches", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute("CREATE INDEX case_identifiers_exact ON case_identifiers (value)")


def _origins() -> None:
    op.execute("""
        CREATE TABLE case_origins (
            case_id text PRIMARY KEY REFERENCES cases (id), origin text NOT NULL,
            grounds text NOT NULL, grade text NOT NULL, from_case text REFERENCES cases (id),
            opened_by text NOT NULL)
    """)
    secure("case_origins", grant="SELECT, INSERT", using=_IN_CASE)


def _sides() -> None:
    op.execute(f"""
        CREATE TABLE case_favours (
            id text PRIMARY KEY, {_PERSON}, text text NOT NULL, recorded_by text NOT NULL,
            recorded_at timestamptz NOT NULL, CONSTRAINT case_favours_follow {_FOLLOW})
    """)
    op.execute("CREATE INDEX case_favours_case ON case_favours (case_id)")
    # What favours somebody is never taken away.
    secure("case_favours", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute(f"""
        CREATE TABLE case_defence (
            id text PRIMARY KEY, {_PERSON}, asked text NOT NULL, asked_on date NOT NULL,
            recorded_by text NOT NULL, recorded_at timestamptz NOT NULL,
            answer text, answered_by text, answered_at timestamptz,
            CONSTRAINT case_defence_follow {_FOLLOW})
    """)
    op.execute("CREATE INDEX case_defence_case ON case_defence (case_id)")
    secure(
        "case_defence",
        grant="SELECT, INSERT, UPDATE (answer, answered_by, answered_at)",
        using=_IN_CASE,
    )


def _corrections() -> None:
    op.execute(f"""
        CREATE TABLE case_corrections (
            id text PRIMARY KEY, {_PERSON}, grounds text NOT NULL, made_by text NOT NULL,
            made_at timestamptz NOT NULL, chased_at timestamptz, UNIQUE (person_id),
            CONSTRAINT case_corrections_follow {_FOLLOW})
    """)
    op.execute("CREATE INDEX case_corrections_case ON case_corrections (case_id)")
    secure("case_corrections", grant="SELECT, INSERT, UPDATE (chased_at)", using=_IN_CASE)
    op.execute("""
        CREATE TABLE correction_sendings (
            correction_id text NOT NULL REFERENCES case_corrections (id),
            referral_id text NOT NULL, case_id text NOT NULL REFERENCES cases (id),
            sent_at timestamptz NOT NULL, PRIMARY KEY (correction_id, referral_id))
    """)
    secure("correction_sendings", grant="SELECT, INSERT", using=_IN_CASE)
