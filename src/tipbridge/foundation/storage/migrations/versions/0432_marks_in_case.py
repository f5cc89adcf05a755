"""How the referrals of a case were marked is known to whoever sees the case: what holds them holds him too.

Safe with the previous release running: it does not ask.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0432"
down_revision = "0431"

# Of a referral that is closed to them the marks alone, and of no case that they do not see.
_MARKED = """
CREATE FUNCTION tb_marks_in_case(the_case text, the_referral text)
RETURNS TABLE (label text, data_class text, form text, value jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    actor_kind text := coalesce(current_setting('tipbridge.actor_kind', true), '');
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases c JOIN case_referrals f ON f.case_id = c.id
                    WHERE c.id = the_case AND f.referral_id = the_referral) THEN
        RETURN;
    END IF;
    PERFORM set_config('tipbridge.actor_kind', 'system', true);
    RETURN QUERY
        SELECT p.label, p.data_class, p.form, p.value
          FROM referral_parts p
         WHERE p.referral_id = the_referral AND starts_with(p.label, 'release/');
    PERFORM set_config('tipbridge.actor_kind', actor_kind, true);
END $$
"""


def upgrade() -> None:
    """Make the function."""
    short_locks()
    op.execute(_MARKED)
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_marks_in_case(text, text) TO {APP_ROLE}")
