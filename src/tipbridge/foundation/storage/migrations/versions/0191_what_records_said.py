"""What a welfare record and a child's own file said before, and who changed it.

Safe with the previous release running: it reads no new table, and keeps nothing of what it changes.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0191"
down_revision = "0190"


def upgrade() -> None:
    """Make both tables; each follows its record or file, is seen by the same and erased with it."""
    short_locks()
    op.execute("""
        CREATE TABLE welfare_changes (
            id text NOT NULL, fact text NOT NULL,
            welfare_id text NOT NULL REFERENCES welfare_records (id), before jsonb,
            changed_by text NOT NULL, changed_at timestamptz NOT NULL, PRIMARY KEY (id, fact))
    """)
    op.execute("""
        CREATE TABLE child_file_changes (
            id text NOT NULL, fact text NOT NULL,
            file_id text NOT NULL REFERENCES child_files (id), before text,
            changed_by text NOT NULL, changed_at timestamptz NOT NULL, PRIMARY KEY (id, fact))
    """)
    op.execute("CREATE INDEX welfare_changes_record ON welfare_changes (welfare_id)")
    op.execute("CREATE INDEX child_file_changes_file ON child_file_changes (file_id)")
    for table, of in (
        ("welfare_changes", "EXISTS (SELECT 1 FROM welfare_records w WHERE w.id = welfare_id)"),
        ("child_file_changes", "EXISTS (SELECT 1 FROM child_files f WHERE f.id = file_id)"),
    ):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN before SET STATISTICS 0")
        secure(table, grant="SELECT, INSERT", using=of)
