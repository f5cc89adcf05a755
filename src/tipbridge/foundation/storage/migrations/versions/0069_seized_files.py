"""What was found on exhibits is compared between cases as what was reported is."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0069"
down_revision = "0068"


def upgrade() -> None:
    """Make the table, and take in what earlier examinations found."""
    short_locks()
    op.execute("""
        CREATE TABLE case_seized_files (
            case_id text NOT NULL REFERENCES cases (id), sha256 text NOT NULL,
            exhibit_id text NOT NULL, added_at timestamptz NOT NULL,
            PRIMARY KEY (case_id, sha256))
    """)
    op.execute("CREATE INDEX case_seized_files_sha256 ON case_seized_files (sha256)")
    op.execute("""
        INSERT INTO case_seized_files (case_id, sha256, exhibit_id, added_at)
        SELECT DISTINCT ON (x.case_id, f.sha256) x.case_id, f.sha256, x.id, e.at
          FROM exhibit_files f JOIN exhibits x ON x.id = f.exhibit_id
          JOIN exhibit_examinations e ON e.id = f.examination_id
         WHERE f.finding IS NOT NULL ORDER BY x.case_id, f.sha256, e.at
    """)
    secure(
        "case_seized_files",
        grant="SELECT, INSERT",
        using="EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)",
    )
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_seized_files"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
