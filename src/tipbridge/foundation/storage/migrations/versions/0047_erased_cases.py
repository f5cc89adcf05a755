"""Nothing new goes into a case that was erased: the second wall behind the actions."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0047"
down_revision = "0046"

# The case is locked as its foreign key would, so that of an erasure at the same time the end
# is waited for and seen.
_REFUSE = """
CREATE FUNCTION tb_refuse_erased() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone timestamptz;
BEGIN
    SELECT erased_at INTO gone FROM cases WHERE id = NEW.case_id FOR KEY SHARE;
    IF gone IS NOT NULL THEN
        RAISE EXCEPTION 'the case % was erased; nothing new goes into it', NEW.case_id;
    END IF;
    RETURN NEW;
END $$
"""
_TABLES = """
DO $$
DECLARE
    child text;
BEGIN
    FOR child IN
        SELECT c.conrelid::regclass::text
          FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.confrelid = 'cases'::regclass AND a.attname = 'case_id'
           AND c.conrelid <> 'case_erasures'::regclass
         GROUP BY 1
    LOOP
        EXECUTE format('CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON %s'
            ' FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()', child);
    END LOOP;
END $$
"""


def upgrade() -> None:
    """Make the function and, on each table of a case, its trigger."""
    short_locks()
    op.execute(_REFUSE)
    op.execute(_TABLES)
