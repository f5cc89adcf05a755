"""Items are found by each of their digests, demands by what they ask about.

Safe with the previous release running: indexes alone.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0204"
down_revision = "0203"


def upgrade() -> None:
    """Make the indexes."""
    short_locks()
    op.execute("CREATE INDEX case_items_sha1 ON case_items (sha1) WHERE sha1 IS NOT NULL")
    op.execute("CREATE INDEX case_items_md5 ON case_items (md5) WHERE md5 IS NOT NULL")
    op.execute("CREATE INDEX case_demands_ip ON case_demands (ip) WHERE ip IS NOT NULL")
    op.execute(
        "CREATE INDEX case_demands_account ON case_demands (account) WHERE account IS NOT NULL"
    )
