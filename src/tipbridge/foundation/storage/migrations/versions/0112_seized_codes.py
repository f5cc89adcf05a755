"""What is written on seized things is compared with what other cases know.

Safe with the previous release running: it fills none of it.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0112"
down_revision = "0111"


def upgrade() -> None:
    """Make the table, and the index by which devices are found without their separators."""
    short_locks()
    op.execute("""
        CREATE TABLE case_seized_codes (
            case_id text NOT NULL REFERENCES cases (id), exhibit_id text NOT NULL,
            code text NOT NULL, added_at timestamptz NOT NULL,
            PRIMARY KEY (case_id, exhibit_id, code))
    """)
    op.execute("CREATE INDEX case_seized_codes_code ON case_seized_codes (code)")
    op.execute("ALTER TABLE case_seized_codes ALTER code SET STATISTICS 0")
    op.execute("""
        CREATE INDEX case_identifiers_code ON case_identifiers
            (upper(regexp_replace(value, '[^0-9A-Za-z]', '', 'g')))
            WHERE kind IN ('device', 'phone')
    """)
    secure(
        "case_seized_codes",
        grant="SELECT, INSERT",
        using="EXISTS (SELECT 1 FROM cases c WHERE c.id = case_id)",
    )
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_seized_codes"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
