"""Which lists nobody keeps any more, whoever asks; and what waits to be taken over because of it.

Safe with the previous release running: it counts by the function it knows, and reads no new table.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import secure, short_locks

revision = "0140"
down_revision = "0131"

# Who keeps a list can use it and let others in: an investigator who works here, is on it, and sees
# the case. An administrator sees no restricted case: lists are found as the system, by number alone.
_UNKEPT = """
CREATE FUNCTION tb_lists_unkept(
    the_member text, the_roles text[], the_unit int, works_here boolean)
RETURNS TABLE (kind text, list_id text, case_id text, number text, unit_id int)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    actor_kind text := coalesce(current_setting('tipbridge.actor_kind', true), '');
BEGIN
    PERFORM set_config('tipbridge.actor_kind', 'system', true);
    RETURN QUERY WITH RECURSIVE below (top, unit) AS (
        SELECT id, id FROM units
         UNION SELECT b.top, u.id FROM below b JOIN units u ON u.parent_id = b.unit),
    keepers (who, unit) AS (
        SELECT s.id, CASE WHEN s.id = the_member THEN the_unit ELSE s.unit_id END FROM staff s
         WHERE CASE WHEN s.id = the_member THEN works_here AND 'investigator' = ANY (the_roles)
               ELSE s.active AND 'investigator' = ANY (s.roles) END
         UNION ALL SELECT 'console', id FROM units WHERE parent_id IS NULL),
    reach (who, unit) AS (SELECT k.who, b.unit FROM keepers k JOIN below b ON b.top = k.unit)
    SELECT 'case', c.id, c.id, c.number, c.unit_id FROM cases c
     WHERE c.restricted AND c.erased_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM reach r WHERE r.who = ANY (c.members) AND r.unit = c.unit_id)
    UNION ALL
    SELECT 'child-file', f.id, c.id, c.number, c.unit_id
      FROM child_files f JOIN cases c ON c.id = f.case_id
     WHERE c.erased_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM reach r WHERE r.who = ANY (f.members) AND r.unit = c.unit_id
           AND (NOT c.restricted OR r.who = ANY (c.members)))
    UNION ALL
    SELECT 'welfare-record', w.id, c.id, c.number, c.unit_id
      FROM welfare_records w JOIN cases c ON c.id = w.case_id
     WHERE w.narrowed AND c.erased_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM keepers k WHERE k.who = ANY (w.members))
    ORDER BY 4, 1, 2;
    PERFORM set_config('tipbridge.actor_kind', actor_kind, true);
END $$
"""


def upgrade() -> None:
    """Make the function and the table; the count of the release before goes with the next one."""
    short_locks()
    op.execute(_UNKEPT)
    op.execute("""
        CREATE TABLE case_lists_left (
            id text PRIMARY KEY, case_id text NOT NULL REFERENCES cases (id),
            number text NOT NULL, kind text NOT NULL, list_id text NOT NULL,
            case_unit int NOT NULL REFERENCES units (id),
            for_unit int NOT NULL REFERENCES units (id), noted_at timestamptz NOT NULL,
            ended text, ended_at timestamptz, taken_by text, grounds text,
            CHECK (kind IN ('case', 'child-file', 'welfare-record')),
            CHECK (ended IN ('taken-over', 'kept-again')),
            CHECK ((ended IS NULL) = (ended_at IS NULL)),
            CHECK ((ended IS NOT DISTINCT FROM 'taken-over') = (taken_by IS NOT NULL)),
            CHECK ((taken_by IS NULL) = (grounds IS NULL)))
    """)
    op.execute(
        "CREATE UNIQUE INDEX case_lists_left_open ON case_lists_left (kind, list_id)"
        " WHERE ended IS NULL"
    )
    op.execute("CREATE INDEX case_lists_left_case ON case_lists_left (case_id)")
    # Whoever supervises sees that a list is left, by the case's number, and nothing else of it.
    seen = "tb_system() OR for_unit = ANY (tb_units())"
    secure(
        "case_lists_left",
        grant="SELECT, INSERT, UPDATE (ended, ended_at, taken_by, grounds)",
        using=seen,
    )
    op.execute("ALTER TABLE case_lists_left ALTER grounds SET STATISTICS 0")
    op.execute(
        "CREATE TRIGGER refuse_erased BEFORE INSERT OR UPDATE OF case_id ON case_lists_left"
        " FOR EACH ROW EXECUTE FUNCTION tb_refuse_erased()"
    )
