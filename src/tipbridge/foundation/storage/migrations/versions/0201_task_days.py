"""A task gets another day, with the reason, and somebody else to do it.

Safe with the previous release running: it shows the new day as it showed the first one.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0201"
down_revision = "0200"


def upgrade() -> None:
    """Make the table of former days; it follows its task."""
    short_locks()
    op.execute(f"GRANT UPDATE (due_on, assigned_to) ON case_tasks TO {APP_ROLE}")
    op.execute("ALTER TABLE case_tasks ADD CONSTRAINT case_tasks_in_case UNIQUE (id, case_id)")
    op.execute("CREATE INDEX case_tasks_open ON case_tasks (due_on) WHERE done_at IS NULL")
    op.execute("""
        CREATE TABLE case_task_days (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            task_id text NOT NULL, was_due_on date, due_on date, because text NOT NULL,
            set_by text NOT NULL, set_at timestamptz NOT NULL,
            CHECK (was_due_on IS DISTINCT FROM due_on),
            CONSTRAINT case_task_days_follow FOREIGN KEY (task_id, case_id)
                REFERENCES case_tasks (id, case_id) ON UPDATE CASCADE)
    """)
    op.execute("CREATE INDEX case_task_days_case ON case_task_days (case_id)")
    op.execute("CREATE INDEX case_task_days_task ON case_task_days (task_id)")
    op.execute("ALTER TABLE case_task_days ALTER because SET STATISTICS 0")
    secure(
        "case_task_days",
        grant="SELECT, INSERT",
        using="EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)",
    )
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_task_days"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
