"""Files for lists are sorted in a table of their transaction; an owner's own ids are found at once."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    """Let the runtime role make temporary tables, and index items. The last release runs on with both."""
    short_locks()
    op.execute(f"""
        DO $$ BEGIN
            IF NOT has_database_privilege('{APP_ROLE}', current_database(), 'TEMPORARY') THEN
                EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {APP_ROLE}', current_database());
            END IF;
        END $$
    """)
    op.execute("""
        CREATE INDEX hash_list_entries_items ON hash_list_entries (list_id, item)
         WHERE removed_in IS NULL AND item IS NOT NULL
    """)
