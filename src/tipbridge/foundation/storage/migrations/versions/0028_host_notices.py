"""Removal notices that reached a host's own node, its answers, and the package of a notice."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add the column, make the tables."""
    short_locks()
    op.execute("ALTER TABLE removal_notices ADD COLUMN package_id text UNIQUE")
    op.execute(f"GRANT UPDATE (package_id) ON removal_notices TO {APP_ROLE}")
    op.execute("""
        CREATE TABLE host_notices (
            package_id text PRIMARY KEY, peer_id text NOT NULL, notice text NOT NULL,
            sender text NOT NULL, synthetic boolean NOT NULL, step text NOT NULL,
            host text NOT NULL, address text NOT NULL, made_at timestamptz NOT NULL,
            subject text NOT NULL, text text NOT NULL, received_at timestamptz NOT NULL,
            unit_id int NOT NULL REFERENCES units (id) DEFAULT 1,
            restricted boolean NOT NULL DEFAULT false, members text[] NOT NULL DEFAULT '{}')
    """)
    op.execute("CREATE INDEX host_notices_newest ON host_notices (received_at)")
    secure(
        "host_notices",
        grant="SELECT, INSERT, UPDATE",
        using="tb_sees(unit_id, restricted, members)",
    )
    op.execute("""
        CREATE TABLE host_answers (
            package_id text PRIMARY KEY,
            notice_package text NOT NULL REFERENCES host_notices (package_id),
            kind text NOT NULL, at timestamptz NOT NULL, by text NOT NULL)
    """)
    op.execute("CREATE INDEX host_answers_notice ON host_answers (notice_package)")
    secure(
        "host_answers",
        grant="SELECT, INSERT",
        using="EXISTS (SELECT 1 FROM host_notices n WHERE n.package_id = notice_package)",
    )
