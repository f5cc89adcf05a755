"""What was said of a number stays when it is the case's after all; a split keeps what it carried.

Safe with the previous release running: it empties what it always emptied, and a split of its own
carries nothing home.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, secure, short_locks

revision = "0111"
down_revision = "0110"


def upgrade() -> None:
    """Make the history of numbers, and name the referrals that a split carried."""
    short_locks()
    op.execute("""
        CREATE TABLE case_number_changes (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            agency text NOT NULL, number text NOT NULL,
            because text NOT NULL, taken_back_by text NOT NULL, taken_back_at timestamptz NOT NULL,
            restored_by text NOT NULL, restored_at timestamptz NOT NULL)
    """)
    op.execute("CREATE INDEX case_number_changes_case ON case_number_changes (case_id)")
    secure(
        "case_number_changes",
        grant="SELECT, INSERT",
        using="EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)",
    )
    for column in ("because", "number"):
        op.execute(f"ALTER TABLE case_number_changes ALTER {column} SET STATISTICS 0")
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_number_changes"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
    op.execute("ALTER TABLE case_relations ADD referrals text[] NOT NULL DEFAULT '{}'")
    # What a split carried is a copy; its undoing takes the copy out, and only that.
    op.execute(f"GRANT DELETE ON case_referrals, case_items, case_foreign_numbers TO {APP_ROLE}")
