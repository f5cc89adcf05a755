"""A correction names the package that gives the right parts, and a referral those it came in before."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    """Add both; of what came before this, only the last package is known."""
    short_locks()
    op.execute("ALTER TABLE referrals ADD earlier text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE referral_sayings ADD instead text")
    op.execute(
        "CREATE INDEX referral_sayings_instead ON referral_sayings (instead)"
        " WHERE instead IS NOT NULL"
    )
    op.execute("CREATE INDEX referrals_earlier ON referrals USING gin (earlier)")
