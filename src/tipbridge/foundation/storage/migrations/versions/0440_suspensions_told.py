"""What the other party of an agreement says of its own suspension, and in which packages ours were said.

Safe with the previous release running: it does not ask, and says nothing. Suspensions that are there
were said to nobody.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0440"
down_revision = "0434"


def upgrade() -> None:
    """Make the table, and keep in which packages a suspension and its end were said."""
    short_locks()
    op.execute("""
        CREATE TABLE agreement_suspensions_told (
            sha256 text NOT NULL REFERENCES agreements (sha256), node_id text NOT NULL,
            starts_at timestamptz NOT NULL, ends_at timestamptz, reason text NOT NULL,
            package_id text NOT NULL, kept_at timestamptz NOT NULL,
            PRIMARY KEY (sha256, node_id, starts_at), CHECK (ends_at >= starts_at))
    """)
    # That somebody said it stays; only its end is added.
    secure(
        "agreement_suspensions_told", grant="SELECT, INSERT, UPDATE (ends_at, package_id, kept_at)"
    )
    op.execute(
        "ALTER TABLE agreement_suspensions ADD COLUMN said_in text, ADD COLUMN end_said_in text"
    )
    op.execute(f"GRANT UPDATE (said_in, end_said_in) ON agreement_suspensions TO {APP_ROLE}")
