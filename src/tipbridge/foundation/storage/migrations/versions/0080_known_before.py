"""What was known of a person before it changed, who changed it and why."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0080"
down_revision = "0079"

_IN_CASE = "EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)"


def upgrade() -> None:
    """Add the table; it follows its person, and is erased with them."""
    short_locks()
    op.execute("""
        CREATE TABLE case_person_changes (
            id text NOT NULL, fact text NOT NULL,
            case_id text NOT NULL REFERENCES cases (id), person_id text NOT NULL,
            before jsonb, withdrawn boolean NOT NULL, because text,
            changed_by text NOT NULL, changed_at timestamptz NOT NULL,
            corrects boolean NOT NULL, told_at timestamptz,
            PRIMARY KEY (id, fact),
            FOREIGN KEY (person_id, case_id) REFERENCES case_people (id, case_id)
                ON UPDATE CASCADE,
            CHECK (NOT withdrawn OR before IS NOT NULL))
    """)
    op.execute("CREATE INDEX case_person_changes_person ON case_person_changes (person_id)")
    op.execute("CREATE INDEX case_person_changes_case ON case_person_changes (case_id)")
    for column in ("before", "because"):
        op.execute(f"ALTER TABLE case_person_changes ALTER COLUMN {column} SET STATISTICS 0")
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_person_changes"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
    secure("case_person_changes", grant="SELECT, INSERT, UPDATE (told_at)", using=_IN_CASE)
