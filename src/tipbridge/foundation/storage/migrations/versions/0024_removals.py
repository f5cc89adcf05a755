"""Removals: places with host and basis, notices, replies, checks, votes, and the hosts."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0024"
down_revision = "0023"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"
_INSIDE = "tb_kind() IN ('staff', 'system')"


def upgrade() -> None:
    """Widen the removal, bring older rows into the new words, and make the tables."""
    short_locks()
    op.execute("SELECT set_config('tipbridge.actor', 'system', true)")
    op.execute("SELECT set_config('tipbridge.actor_kind', 'system', true)")
    _notices()
    _answers()
    _places()
    _earlier()
    _hosts()
    op.execute("SELECT set_config('tipbridge.actor', '', true)")
    op.execute("SELECT set_config('tipbridge.actor_kind', '', true)")


def _places() -> None:
    op.execute("""
        ALTER TABLE removals ALTER referral_id DROP NOT NULL,
            ADD form text NOT NULL DEFAULT 'url', ADD host text NOT NULL DEFAULT 'unknown',
            ADD country text, ADD basis text NOT NULL DEFAULT 'referral',
            ADD own_material boolean NOT NULL DEFAULT false, ADD next_check_at timestamptz
    """)
    op.execute("ALTER TABLE removals ALTER address SET STATISTICS 0")
    op.execute("CREATE INDEX removals_due ON removals (next_check_at)")
    op.execute("CREATE INDEX removals_host ON removals (host)")
    op.execute(
        "GRANT UPDATE (state, changed_at, own_material, next_check_at) ON removals TO tipbridge_app"
    )
    op.execute("ALTER TABLE removal_steps ADD source text NOT NULL DEFAULT 'staff'")


def _notices() -> None:
    op.execute("""
        CREATE TABLE removal_notices (
            id text PRIMARY KEY, removal_id text NOT NULL REFERENCES removals (id),
            case_id text NOT NULL REFERENCES cases (id), host text NOT NULL,
            step text NOT NULL, channel text NOT NULL, recipient text NOT NULL,
            language text NOT NULL, subject text NOT NULL, body text NOT NULL,
            state text NOT NULL CHECK (state IN ('draft', 'queued', 'sent', 'failed')),
            made_at timestamptz NOT NULL, made_by text NOT NULL, sent_at timestamptz,
            tries int NOT NULL DEFAULT 0, problem text NOT NULL DEFAULT '', due_at timestamptz,
            CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
            CHECK ((state = 'queued') = (due_at IS NOT NULL)))
    """)
    op.execute("CREATE INDEX removal_notices_due ON removal_notices (due_at)")
    op.execute("CREATE INDEX removal_notices_of ON removal_notices (removal_id)")
    op.execute("ALTER TABLE removal_notices ALTER body SET STATISTICS 0")
    # What was written to a host is never changed.
    secure(
        "removal_notices",
        grant="SELECT, INSERT, UPDATE (state, sent_at, tries, problem, due_at)",
        using=_IN_CASE,
    )


def _answers() -> None:
    op.execute("""
        CREATE TABLE removal_replies (
            id text PRIMARY KEY, removal_id text NOT NULL REFERENCES removals (id),
            case_id text NOT NULL REFERENCES cases (id), kind text NOT NULL,
            at timestamptz NOT NULL, by text NOT NULL)
    """)
    op.execute("CREATE INDEX removal_replies_of ON removal_replies (removal_id)")
    secure("removal_replies", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute("""
        CREATE TABLE removal_checks (
            id text PRIMARY KEY, removal_id text NOT NULL REFERENCES removals (id),
            case_id text NOT NULL REFERENCES cases (id), at timestamptz NOT NULL,
            outcome text NOT NULL, status int, contradicts boolean NOT NULL)
    """)
    op.execute("CREATE INDEX removal_checks_of ON removal_checks (removal_id)")
    secure("removal_checks", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute("""
        CREATE TABLE removal_votes (
            removal_id text NOT NULL REFERENCES removals (id),
            case_id text NOT NULL REFERENCES cases (id), by text NOT NULL,
            classification text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (removal_id, by))
    """)
    secure(
        "removal_votes",
        grant="SELECT, INSERT, UPDATE (classification, at)",
        using=_IN_CASE,
    )


def _earlier() -> None:
    """Notices and refusals were states once; what they told of the place is not known."""
    op.execute("""
        INSERT INTO removal_notices (id, removal_id, case_id, host, step, channel, recipient,
            language, subject, body, state, made_at, made_by, sent_at)
        SELECT DISTINCT ON (removal_id) md5(id || 'notice'), removal_id, case_id, 'unknown',
            'first', 'by-hand', '', 'en', '', '', 'sent', at, by, at
        FROM removal_steps WHERE state = 'notice-sent' ORDER BY removal_id, at
    """)
    op.execute("""
        INSERT INTO removal_replies
        SELECT md5(id || 'reply'), removal_id, case_id, 'refused', at, by
        FROM removal_steps WHERE state = 'refused'
    """)
    op.execute("DELETE FROM removal_steps WHERE state IN ('notice-sent', 'refused', 'known')")
    op.execute("""
        UPDATE removals SET next_check_at = changed_at, state = CASE
            WHEN state IN ('removed', 'reappeared') THEN state ELSE 'unknown' END
    """)


def _hosts() -> None:
    op.execute("""
        CREATE TABLE removal_hosts (
            id text PRIMARY KEY, name text NOT NULL UNIQUE, country text,
            channel text NOT NULL, contact text NOT NULL, language text NOT NULL,
            may_check boolean NOT NULL DEFAULT false)
    """)
    secure(
        "removal_hosts",
        grant="SELECT, INSERT, UPDATE (country, channel, contact, language, may_check)",
        using=_INSIDE,
    )
