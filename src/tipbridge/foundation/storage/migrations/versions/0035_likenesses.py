"""What files of reports are near to on hash lists, and what became of comparing each."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0035"
down_revision = "0034"

_OF_REPORT = "EXISTS (SELECT 1 FROM reports r WHERE r.id = report_id)"


def upgrade() -> None:
    """Make the tables; no statistics over text that will end."""
    short_locks()
    op.execute("""
        CREATE TABLE tip_file_looks (
            report_id bigint NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
            file_id text NOT NULL, looked text NOT NULL, reasons text[] NOT NULL,
            looked_at timestamptz,
            PRIMARY KEY (report_id, file_id))
    """)
    secure(
        "tip_file_looks",
        grant="SELECT, INSERT, UPDATE (looked, reasons, looked_at), DELETE",
        using=_OF_REPORT,
    )
    op.execute("""
        CREATE TABLE tip_near_hits (
            report_id bigint NOT NULL, file_id text NOT NULL, number int NOT NULL,
            list_id text NOT NULL, list_name text NOT NULL, purpose text NOT NULL, mark text,
            by text NOT NULL, distance_bits int NOT NULL CHECK (distance_bits BETWEEN 0 AND 256),
            PRIMARY KEY (report_id, file_id, number),
            FOREIGN KEY (report_id, file_id)
                REFERENCES tip_file_looks (report_id, file_id) ON DELETE CASCADE)
    """)
    secure("tip_near_hits", grant="SELECT, INSERT", using=_OF_REPORT)
    for table, column in (("tip_near_hits", "mark"), ("tip_file_looks", "reasons")):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
