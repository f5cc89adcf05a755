"""The hashes that files were compared by are kept with the comparison, for lists that come later."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0051"
down_revision = "0050"


def upgrade() -> None:
    """Make the table; no statistics over what will end."""
    short_locks()
    op.execute("""
        CREATE TABLE tip_file_hashes (
            report_id bigint NOT NULL, file_id text NOT NULL, number int NOT NULL,
            by text NOT NULL, pdq text NOT NULL, quality int,
            PRIMARY KEY (report_id, file_id, number),
            FOREIGN KEY (report_id, file_id)
                REFERENCES tip_file_looks (report_id, file_id) ON DELETE CASCADE)
    """)
    secure(
        "tip_file_hashes",
        grant="SELECT, INSERT, DELETE",
        using="EXISTS (SELECT 1 FROM reports r WHERE r.id = report_id)",
    )
    op.execute("ALTER TABLE tip_file_hashes ALTER COLUMN pdq SET STATISTICS 0")
    op.execute(f"GRANT DELETE ON tip_near_hits TO {APP_ROLE}")
