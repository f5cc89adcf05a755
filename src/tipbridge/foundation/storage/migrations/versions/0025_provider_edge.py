"""Providers' sandboxes, contacts, limits and strictness; last uses; urgent reports still open.

A sandbox is a provider's row of its own, and its reports are bound to it by both its id and its
kind: no statement can carry a report over. Staff never see them among production's.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0025"
down_revision = "0024"

_INSIDE = "tb_kind() IN ('staff', 'system')"
_OWN = "tb_kind() = 'provider' AND provider_id = tb_actor()"
_SEEN = "tb_sees(unit_id, restricted, members) AND (NOT sandbox OR tb_system())"


def upgrade() -> None:
    """Add the columns and make the tables."""
    short_locks()
    _sandboxes()
    _escalated()
    op.execute("ALTER TABLE provider_credentials ADD COLUMN last_used_at timestamptz")
    op.execute(f"GRANT UPDATE (last_used_at) ON provider_credentials TO {APP_ROLE}")
    _contacts()
    _limits()
    _strictness()


def _sandboxes() -> None:
    op.execute("""
        ALTER TABLE providers ADD COLUMN sandbox boolean NOT NULL DEFAULT false,
            ADD CONSTRAINT providers_mark CHECK (sandbox = (name ~ ' TEST$')),
            ADD CONSTRAINT providers_kind UNIQUE (id, sandbox)
    """)
    op.execute("""
        ALTER TABLE reports ADD COLUMN sandbox boolean NOT NULL DEFAULT false,
            DROP CONSTRAINT reports_provider_id_fkey,
            ADD CONSTRAINT reports_provider FOREIGN KEY (provider_id, sandbox)
                REFERENCES providers (id, sandbox)
    """)
    op.execute(
        "CREATE INDEX reports_to_clear ON reports (finished_at)"
        " WHERE sandbox AND state = 'finished'"
    )
    using = f"({_SEEN}) OR ({_OWN})"
    op.execute(f"ALTER POLICY reports_rows ON reports USING ({using}) WITH CHECK ({using})")


def _escalated() -> None:
    """A provider's word of urgency, to be seen before the report is finished."""
    op.execute("""
        ALTER TABLE reports ADD COLUMN escalated boolean NOT NULL GENERATED ALWAYS AS
            (coalesce(jsonb_path_exists(document, '$.children[*] ? (@.name == "incidentSummary")
                .children[*] ? (@.name == "escalateToHighPriority")'), false)) STORED
    """)
    op.execute(
        "CREATE INDEX reports_pending ON reports (opened_at) WHERE state='open' AND escalated"
    )


def _contacts() -> None:
    op.execute("""
        CREATE TABLE provider_contacts (
            id text PRIMARY KEY, provider_id text NOT NULL REFERENCES providers (id),
            purpose text NOT NULL CHECK (purpose IN ('technical', 'legal', 'urgent')),
            name text NOT NULL, email text, phone text, added_at timestamptz NOT NULL,
            CHECK (coalesce(email, phone) IS NOT NULL))
    """)
    op.execute("CREATE INDEX provider_contacts_of ON provider_contacts (provider_id)")
    secure("provider_contacts", grant="SELECT, INSERT, DELETE", using=_INSIDE)


def _limits() -> None:
    op.execute("""
        CREATE TABLE provider_limits (
            provider_id text PRIMARY KEY REFERENCES providers (id),
            upload_bytes_per_second bigint CHECK (upload_bytes_per_second >= 1024),
            uploads_at_once int CHECK (uploads_at_once BETWEEN 1 AND 1000),
            changed_at timestamptz NOT NULL)
    """)
    secure(
        "provider_limits",
        grant="SELECT, INSERT, UPDATE (upload_bytes_per_second, uploads_at_once, changed_at)",
        using=_INSIDE,
    )


def _strictness() -> None:
    op.execute("""
        CREATE TABLE provider_strictness (
            provider_id text NOT NULL REFERENCES providers (id), rule text NOT NULL,
            mode text NOT NULL CHECK (mode IN ('strict', 'lenient')),
            changed_at timestamptz NOT NULL, PRIMARY KEY (provider_id, rule))
    """)
    secure(
        "provider_strictness",
        grant="SELECT, INSERT, DELETE, UPDATE (mode, changed_at)",
        using=_INSIDE,
    )
    # What a provider is held to it may read; only staff say it.
    op.execute(
        f"CREATE POLICY provider_strictness_own ON provider_strictness FOR SELECT USING ({_OWN})"
    )
