"""Release decisions, kept with what they were made from, so that they can be made again."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Make the table."""
    short_locks()
    op.execute("""
        CREATE TABLE release_decisions (
            id text PRIMARY KEY, referral_id text NOT NULL REFERENCES referrals (id),
            moment text NOT NULL CHECK (moment IN ('decided', 'released')),
            decided_at timestamptz NOT NULL, decided_by text NOT NULL,
            rule_version text NOT NULL, key_id text NOT NULL, inputs bytea NOT NULL,
            inputs_sha256 text NOT NULL CHECK (inputs_sha256 ~ '^[0-9a-f]{64}$'),
            result jsonb NOT NULL, content_sha256 text, package_id text,
            CHECK ((moment = 'released') = (package_id IS NOT NULL)))
    """)
    op.execute("CREATE INDEX release_decisions_referral ON release_decisions (referral_id)")
    op.execute("CREATE INDEX release_decisions_key ON release_decisions (key_id)")
    # Nobody changes or removes what was decided; its inputs end with the key they are sealed to.
    secure(
        "release_decisions",
        grant="SELECT, INSERT",
        using="EXISTS (SELECT 1 FROM referrals r WHERE r.id = referral_id)",
    )
