"""Legal authorities to compare a file at a place, and what each comparison found."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0030"
down_revision = "0029"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Make the tables; what happened is added to, never changed."""
    short_locks()
    op.execute("""
        CREATE TABLE removal_authorities (
            id text PRIMARY KEY, removal_id text NOT NULL REFERENCES removals (id),
            case_id text NOT NULL REFERENCES cases (id), words text NOT NULL,
            until date NOT NULL, recorded_at timestamptz NOT NULL, recorded_by text NOT NULL)
    """)
    op.execute("CREATE INDEX removal_authorities_of ON removal_authorities (removal_id)")
    secure("removal_authorities", grant="SELECT, INSERT", using=_IN_CASE)
    op.execute("""
        CREATE TABLE removal_comparisons (
            id text PRIMARY KEY, removal_id text NOT NULL REFERENCES removals (id),
            case_id text NOT NULL REFERENCES cases (id),
            authority_id text NOT NULL REFERENCES removal_authorities (id),
            at timestamptz NOT NULL, by text NOT NULL, outcome text NOT NULL,
            status int, size_bytes bigint)
    """)
    op.execute("CREATE INDEX removal_comparisons_of ON removal_comparisons (removal_id)")
    secure("removal_comparisons", grant="SELECT, INSERT", using=_IN_CASE)
