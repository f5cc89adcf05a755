"""Tables of the referral step."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0009"
down_revision = "0008"

_SEEN = "tb_sees(unit_id, restricted, members)"
_IN_REFERRAL = "EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id)"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _referrals()
    _of_a_referral()
    _requests()


def _referrals() -> None:
    op.execute("""
        CREATE TABLE referrals (
            id text PRIMARY KEY, direction text NOT NULL CHECK (direction IN ('out', 'in')),
            unit_id int NOT NULL REFERENCES units (id),
            restricted boolean NOT NULL DEFAULT false, members text[] NOT NULL DEFAULT '{}',
            peer_id text NOT NULL REFERENCES peers (node_id),
            source_kind text CHECK (source_kind IN ('tip', 'referral', 'lead')), source_id text,
            origin text NOT NULL, purpose text NOT NULL, offences text[] NOT NULL,
            state text NOT NULL, basis_kind text, basis_id text, channel text,
            package_id text UNIQUE, decision jsonb,
            name_withheld boolean NOT NULL DEFAULT false,
            opened_at timestamptz NOT NULL, opened_by text NOT NULL,
            CHECK ((direction = 'out') = (source_id IS NOT NULL)),
            CHECK (direction = 'out' OR package_id IS NOT NULL))
    """)
    op.execute("CREATE INDEX referrals_source ON referrals (source_kind, source_id)")
    secure(
        "referrals",
        grant="SELECT, INSERT, UPDATE (unit_id, restricted, members, offences, state, basis_kind,"
        " basis_id, channel, package_id, decision, name_withheld)",
        using=_SEEN,
    )


def _of_a_referral() -> None:
    op.execute("""
        CREATE TABLE referral_parts (
            referral_id text NOT NULL REFERENCES referrals (id), label text NOT NULL,
            data_class text NOT NULL, form text NOT NULL, value jsonb NOT NULL,
            salt bytea NOT NULL, hop int NOT NULL, sender text NOT NULL,
            PRIMARY KEY (referral_id, label))
    """)
    secure("referral_parts", grant="SELECT, INSERT, DELETE", using=_IN_REFERRAL)
    op.execute("""
        CREATE TABLE referral_steps (
            referral_id text NOT NULL REFERENCES referrals (id), step text NOT NULL,
            node_id text NOT NULL, at timestamptz NOT NULL,
            PRIMARY KEY (referral_id, step, node_id))
    """)
    secure("referral_steps", grant="SELECT, INSERT", using=_IN_REFERRAL)
    op.execute("""
        CREATE TABLE referral_feedback (
            referral_id text NOT NULL REFERENCES referrals (id), feedback_id text NOT NULL,
            direction text NOT NULL CHECK (direction IN ('out', 'in')),
            sender text NOT NULL, outcome text NOT NULL, at timestamptz NOT NULL,
            facts jsonb NOT NULL, package_id text NOT NULL, kept_at timestamptz NOT NULL,
            PRIMARY KEY (referral_id, feedback_id))
    """)
    secure("referral_feedback", grant="SELECT, INSERT", using=_IN_REFERRAL)


def _requests() -> None:
    op.execute("""
        CREATE TABLE release_requests (
            id text PRIMARY KEY, direction text NOT NULL CHECK (direction IN ('out', 'in')),
            unit_id int NOT NULL REFERENCES units (id),
            restricted boolean NOT NULL DEFAULT false, members text[] NOT NULL DEFAULT '{}',
            peer_id text NOT NULL REFERENCES peers (node_id),
            referral_id text REFERENCES referrals (id),
            purpose text NOT NULL, offences text[] NOT NULL, incident_on date,
            state text NOT NULL CHECK (state IN ('open', 'granted', 'refused')),
            package_id text NOT NULL UNIQUE, answer jsonb,
            opened_at timestamptz NOT NULL, opened_by text NOT NULL,
            answered_at timestamptz, answered_by text, released_at timestamptz)
    """)
    op.execute("CREATE INDEX release_requests_referral ON release_requests (referral_id)")
    secure(
        "release_requests",
        grant="SELECT, INSERT, UPDATE (state, answer, answered_at, answered_by, released_at)",
        using=_SEEN,
    )
