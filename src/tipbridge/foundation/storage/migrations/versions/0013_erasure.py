"""Which tables hold text that has ended; and no statistics over text that will."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0013"
down_revision = "0012"

_TEXTS = {
    "reports": ("document",),
    "report_files": ("sent_name", "md5", "sha1", "sha256", "details"),
    "tip_ip_facts": ("label", "address", "prefix", "network"),
    "tip_person_facts": ("reasons", "place_service"),
    "tip_favours": ("about", "text"),
    "tip_duplicates": ("sha256",),
    "tip_list_hits": ("mark",),
    "tip_triage": ("reasons",),
    "leads": ("identifiers", "grounds"),
}


def upgrade() -> None:
    """Make the table of notes; keep samples of text out of the planner's statistics.

    An analysed table leaves samples of its values in the catalogue, and there they stay
    after their rows are gone.
    """
    short_locks()
    op.execute("""
        CREATE TABLE ended_texts (
            table_name text NOT NULL, ended_at timestamptz NOT NULL,
            PRIMARY KEY (table_name, ended_at))
    """)
    secure("ended_texts", grant="SELECT, INSERT, DELETE")
    for table, columns in _TEXTS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
