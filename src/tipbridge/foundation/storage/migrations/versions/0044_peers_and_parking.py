"""How peers stand, and received packages that could not be followed."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    op.execute("""
        CREATE TABLE peer_standing (
            peer_id text PRIMARY KEY REFERENCES peers (node_id),
            failures int NOT NULL CHECK (failures >= 0), closed_until timestamptz,
            slow boolean NOT NULL, clock_seconds int NOT NULL, clock_at timestamptz)
    """)
    secure(
        "peer_standing",
        grant="SELECT, INSERT, UPDATE (failures, closed_until, slow, clock_seconds, clock_at)",
    )
    op.execute("""
        CREATE TABLE parked_packages (
            package_id text PRIMARY KEY REFERENCES inbox (package_id),
            reason text NOT NULL, tries int NOT NULL CHECK (tries > 0),
            parked_at timestamptz NOT NULL, ended_at timestamptz)
    """)
    op.execute(
        "CREATE INDEX parked_packages_open ON parked_packages (parked_at) WHERE ended_at IS NULL"
    )
    secure("parked_packages", grant="SELECT, INSERT, UPDATE (reason, tries, ended_at)")
    op.execute("CREATE INDEX outbox_refused ON outbox (settled_at) WHERE state = 'refused'")
