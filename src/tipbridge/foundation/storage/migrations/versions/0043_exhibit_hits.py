"""What lists say of files of an examination: exactly or near, with class, confidence, distance."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0043"
down_revision = "0042"

_OF_EXHIBIT = "exhibit_id IN (SELECT id FROM exhibits)"
_PLACES = "'file', 'stream', 'structure', 'slack', 'rest', 'carved', 'member'"
_LOOKED = "'nothing', 'known', 'known-good', 'no-list', 'compared', 'in-part', 'not-compared'"


def upgrade() -> None:
    """Make the table, add the columns; what was examined before was not compared by likeness."""
    short_locks()
    op.execute("""
        CREATE TABLE exhibit_hits (
            examination_id text NOT NULL, number int NOT NULL, place int NOT NULL,
            exhibit_id text NOT NULL REFERENCES exhibits (id),
            list_id text NOT NULL, list_name text NOT NULL, purpose text NOT NULL, mark text,
            confidence text NOT NULL
                CHECK (confidence IN ('unvoted', 'open', 'trusted', 'disputed')),
            by text NOT NULL
                CHECK (by IN ('digest', 'as-it-is', 'turned', 'as-shown', 'frame')),
            distance_bits int NOT NULL CHECK (distance_bits BETWEEN 0 AND 256),
            CHECK (by <> 'digest' OR distance_bits = 0),
            PRIMARY KEY (examination_id, number, place))
    """)
    secure("exhibit_hits", grant="SELECT, INSERT", using=_OF_EXHIBIT)
    op.execute(f"""
        ALTER TABLE exhibit_files
            ADD COLUMN looked text NOT NULL DEFAULT 'nothing' CHECK (looked IN ({_LOOKED})),
            ADD COLUMN look_reasons text[] NOT NULL DEFAULT '{{}}',
            DROP CONSTRAINT exhibit_files_place_check,
            ADD CONSTRAINT exhibit_files_place_check CHECK (place IN ({_PLACES}))
    """)
    op.execute(f"""
        ALTER TABLE exhibit_unprocessed
            DROP CONSTRAINT exhibit_unprocessed_place_check,
            ADD CONSTRAINT exhibit_unprocessed_place_check CHECK (place IN ({_PLACES}))
    """)
    op.execute("""
        ALTER TABLE exhibit_examinations
            ADD COLUMN near int NOT NULL DEFAULT 0, ADD COLUMN not_compared int NOT NULL DEFAULT 0
    """)
    # First seen: the same item in another case is looked up by digest, among findings alone.
    op.execute(
        "CREATE INDEX exhibit_files_items ON exhibit_files (sha256) WHERE finding IS NOT NULL"
    )
