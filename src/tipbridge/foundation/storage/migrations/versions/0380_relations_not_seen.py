"""A relation to a case that somebody doesn't see stands in no other relation's way.

Safe with the previous release running: it names no index.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0380"
down_revision = "0365"


def upgrade() -> None:
    """What is seen is held once by the verb that makes it, one at a time; the index saw all."""
    short_locks()
    op.execute("DROP INDEX case_relations_held")
