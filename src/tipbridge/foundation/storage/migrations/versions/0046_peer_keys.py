"""The keys of peers: those that follow each other, and from when one counts no more."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    """Make the table; what is pinned is its first content."""
    short_locks()
    op.execute("""
        CREATE TABLE peer_keys (
            key_id text PRIMARY KEY, node_id text NOT NULL REFERENCES peers (node_id),
            card bytea NOT NULL, pinned_at timestamptz NOT NULL, vouched_by text NOT NULL,
            revoked_from timestamptz, revoked_at timestamptz, revoked_by text,
            CHECK ((revoked_from IS NULL) = (revoked_at IS NULL)))
    """)
    op.execute("CREATE INDEX peer_keys_node ON peer_keys (node_id)")
    _pin_what_is_known()
    secure(
        "peer_keys",
        grant="SELECT, INSERT, UPDATE (revoked_from, revoked_at, revoked_by)",
    )
    op.execute(f"GRANT UPDATE (card) ON peers TO {APP_ROLE}")


def _pin_what_is_known() -> None:
    """A key's id is the digest of the public key that the card's payload names."""
    op.execute("SELECT set_config('tipbridge.actor', 'system', true)")
    op.execute("SELECT set_config('tipbridge.actor_kind', 'system', true)")
    op.execute("""
        INSERT INTO peer_keys (key_id, node_id, card, pinned_at, vouched_by)
        SELECT encode(sha256(decode(payload ->> 'signing_key', 'hex')), 'hex'),
               node_id, card, added_at, 'voice'
          FROM (SELECT node_id, card, added_at, convert_from(decode(
                    convert_from(card, 'UTF8')::jsonb ->> 'payload', 'base64'), 'UTF8')::jsonb
                    AS payload FROM peers) AS pinned
    """)
    op.execute("SELECT set_config('tipbridge.actor', '', true)")
    op.execute("SELECT set_config('tipbridge.actor_kind', '', true)")
