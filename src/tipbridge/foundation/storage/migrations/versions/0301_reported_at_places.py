"""The digest that a referral tells of a place stays with the place.

A case keeps each file once, under the referral that told of it first; a later one that names the
same file at another address told nothing of that place. Safe with the previous release running: it
does not know the column, and reads the case's files as before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0301"
down_revision = "0310"


def upgrade() -> None:
    """Add the column, filled with what the case's files tell."""
    short_locks()
    op.execute(
        "ALTER TABLE removals ADD reported_sha256 text CHECK (reported_sha256 ~ '^[0-9a-f]{64}$')"
    )
    op.execute(f"GRANT UPDATE (reported_sha256) ON removals TO {APP_ROLE}")
    op.execute("""
        UPDATE removals r SET reported_sha256 = i.sha256 FROM case_items i
         WHERE i.case_id = r.case_id AND i.referral_id = r.referral_id
           AND i.label = regexp_replace(r.label, '/?[^/]*$', '')
           AND i.sha256 ~ '^[0-9a-f]{64}$'
    """)
