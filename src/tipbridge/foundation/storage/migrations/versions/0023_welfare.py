"""The welfare path: reasons, guardian, consent, clocks, talks, follow-ups, coercive steps."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0023"
down_revision = "0022"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
_OF_RECORD = "EXISTS (SELECT 1 FROM welfare_records w WHERE w.id = welfare_id)"
# A record's own list: members see it without the case; a narrowed one is theirs alone.
_LISTED = f"tb_system() OR tb_actor() = ANY (members) OR (NOT narrowed AND {_IN_CASE})"
_TALKS = (
    ("child_talk_on", "child"),
    ("guardian_talk_on", "guardian"),
    ("school_talk_on", "school"),
)


def upgrade() -> None:
    """Widen the record, and make the tables of what it holds."""
    short_locks()
    _records()
    _standings()
    _talks()
    _rest()
    _follow()
    op.execute("SELECT set_config('tipbridge.actor', '', true)")
    op.execute("SELECT set_config('tipbridge.actor_kind', '', true)")


def _records() -> None:
    op.execute("""
        ALTER TABLE welfare_records
            ADD jurisdiction text, ADD reasons text[] NOT NULL DEFAULT '{}',
            ADD contact_on date, ADD guardian_notice text, ADD guardian_notice_on date,
            ADD consent text, ADD consent_by text, ADD consent_on date, ADD ending text,
            ADD narrowed boolean NOT NULL DEFAULT false,
            ADD members text[] NOT NULL DEFAULT '{}'
    """)
    # The owner is bound by the policies too: a migration acts as the system.
    op.execute("SELECT set_config('tipbridge.actor', 'system', true)")
    op.execute("SELECT set_config('tipbridge.actor_kind', 'system', true)")
    op.execute("""
        UPDATE welfare_records w SET
            jurisdiction = (SELECT c.jurisdiction FROM cases c WHERE c.id = w.case_id),
            contact_on = CASE WHEN contact_made THEN opened_at::date END,
            ending = CASE WHEN closed_at IS NOT NULL THEN 'support-given' END
    """)
    op.execute("""
        ALTER TABLE welfare_records ALTER jurisdiction SET NOT NULL,
            ADD CHECK ((closed_at IS NULL) = (ending IS NULL)),
            ADD CHECK (NOT narrowed OR members <> '{}')
    """)
    op.execute(
        f"ALTER POLICY welfare_records_rows ON welfare_records USING ({_LISTED})"
        f" WITH CHECK ({_LISTED})"
    )


def _standings() -> None:
    op.execute("""
        CREATE TABLE welfare_standings (
            welfare_id text PRIMARY KEY REFERENCES welfare_records (id),
            case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL UNIQUE REFERENCES case_people (id),
            opened_at timestamptz NOT NULL, contacted_on date, closed_at timestamptz)
    """)
    op.execute("CREATE INDEX welfare_standings_case ON welfare_standings (case_id)")
    op.execute("""
        INSERT INTO welfare_standings
        SELECT id, case_id, person_id, opened_at, contact_on, closed_at FROM welfare_records
    """)
    secure(
        "welfare_standings",
        grant="SELECT, INSERT, UPDATE (contacted_on, closed_at)",
        using=f"{_IN_CASE} OR {_OF_RECORD}",
    )


def _talks() -> None:
    op.execute("""
        CREATE TABLE welfare_talks (
            id text PRIMARY KEY, welfare_id text NOT NULL REFERENCES welfare_records (id),
            talk_with text NOT NULL CHECK (talk_with IN ('child', 'guardian', 'school')),
            "on" date NOT NULL, why text, by text NOT NULL)
    """)
    for column, talk_with in _TALKS:
        op.execute(f"""
            INSERT INTO welfare_talks
            SELECT md5(id || '{talk_with}'), id, '{talk_with}', {column}, NULL, 'migration'
            FROM welfare_records WHERE {column} IS NOT NULL
        """)
        op.execute(f"ALTER TABLE welfare_records DROP {column}")
    op.execute("CREATE INDEX welfare_talks_record ON welfare_talks (welfare_id)")
    secure("welfare_talks", grant="SELECT, INSERT", using=_OF_RECORD)


def _rest() -> None:
    op.execute("""
        CREATE TABLE welfare_clocks (
            welfare_id text NOT NULL REFERENCES welfare_records (id), step text NOT NULL,
            due_on date NOT NULL, citation text NOT NULL, mark text NOT NULL,
            met_on date, missed_at timestamptz, PRIMARY KEY (welfare_id, step))
    """)
    op.execute("CREATE INDEX welfare_clocks_due ON welfare_clocks (due_on) WHERE met_on IS NULL")
    secure(
        "welfare_clocks",
        grant="SELECT, INSERT, UPDATE (met_on, missed_at)",
        using=_OF_RECORD,
    )
    op.execute("""
        CREATE TABLE welfare_follow_ups (
            id text PRIMARY KEY, welfare_id text NOT NULL REFERENCES welfare_records (id),
            kind text NOT NULL, due_on date NOT NULL, done_on date, done_by text,
            CHECK ((done_on IS NULL) = (done_by IS NULL)))
    """)
    op.execute("CREATE INDEX welfare_follow_ups_record ON welfare_follow_ups (welfare_id)")
    secure(
        "welfare_follow_ups",
        grant="SELECT, INSERT, UPDATE (done_on, done_by)",
        using=_OF_RECORD,
    )
    # Without contact a step stands only with somebody's own reason; none is ever changed.
    op.execute("""
        CREATE TABLE coercive_steps (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text NOT NULL REFERENCES case_people (id), step text NOT NULL,
            "on" date NOT NULL, contacted boolean NOT NULL, grounds text,
            by text NOT NULL, at timestamptz NOT NULL,
            CHECK (contacted OR grounds IS NOT NULL))
    """)
    op.execute("CREATE INDEX coercive_steps_case ON coercive_steps (case_id)")
    secure("coercive_steps", grant="SELECT, INSERT", using=_IN_CASE)


def _follow() -> None:
    # Whoever goes to another case takes this along, as everything else known of them.
    for table in ("welfare_standings", "coercive_steps"):
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_follow"
            " FOREIGN KEY (person_id, case_id) REFERENCES case_people (id, case_id)"
            " ON UPDATE CASCADE"
        )
