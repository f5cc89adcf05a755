"""Tables of the outcomes step: decisions, duties, welfare, feedback, removals."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0012"
down_revision = "0011"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _decisions()
    _welfare()
    _removals()


def _decisions() -> None:
    op.execute("""
        CREATE TABLE outcome_decisions (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL REFERENCES case_people (id),
            outcome text NOT NULL, stage text NOT NULL, custody text NOT NULL,
            reason text NOT NULL, rule text NOT NULL, citation text NOT NULL,
            law_of_act text NOT NULL, law_of_decision text NOT NULL,
            within_advice boolean NOT NULL, conditions text[] NOT NULL, grounds text,
            advice jsonb NOT NULL, decides text NOT NULL, decided_by text NOT NULL,
            decided_at timestamptz NOT NULL, decided_on date NOT NULL,
            standing boolean NOT NULL DEFAULT true,
            CHECK (within_advice OR grounds IS NOT NULL))
    """)
    op.execute(
        "CREATE UNIQUE INDEX outcome_decisions_standing ON outcome_decisions (person_id)"
        " WHERE standing"
    )
    op.execute("CREATE INDEX outcome_decisions_case ON outcome_decisions (case_id)")
    # A decision is never changed; a later one only takes its standing.
    secure("outcome_decisions", grant="SELECT, INSERT, UPDATE (standing)", using=_IN_CASE)
    op.execute("""
        CREATE TABLE outcome_duties (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL REFERENCES case_people (id),
            code text NOT NULL, rule text NOT NULL, citation text NOT NULL, who text NOT NULL,
            due_on date NOT NULL, done_at timestamptz, done_by text,
            UNIQUE (person_id, code))
    """)
    op.execute("CREATE INDEX outcome_duties_case ON outcome_duties (case_id)")
    secure("outcome_duties", grant="SELECT, INSERT, UPDATE (done_at, done_by)", using=_IN_CASE)
    op.execute("""
        CREATE TABLE outcome_feedback (
            decision_id text NOT NULL REFERENCES outcome_decisions (id),
            referral_id text NOT NULL, case_id text NOT NULL REFERENCES cases (id),
            sent_at timestamptz NOT NULL, PRIMARY KEY (decision_id, referral_id))
    """)
    secure("outcome_feedback", grant="SELECT, INSERT", using=_IN_CASE)


def _welfare() -> None:
    op.execute("""
        CREATE TABLE welfare_records (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL UNIQUE REFERENCES case_people (id),
            opened_at timestamptz NOT NULL, due_on date NOT NULL, agency text,
            contact_made boolean, child_talk_on date, guardian_talk_on date,
            school_talk_on date, closed_at timestamptz)
    """)
    op.execute("CREATE INDEX welfare_records_case ON welfare_records (case_id)")
    secure("welfare_records", grant="SELECT, INSERT, UPDATE", using=_IN_CASE)


def _removals() -> None:
    op.execute("""
        CREATE TABLE removals (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            referral_id text NOT NULL, label text NOT NULL, address text NOT NULL,
            state text NOT NULL, noted_at timestamptz NOT NULL, changed_at timestamptz NOT NULL,
            UNIQUE (case_id, address))
    """)
    secure("removals", grant="SELECT, INSERT, UPDATE (state, changed_at)", using=_IN_CASE)
    op.execute("""
        CREATE TABLE removal_steps (
            id text PRIMARY KEY, removal_id text NOT NULL REFERENCES removals (id),
            case_id text NOT NULL REFERENCES cases (id), state text NOT NULL,
            at timestamptz NOT NULL, by text NOT NULL)
    """)
    op.execute("CREATE INDEX removal_steps_removal ON removal_steps (removal_id)")
    secure("removal_steps", grant="SELECT, INSERT", using=_IN_CASE)
