"""An examination says which versions of which lists it looked into.

Safe with the previous release running: what it examines says nothing of lists, as before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0392"
down_revision = "0391"


def upgrade() -> None:
    """Make the table; of examinations from before nothing is known."""
    short_locks()
    op.execute("""
        CREATE TABLE exhibit_searched (
            pass_id text NOT NULL REFERENCES exhibit_passes (id), number int NOT NULL,
            exhibit_id text NOT NULL REFERENCES exhibits (id), at timestamptz NOT NULL,
            since_entries int NOT NULL, lists jsonb NOT NULL, PRIMARY KEY (pass_id, number))
    """)
    secure(
        "exhibit_searched",
        grant="SELECT, INSERT",
        using="exhibit_id IN (SELECT id FROM exhibits)",
    )
