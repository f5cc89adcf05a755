"""A place is noted once by the digest of its address: an index holds no long text itself.

Safe with the previous release running: it names no index.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0341"
down_revision = "0340"


def upgrade() -> None:
    """Compare digests in the place of addresses, which may be longer than an index's row."""
    short_locks()
    op.execute("""
        CREATE FUNCTION tb_text_digest(said text) RETURNS bytea
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
        AS $$ SELECT sha256(convert_to(said, 'UTF8')) $$
    """)
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_text_digest(text) TO {APP_ROLE}")
    op.execute("ALTER TABLE removals DROP CONSTRAINT removals_case_id_address_key")
    op.execute("""
        CREATE UNIQUE INDEX removals_case_id_address_key
            ON removals (case_id, tb_text_digest(address))
    """)
