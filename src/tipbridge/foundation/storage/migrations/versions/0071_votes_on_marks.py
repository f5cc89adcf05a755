"""A vote on an entry of a hash list is a vote on its class; a feed knows us by a member's number."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0071"
down_revision = "0069"

_MARKS = """
    SELECT array_agg(DISTINCT coalesce(e.mark, '') ORDER BY coalesce(e.mark, ''))
      FROM hash_list_entries e
     WHERE e.list_id = v.list_id AND e.kind = v.kind AND e.digest = v.digest"""
_THEN = """
    SELECT max(number) FROM hash_list_versions n WHERE n.list_id = v.list_id
       AND CASE WHEN v.voter LIKE 'person:%' THEN n.activated_at ELSE n.prepared_at END <= v.at"""


def upgrade() -> None:
    """Give each vote the class that its entry had when it was cast."""
    short_locks()
    op.execute("ALTER TABLE hash_list_votes ADD marks text[], ADD feed_reason text")
    op.execute(f"""
        UPDATE hash_list_votes v SET marks = coalesce(
            ({_MARKS} AND e.added_in <= ({_THEN})
                AND (e.removed_in IS NULL OR e.removed_in > ({_THEN}))),
            ({_MARKS} AND e.removed_in IS NULL), '{{}}')
    """)
    op.execute("""
        ALTER TABLE hash_list_votes ALTER marks SET NOT NULL,
            DROP CONSTRAINT hash_list_votes_pkey,
            ADD PRIMARY KEY (list_id, kind, digest, voter, marks)
    """)
    op.execute(f"GRANT UPDATE (feed_reason) ON hash_list_votes TO {APP_ROLE}")
    op.execute("ALTER TABLE hash_feeds ADD member text")
