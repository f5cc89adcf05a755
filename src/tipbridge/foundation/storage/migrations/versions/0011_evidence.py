"""Exhibits, custody, examinations."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0011"
down_revision = "0010"

# An exhibit is seen by those who see its case, wherever the case goes. `IN` lets the server
# work the visible set out once a statement, not once a row.
_OF_CASE = "case_id IN (SELECT id FROM cases)"
_OF_EXHIBIT = "exhibit_id IN (SELECT id FROM exhibits)"


def upgrade() -> None:
    """Make the tables."""
    short_locks()
    op.execute("""
        CREATE TABLE exhibits (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            mark text NOT NULL, kind text NOT NULL CHECK (kind IN ('device', 'image', 'folder')),
            description text NOT NULL, identifiers text NOT NULL,
            seized_place text NOT NULL, seized_authority text NOT NULL,
            seized_at timestamptz NOT NULL, seized_by text NOT NULL,
            added_at timestamptz NOT NULL, UNIQUE (case_id, mark))
    """)
    secure("exhibits", grant="SELECT, INSERT", using=_OF_CASE)
    # Insert only: a chain of custody is added to, never changed.
    op.execute("""
        CREATE TABLE exhibit_custody (
            exhibit_id text NOT NULL REFERENCES exhibits (id), position int NOT NULL,
            kind text NOT NULL CHECK (kind IN
                ('seized', 'handed-over', 'received', 'examined', 'returned')),
            at timestamptz NOT NULL, giver text, taker text, reason text,
            faults text[] NOT NULL, recorded_by text NOT NULL, recorded_at timestamptz NOT NULL,
            PRIMARY KEY (exhibit_id, position),
            CHECK (cardinality(faults) = 0 OR length(trim(reason)) > 0))
    """)
    secure("exhibit_custody", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    _examinations()


def _examinations() -> None:
    op.execute("""
        CREATE TABLE exhibit_examinations (
            id text PRIMARY KEY, exhibit_id text NOT NULL REFERENCES exhibits (id),
            at timestamptz NOT NULL, examiner text NOT NULL, source text NOT NULL,
            tool text NOT NULL, total int NOT NULL, processed int NOT NULL,
            unprocessed int NOT NULL, size_bytes bigint NOT NULL, findings int NOT NULL,
            items int NOT NULL, lists text[] NOT NULL,
            CHECK (processed + unprocessed = total))
    """)
    op.execute("CREATE INDEX exhibit_examinations_exhibit ON exhibit_examinations (exhibit_id)")
    secure("exhibit_examinations", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute("""
        CREATE TABLE exhibit_files (
            examination_id text NOT NULL, number int NOT NULL,
            exhibit_id text NOT NULL REFERENCES exhibits (id), path text NOT NULL,
            size_bytes bigint NOT NULL, md5 text NOT NULL, sha1 text NOT NULL,
            sha256 text NOT NULL, finding text CHECK (finding IN ('listed', 'sorted')),
            list_ids text[] NOT NULL, PRIMARY KEY (examination_id, number))
    """)
    op.execute("CREATE INDEX exhibit_files_exhibit ON exhibit_files (exhibit_id)")
    secure("exhibit_files", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute("""
        CREATE TABLE exhibit_unprocessed (
            examination_id text NOT NULL, number int NOT NULL,
            exhibit_id text NOT NULL REFERENCES exhibits (id), path text NOT NULL,
            reason text NOT NULL, detail text NOT NULL, PRIMARY KEY (examination_id, number))
    """)
    secure("exhibit_unprocessed", grant="SELECT, INSERT", using=_OF_EXHIBIT)
