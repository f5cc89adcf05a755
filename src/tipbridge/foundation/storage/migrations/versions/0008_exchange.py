"""Tables of the exchange step."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    _peers()
    _outbox()
    _inbox()


def _peers() -> None:
    op.execute("""
        CREATE TABLE peers (
            node_id text PRIMARY KEY, card bytea NOT NULL, url text,
            added_at timestamptz NOT NULL, added_by text NOT NULL)
    """)
    # A pinned card never changes; a peer with new keys is pinned anew under another id.
    secure("peers", grant="SELECT, INSERT, UPDATE (url)")
    op.execute("""
        CREATE TABLE grants (
            request_id text PRIMARY KEY, peer_id text NOT NULL REFERENCES peers (node_id),
            purpose text NOT NULL, granted_at timestamptz NOT NULL, ends_at timestamptz NOT NULL)
    """)
    secure("grants", grant="SELECT, INSERT")


def _outbox() -> None:
    op.execute("""
        CREATE TABLE sequences (
            peer_id text NOT NULL REFERENCES peers (node_id), basis_kind text NOT NULL,
            basis_id text NOT NULL, last int NOT NULL CHECK (last > 0),
            PRIMARY KEY (peer_id, basis_kind, basis_id))
    """)
    secure("sequences", grant="SELECT, INSERT, UPDATE (last)")
    op.execute("""
        CREATE TABLE outbox (
            package_id text PRIMARY KEY, peer_id text NOT NULL REFERENCES peers (node_id),
            kind text NOT NULL, basis_kind text NOT NULL, basis_id text NOT NULL,
            purpose text NOT NULL, about text, sequence int NOT NULL,
            statement_sha256 text NOT NULL UNIQUE, key_id text NOT NULL,
            header jsonb NOT NULL, files jsonb NOT NULL, ends_at timestamptz,
            state text NOT NULL CHECK (state IN ('queued', 'delivered', 'refused', 'lapsed')),
            queued_at timestamptz NOT NULL, attempts int NOT NULL DEFAULT 0,
            next_attempt_at timestamptz NOT NULL, last_outcome text,
            content_sha256 text, receipt bytea, settled_at timestamptz,
            UNIQUE (peer_id, basis_kind, basis_id, sequence))
    """)
    op.execute("CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE state = 'queued'")
    secure(
        "outbox",
        grant="SELECT, INSERT, UPDATE (state, attempts, next_attempt_at, last_outcome,"
        " content_sha256, receipt, settled_at)",
    )
    op.execute("""
        CREATE TABLE relayed_receipts (
            package_id text NOT NULL REFERENCES outbox (package_id), signer text NOT NULL,
            envelope_sha256 text NOT NULL, envelope bytea NOT NULL, verified boolean NOT NULL,
            kept_at timestamptz NOT NULL,
            PRIMARY KEY (package_id, envelope_sha256))
    """)
    secure("relayed_receipts", grant="SELECT, INSERT")


def _inbox() -> None:
    op.execute("""
        CREATE TABLE inbox (
            package_id text PRIMARY KEY, sender text NOT NULL REFERENCES peers (node_id),
            kind text NOT NULL, basis_kind text NOT NULL, basis_id text NOT NULL,
            purpose text NOT NULL, about text, sequence int NOT NULL,
            sent_at timestamptz NOT NULL, received_at timestamptz NOT NULL,
            content_sha256 text NOT NULL, key_id text NOT NULL UNIQUE,
            header jsonb NOT NULL, files jsonb NOT NULL, receipt bytea NOT NULL)
    """)
    op.execute("CREATE INDEX inbox_sequence ON inbox (sender, basis_kind, basis_id, sequence)")
    # Only the receiving door writes here; everything in it that is personal lies in the vault.
    secure("inbox", grant="SELECT, INSERT", check="tb_system()")
