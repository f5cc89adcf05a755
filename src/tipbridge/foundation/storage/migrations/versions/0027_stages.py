"""Stages after a decision, appeals, and the mark of the rule that a decision or duty rests on."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0027"
down_revision = "0026"

# A person who moves to another case by a split takes these rows along.
_FOLLOW = "FOREIGN KEY (person_id, case_id) REFERENCES case_people (id, case_id) ON UPDATE CASCADE"
_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Add the columns, make the tables."""
    short_locks()
    _columns()
    op.execute(f"""
        CREATE TABLE outcome_steps (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL REFERENCES case_people (id),
            decision_id text REFERENCES outcome_decisions (id),
            stage_before text NOT NULL, stage text NOT NULL, custody text NOT NULL,
            step_by text NOT NULL, rule text NOT NULL, citation text NOT NULL,
            citation_ko text NOT NULL, mark text NOT NULL, law text NOT NULL,
            happened_on date NOT NULL, note text, recorded_by text NOT NULL,
            recorded_at timestamptz NOT NULL, {_FOLLOW})
    """)
    op.execute("CREATE INDEX outcome_steps_case ON outcome_steps (case_id)")
    # What happened is added to, never changed.
    secure("outcome_steps", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute(f"""
        CREATE TABLE outcome_appeals (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL REFERENCES case_people (id),
            decision_id text NOT NULL REFERENCES outcome_decisions (id),
            filed_by text NOT NULL, filed_on date NOT NULL, grounds text NOT NULL,
            state text NOT NULL, answer text, answered_by text, answered_at timestamptz,
            CHECK ((state = 'open') = (answered_at IS NULL)), {_FOLLOW})
    """)
    op.execute("CREATE INDEX outcome_appeals_case ON outcome_appeals (case_id)")
    secure(
        "outcome_appeals",
        grant="SELECT, INSERT, UPDATE (state, answer, answered_by, answered_at)",
        using=_IN_CASE,
    )


def _columns() -> None:
    op.execute("""
        ALTER TABLE outcome_decisions
            ADD COLUMN citation_ko text NOT NULL DEFAULT '',
            ADD COLUMN mark text NOT NULL DEFAULT 'confirmed',
            ADD COLUMN change text NOT NULL DEFAULT 'first',
            ADD COLUMN replaces text REFERENCES outcome_decisions (id)
    """)
    # Marks of duties written before were not kept: unsure until they are written anew.
    op.execute("""
        ALTER TABLE outcome_duties
            ADD COLUMN citation_ko text NOT NULL DEFAULT '',
            ADD COLUMN mark text NOT NULL DEFAULT 'unconfirmed',
            ADD COLUMN keeps_open boolean NOT NULL DEFAULT false
    """)
    op.execute("""
        UPDATE outcome_duties SET keeps_open = true
        WHERE code IN ('juvenile-division-transfer', 'resolve-age')
    """)
    op.execute("UPDATE outcome_duties SET citation_ko = citation WHERE citation_ko = ''")
    op.execute("UPDATE outcome_decisions SET citation_ko = citation WHERE citation_ko = ''")
