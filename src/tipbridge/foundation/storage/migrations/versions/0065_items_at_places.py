"""Staff name the file at a place; where its digest was offered, votes go too; hosts have texts."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0065"
down_revision = "0064"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Add all three."""
    short_locks()
    op.execute("ALTER TABLE removals ADD named_sha256 text CHECK (named_sha256 ~ '^[0-9a-f]{64}$')")
    op.execute("ALTER TABLE removals ADD moved_from text REFERENCES removals (id)")
    op.execute(f"GRANT UPDATE (named_sha256) ON removals TO {APP_ROLE}")
    op.execute("""
        CREATE TABLE removal_offers (
            removal_id text NOT NULL REFERENCES removals (id), list_id text NOT NULL,
            sha256 text NOT NULL, case_id text NOT NULL REFERENCES cases (id),
            offered_at timestamptz NOT NULL, offered_by text NOT NULL,
            PRIMARY KEY (removal_id, list_id, sha256))
    """)
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON removal_offers"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
    secure("removal_offers", grant="SELECT, INSERT", using=_IN_CASE)
    _texts()


def _texts() -> None:
    op.execute("""
        CREATE TABLE removal_templates (
            host text NOT NULL, language text NOT NULL CHECK (language IN ('ko', 'en')),
            step text NOT NULL CHECK (
                step IN ('first', 'reminder', 'criminal-investigation', 'blocking-body')),
            subject text NOT NULL, body text NOT NULL,
            written_by text NOT NULL, written_at timestamptz NOT NULL,
            PRIMARY KEY (host, language, step))
    """)
    secure(
        "removal_templates",
        grant="SELECT, INSERT, DELETE, UPDATE (subject, body, written_by, written_at)",
        using="tb_kind() IN ('staff', 'system')",
    )
