"""The trace of a note that was brought elsewhere stays in its case when the person goes to another.

Following them could put it into the very case that the note went to, which ended the undoing of
a split. Safe with the previous release running: it writes the same rows.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0246"
down_revision = "0245"


def upgrade() -> None:
    """Let the trace name whom the note was about, wherever they are now."""
    short_locks()
    op.execute("ALTER TABLE case_moves DROP CONSTRAINT case_moves_follow")
    op.execute("""
        ALTER TABLE case_moves ADD CONSTRAINT case_moves_about
            FOREIGN KEY (person_id) REFERENCES case_people (id)
    """)
