"""Tables of the cases step."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0010"
down_revision = "0009"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _cases()
    _people()
    _items()
    _links()
    _tasks()


def _cases() -> None:
    # Own numbers may have gaps: what counts is that none is given twice.
    op.execute("CREATE SEQUENCE case_numbers")
    op.execute(f"GRANT USAGE ON SEQUENCE case_numbers TO {APP_ROLE}")
    op.execute("""
        CREATE TABLE cases (
            id text PRIMARY KEY, number text NOT NULL UNIQUE,
            unit_id int NOT NULL REFERENCES units (id),
            restricted boolean NOT NULL DEFAULT false, members text[] NOT NULL DEFAULT '{}',
            jurisdiction text NOT NULL, opened_at timestamptz NOT NULL)
    """)
    secure(
        "cases",
        grant="SELECT, INSERT, UPDATE (unit_id, restricted, members)",
        using="tb_sees(unit_id, restricted, members)",
    )
    op.execute("""
        CREATE TABLE case_foreign_numbers (
            case_id text NOT NULL REFERENCES cases (id), agency text NOT NULL,
            number text NOT NULL, PRIMARY KEY (case_id, agency, number))
    """)
    secure("case_foreign_numbers", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute("""
        CREATE TABLE case_referrals (
            referral_id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            origin text NOT NULL, channel text NOT NULL, basis text NOT NULL,
            report_number text, provider text, possible_self_production boolean NOT NULL,
            incident_at timestamptz, reported_at timestamptz, first_sent_at timestamptz,
            sent_at timestamptz NOT NULL, received_at timestamptz NOT NULL,
            taken_at timestamptz NOT NULL)
    """)
    op.execute("CREATE INDEX case_referrals_case ON case_referrals (case_id)")
    secure("case_referrals", grant="SELECT, INSERT", using=_IN_CASE)


def _people() -> None:
    op.execute("""
        CREATE TABLE case_people (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            position int NOT NULL, reference text, name text, roles text[] NOT NULL,
            birth_earliest date, birth_latest date, birth_certainty text,
            school_level text, country text, offence text, act text, act_on date,
            place_kind text, place_service text, self_produced boolean, motive text,
            stage text NOT NULL, custody text NOT NULL, added_at timestamptz NOT NULL,
            UNIQUE (case_id, position),
            CHECK (birth_earliest <= birth_latest),
            CHECK ((birth_earliest IS NULL) = (birth_latest IS NULL)
               AND (birth_latest IS NULL) = (birth_certainty IS NULL)))
    """)
    secure("case_people", grant="SELECT, INSERT, UPDATE", using=_IN_CASE)
    op.execute("""
        CREATE TABLE case_identifiers (
            person_id text NOT NULL REFERENCES case_people (id), kind text NOT NULL,
            scope text NOT NULL, value text NOT NULL,
            case_id text NOT NULL REFERENCES cases (id), referral_id text,
            added_at timestamptz NOT NULL, PRIMARY KEY (person_id, kind, scope, value))
    """)
    op.execute("""
        CREATE TABLE case_person_referrals (
            person_id text NOT NULL REFERENCES case_people (id), referral_id text NOT NULL,
            label text NOT NULL, case_id text NOT NULL REFERENCES cases (id),
            PRIMARY KEY (person_id, referral_id, label))
    """)
    secure("case_person_referrals", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute("CREATE INDEX case_identifiers_value ON case_identifiers (kind, value, scope)")
    op.execute("CREATE INDEX case_identifiers_case ON case_identifiers (case_id)")
    secure("case_identifiers", grant="SELECT, INSERT", using=_IN_CASE)


def _items() -> None:
    op.execute("""
        CREATE TABLE case_items (
            case_id text NOT NULL REFERENCES cases (id), sha256 text NOT NULL,
            sha1 text, md5 text, size_bytes bigint, referral_id text NOT NULL,
            label text NOT NULL, added_at timestamptz NOT NULL,
            PRIMARY KEY (case_id, sha256))
    """)
    op.execute("CREATE INDEX case_items_sha256 ON case_items (sha256)")
    secure("case_items", grant="SELECT, INSERT", using=_IN_CASE)


def _links() -> None:
    op.execute("""
        CREATE TABLE case_links (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            other_id text NOT NULL REFERENCES cases (id), kind text NOT NULL,
            state text NOT NULL, proposed_at timestamptz NOT NULL,
            decided_at timestamptz, decided_by text, UNIQUE (case_id, other_id, kind))
    """)
    op.execute("CREATE INDEX case_links_other ON case_links (other_id)")
    # A link is seen by those who see both of its cases, so it betrays neither.
    secure(
        "case_links",
        grant="SELECT, INSERT, UPDATE (state, decided_at, decided_by)",
        using=f"{_IN_CASE} AND EXISTS (SELECT 1 FROM cases o WHERE o.id = other_id)",
    )
    op.execute("""
        CREATE TABLE case_notices (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            about_case_id text NOT NULL REFERENCES cases (id), kind text NOT NULL,
            at timestamptz NOT NULL, UNIQUE (case_id, about_case_id, kind))
    """)
    secure("case_notices", grant="SELECT, INSERT", using=_IN_CASE)


def _tasks() -> None:
    op.execute("""
        CREATE TABLE case_tasks (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            person_id text REFERENCES case_people (id), kind text NOT NULL,
            opened_at timestamptz NOT NULL, done_at timestamptz, done_by text)
    """)
    op.execute("CREATE INDEX case_tasks_case ON case_tasks (case_id)")
    secure("case_tasks", grant="SELECT, INSERT, UPDATE (done_at, done_by)", using=_IN_CASE)
