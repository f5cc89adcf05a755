"""What is known of people; cases that merge, split and stand above others."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0019"
down_revision = "0018"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
_OF_PERSON = (
    "case_identifiers",
    "case_person_referrals",
    "case_tasks",
    "outcome_decisions",
    "outcome_duties",
    "welfare_records",
)


def upgrade() -> None:
    """Add the columns, let rows follow their person, make the tables."""
    short_locks()
    _people()
    _relations()
    _demands()


def _people() -> None:
    op.execute("""
        ALTER TABLE case_people
            ADD nationalities text[] NOT NULL DEFAULT '{}', ADD flags text[] NOT NULL DEFAULT '{}',
            ADD guardian text, ADD guardian_contact text,
            ADD counsel text, ADD counsel_contact text,
            ADD UNIQUE (id, case_id)
    """)
    # Whoever goes to another case takes along what every room knows of them.
    for table in _OF_PERSON:
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_follow"
            " FOREIGN KEY (person_id, case_id) REFERENCES case_people (id, case_id)"
            " ON UPDATE CASCADE"
        )


def _relations() -> None:
    # A referral may feed several cases.
    op.execute("""
        ALTER TABLE case_referrals DROP CONSTRAINT case_referrals_pkey,
            ADD PRIMARY KEY (referral_id, case_id)
    """)
    op.execute("""
        CREATE TABLE case_relations (
            id text PRIMARY KEY, relation text NOT NULL,
            case_id text NOT NULL REFERENCES cases (id),
            other_id text NOT NULL REFERENCES cases (id),
            grounds text NOT NULL, people text[] NOT NULL, made_by text NOT NULL,
            made_at timestamptz NOT NULL, undone_by text, undone_at timestamptz,
            CHECK (case_id <> other_id), CHECK ((undone_by IS NULL) = (undone_at IS NULL)))
    """)
    op.execute("CREATE INDEX case_relations_case ON case_relations (case_id)")
    op.execute("CREATE INDEX case_relations_other ON case_relations (other_id)")
    op.execute(
        "CREATE UNIQUE INDEX case_relations_held ON case_relations (other_id, relation)"
        " WHERE relation IN ('merged', 'parent') AND undone_at IS NULL"
    )
    # As with links: seen by those who see both cases, so it betrays neither.
    secure(
        "case_relations",
        grant="SELECT, INSERT, UPDATE (undone_by, undone_at)",
        using="EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
        " AND EXISTS (SELECT 1 FROM cases o WHERE o.id = other_id)",
    )


def _demands() -> None:
    op.execute("""
        CREATE TABLE case_demands (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text REFERENCES case_people (id), kind text NOT NULL,
            addressee text NOT NULL, language text NOT NULL, authority text NOT NULL,
            ip text, port int CHECK (port BETWEEN 1 AND 65535), seen_at timestamptz, account text,
            state text NOT NULL, made_by text NOT NULL, made_at timestamptz NOT NULL,
            sent_at timestamptz, due_on date, ended_at timestamptz, words text,
            CONSTRAINT case_demands_follow FOREIGN KEY (person_id, case_id)
                REFERENCES case_people (id, case_id) ON UPDATE CASCADE,
            CHECK (ip IS NULL OR seen_at IS NOT NULL), CHECK (port IS NULL OR ip IS NOT NULL),
            CHECK ((state = 'drafted') = (sent_at IS NULL)))
    """)
    op.execute("CREATE INDEX case_demands_case ON case_demands (case_id)")
    op.execute("CREATE INDEX case_demands_due ON case_demands (due_on) WHERE state = 'sent'")
    secure(
        "case_demands",
        grant="SELECT, INSERT, UPDATE (state, sent_at, due_on, ended_at, words)",
        using=_IN_CASE,
    )
    op.execute("""
        CREATE TABLE case_facts (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text REFERENCES case_people (id),
            demand_id text NOT NULL REFERENCES case_demands (id), kind text NOT NULL,
            value text NOT NULL, source text NOT NULL, recorded_by text NOT NULL,
            recorded_at timestamptz NOT NULL,
            CONSTRAINT case_facts_follow FOREIGN KEY (person_id, case_id)
                REFERENCES case_people (id, case_id) ON UPDATE CASCADE)
    """)
    op.execute("CREATE INDEX case_facts_case ON case_facts (case_id)")
    secure("case_facts", grant="SELECT, INSERT", using=_IN_CASE)
