"""Filings on their way to a clearinghouse, their files, and every try."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0015"
down_revision = "0014"

_OF_FILING = "EXISTS (SELECT 1 FROM filings f WHERE f.id = filing_id)"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _filings()
    op.execute("""
        CREATE TABLE filing_files (
            filing_id text NOT NULL REFERENCES filings (id), position int NOT NULL,
            sealed_id text NOT NULL, wrapped_key bytea NOT NULL, size_bytes bigint NOT NULL,
            md5 text NOT NULL, sha1 text NOT NULL, sha256 text NOT NULL, name text,
            details_id text, details_key bytea, details_bytes bigint,
            file_id text, described boolean NOT NULL DEFAULT false,
            PRIMARY KEY (filing_id, position))
    """)
    secure("filing_files", grant="SELECT, INSERT, UPDATE, DELETE", using=_OF_FILING)
    # Written before anything is sent; a try never changes once it has ended.
    op.execute("""
        CREATE TABLE filing_tries (
            filing_id text NOT NULL REFERENCES filings (id), number int NOT NULL,
            round int NOT NULL, verb text NOT NULL, position int NOT NULL,
            begun_at timestamptz NOT NULL, ended_at timestamptz,
            ending text CHECK (ending IN ('answered', 'lost', 'unsent', 'unended')),
            code int,
            PRIMARY KEY (filing_id, number), CHECK ((ended_at IS NULL) = (ending IS NULL)))
    """)
    secure(
        "filing_tries",
        grant="SELECT, INSERT, UPDATE (ended_at, ending, code)",
        using=_OF_FILING,
    )


def _filings() -> None:
    op.execute("""
        CREATE TABLE filings (
            id text PRIMARY KEY,
            state text NOT NULL CHECK (state IN ('draft', 'sending', 'filed', 'uncertain',
                                                 'refused', 'dropped', 'purged')),
            reason text NOT NULL, origin text NOT NULL, url text NOT NULL,
            sandbox boolean NOT NULL, incident_type text NOT NULL, batched boolean NOT NULL,
            key_id text NOT NULL UNIQUE, document_id text NOT NULL, document_key bytea NOT NULL,
            document_bytes bigint NOT NULL, round int NOT NULL DEFAULT 1, report_id text,
            verb text, position int NOT NULL DEFAULT 0, then_do text,
            misses int NOT NULL DEFAULT 0, due_at timestamptz, woken_until timestamptz,
            told text, grounds text, hits jsonb NOT NULL DEFAULT '[]',
            made_at timestamptz NOT NULL, made_by text NOT NULL, filed_at timestamptz,
            username text, receipt bytea, preserve_until date, preserve_rule text,
            unit_id int NOT NULL REFERENCES units (id) DEFAULT 1,
            restricted boolean NOT NULL DEFAULT false, members text[] NOT NULL DEFAULT '{}',
            CHECK ((state = 'sending') <= (verb IS NOT NULL AND due_at IS NOT NULL)),
            CHECK ((state = 'filed') <= (filed_at IS NOT NULL AND report_id IS NOT NULL)))
    """)
    op.execute("CREATE INDEX filings_due ON filings (due_at) WHERE state = 'sending'")
    secure(
        "filings",
        grant="SELECT, INSERT, UPDATE",
        using="tb_sees(unit_id, restricted, members)",
    )
