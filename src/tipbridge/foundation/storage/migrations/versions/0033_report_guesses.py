"""Report numbers that a credential asked for and that are no reports of its provider."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0033"
down_revision = "0032"

_INSIDE = "tb_kind() IN ('staff', 'system')"


def upgrade() -> None:
    """Make the table."""
    short_locks()
    op.execute("""
        CREATE TABLE report_guesses (
            id text PRIMARY KEY,
            credential_id text NOT NULL REFERENCES provider_credentials (id),
            numbers bigint[] NOT NULL, asked bigint NOT NULL CHECK (asked >= cardinality(numbers)),
            since timestamptz NOT NULL, last_at timestamptz NOT NULL,
            alarmed_at timestamptz, seen_at timestamptz, seen_by text,
            CHECK ((seen_at IS NULL) = (seen_by IS NULL)),
            CHECK (seen_at IS NULL OR alarmed_at IS NOT NULL))
    """)
    # One row of a credential counts on; once somebody has looked, counting begins anew.
    op.execute(
        "CREATE UNIQUE INDEX report_guesses_open ON report_guesses (credential_id)"
        " WHERE seen_at IS NULL"
    )
    secure(
        "report_guesses",
        grant="SELECT, INSERT, UPDATE (numbers, asked, last_at, alarmed_at, seen_at, seen_by)",
        using=_INSIDE,
    )
