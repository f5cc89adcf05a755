"""Disclosures: bundles of a case's evidence, proposed, and those that left."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0040"
down_revision = "0039"

_OF_CASE = "case_id IN (SELECT id FROM cases)"


def upgrade() -> None:
    """Make the tables; approvals of disclosures stand with all others."""
    short_locks()
    op.execute("""
        CREATE TABLE disclosures (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            recipient text NOT NULL,
            purpose text NOT NULL CHECK (purpose IN
                ('court', 'prosecution', 'defence', 'other-agency')),
            exhibit_ids text[] NOT NULL CHECK (cardinality(exhibit_ids) > 0),
            audit_size bigint NOT NULL CHECK (audit_size >= 0),
            content_sha256 text NOT NULL CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
            proposed_by text NOT NULL, proposed_at timestamptz NOT NULL)
    """)
    op.execute("CREATE INDEX disclosures_case ON disclosures (case_id)")
    # Insert only: what was proposed is never made another thing; somebody proposes anew.
    secure("disclosures", grant="SELECT, INSERT", using=_OF_CASE)
    op.execute("""
        CREATE TABLE disclosures_written (
            id text PRIMARY KEY, disclosure_id text NOT NULL REFERENCES disclosures (id),
            written_at timestamptz NOT NULL, case_id text NOT NULL REFERENCES cases (id),
            written_by text NOT NULL, content_sha256 text NOT NULL)
    """)
    secure("disclosures_written", grant="SELECT, INSERT", using=_OF_CASE)
