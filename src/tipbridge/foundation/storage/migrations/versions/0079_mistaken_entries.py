"""What was recorded by mistake of a place, or as a case's number, stays, marked with who and why."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0079"
down_revision = "0075"


def upgrade() -> None:
    """Add who took an entry or a number back, when and why; and which answer or check made a step."""
    short_locks()
    op.execute("ALTER TABLE removal_steps ADD cause_id text")
    for table in (
        "removal_steps",
        "removal_checks",
        "removal_replies",
        "case_foreign_numbers",
    ):
        op.execute(f"""
            ALTER TABLE {table} ADD taken_back_at timestamptz, ADD taken_back_by text,
                ADD taken_back_because text,
                ADD CHECK ((taken_back_at IS NULL) = (taken_back_by IS NULL)
                           AND (taken_back_at IS NULL) = (taken_back_because IS NULL))
        """)
        op.execute(
            "GRANT UPDATE (taken_back_at, taken_back_by, taken_back_because)"
            f" ON {table} TO {APP_ROLE}"
        )
        op.execute(f"ALTER TABLE {table} ALTER COLUMN taken_back_because SET STATISTICS 0")
