"""Providers and their credentials, reports, files, exact originals, feedback."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0006"
down_revision = "0005"

_OWN = "tb_kind() = 'provider' AND {column} = tb_actor()"
_OF_REPORT = "EXISTS (SELECT 1 FROM reports r WHERE r.id = report_id)"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _providers()
    _reports()
    _of_reports()


def _providers() -> None:
    op.execute("""
        CREATE TABLE providers (
            id text PRIMARY KEY, name text NOT NULL UNIQUE,
            added_at timestamptz NOT NULL, added_by text NOT NULL)
    """)
    here = "tb_kind() IN ('staff', 'system') OR (" + _OWN + ")"
    secure("providers", grant="SELECT, INSERT", using=here.format(column="id"))
    op.execute("""
        CREATE TABLE provider_credentials (
            id text PRIMARY KEY, provider_id text NOT NULL REFERENCES providers (id),
            username text NOT NULL UNIQUE, password_hash text NOT NULL, version int NOT NULL,
            added_at timestamptz NOT NULL, revoked_at timestamptz)
    """)
    secure(
        "provider_credentials",
        grant="SELECT, INSERT, UPDATE (password_hash, version, revoked_at)",
        using=here.format(column="provider_id"),
    )


def _reports() -> None:
    op.execute("CREATE SEQUENCE report_numbers AS bigint START 900000001")
    op.execute(f"GRANT USAGE ON SEQUENCE report_numbers TO {APP_ROLE}")
    op.execute("""
        CREATE TABLE reports (
            id bigint PRIMARY KEY,
            provider_id text NOT NULL REFERENCES providers (id),
            credential_id text NOT NULL REFERENCES provider_credentials (id),
            state text NOT NULL
                CHECK (state IN ('open', 'finished', 'retracted', 'expired', 'purged')),
            opened_at timestamptz NOT NULL, modified_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL, finished_at timestamptz, ended_at timestamptz,
            erased_at timestamptz, finish_answer bytea,
            key_id text NOT NULL UNIQUE, document jsonb,
            unit_id int NOT NULL REFERENCES units (id) DEFAULT 1,
            restricted boolean NOT NULL DEFAULT false,
            members text[] NOT NULL DEFAULT '{}')
    """)
    op.execute("CREATE INDEX reports_due ON reports (expires_at) WHERE state = 'open'")
    op.execute(
        "CREATE INDEX reports_to_erase ON reports (id)"
        " WHERE ended_at IS NOT NULL AND erased_at IS NULL"
    )
    op.execute("CREATE INDEX reports_finished ON reports (finished_at)")
    secure(
        "reports",
        grant="SELECT, INSERT, UPDATE",
        using=f"tb_sees(unit_id, restricted, members) OR ({_OWN.format(column='provider_id')})",
    )


def _of_reports() -> None:
    op.execute("""
        CREATE TABLE report_files (
            id text PRIMARY KEY CHECK (id ~ '^[0-9a-f]{32}$'),
            report_id bigint NOT NULL REFERENCES reports (id),
            received_at timestamptz NOT NULL, sent_name text,
            wrapped_key bytea NOT NULL, size_bytes bigint NOT NULL,
            md5 text NOT NULL, sha1 text NOT NULL, sha256 text NOT NULL,
            details jsonb, details_at timestamptz,
            empty boolean NOT NULL, claims_differ boolean NOT NULL DEFAULT false)
    """)
    op.execute("CREATE INDEX report_files_of ON report_files (report_id)")
    op.execute("CREATE INDEX report_files_sha256 ON report_files (sha256)")
    secure(
        "report_files",
        grant="SELECT, INSERT, DELETE, UPDATE (details, details_at, claims_differ)",
        using=_OF_REPORT,
    )
    # Exactly what arrived, each sealed; a second set of details stands beside the first.
    op.execute("""
        CREATE TABLE report_originals (
            id text PRIMARY KEY, report_id bigint NOT NULL REFERENCES reports (id),
            about text NOT NULL CHECK (about IN ('report', 'file')), file_id text,
            received_at timestamptz NOT NULL, wrapped_key bytea NOT NULL,
            size_bytes bigint NOT NULL)
    """)
    op.execute("CREATE INDEX report_originals_of ON report_originals (report_id)")
    secure("report_originals", grant="SELECT, INSERT, DELETE", using=_OF_REPORT)
    op.execute("""
        CREATE TABLE report_feedback (
            id text PRIMARY KEY, report_id bigint NOT NULL REFERENCES reports (id),
            at timestamptz NOT NULL, sender text NOT NULL, outcome text NOT NULL,
            facts jsonb NOT NULL)
    """)
    op.execute("CREATE INDEX report_feedback_of ON report_feedback (report_id)")
    secure("report_feedback", grant="SELECT, INSERT", using=_OF_REPORT)
