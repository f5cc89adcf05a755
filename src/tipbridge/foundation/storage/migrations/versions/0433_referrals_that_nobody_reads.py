"""A restricted referral that none of those on its list can read any more waits to be taken over too.

Not safe with the previous release running: it has no word for a list that is of no case.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0433"
down_revision = "0432"

# As before for lists of cases. Who keeps a referral's can give it to somebody who may accept it; an
# administrator sees no restricted one: lists are found as the system, by number alone.
_UNKEPT = """
CREATE OR REPLACE FUNCTION tb_lists_unkept(
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
    givers (who, unit) AS (
        SELECT s.id, CASE WHEN s.id = the_member THEN the_unit ELSE s.unit_id END FROM staff s
         WHERE CASE WHEN s.id = the_member
               THEN works_here AND '{analyst,liaison,investigator}' && the_roles
               ELSE s.active AND '{analyst,liaison,investigator}' && s.roles END
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
    UNION ALL
    SELECT 'referral', f.id, NULL, f.id, f.unit_id FROM referrals f
     WHERE f.direction = 'in' AND f.restricted AND f.state <> 'recalled' AND NOT EXISTS (
        SELECT 1 FROM givers g JOIN below b ON b.top = g.unit
         WHERE g.who = ANY (f.members) AND b.unit = f.unit_id)
    ORDER BY 4, 1, 2;
    PERFORM set_config('tipbridge.actor_kind', actor_kind, true);
END $$
"""


def upgrade() -> None:
    """Let the function find them, and the table keep them without a case."""
    short_locks()
    op.execute(_UNKEPT)
    op.execute("ALTER TABLE case_lists_left ALTER case_id DROP NOT NULL")
    op.execute("ALTER TABLE case_lists_left DROP CONSTRAINT case_lists_left_kind_check")
    op.execute(
        "ALTER TABLE case_lists_left ADD CONSTRAINT case_lists_left_kind_check"
        " CHECK (kind IN ('case', 'child-file', 'welfare-record', 'referral')),"
        " ADD CONSTRAINT case_lists_left_of_case CHECK ((kind = 'referral') = (case_id IS NULL))"
    )
