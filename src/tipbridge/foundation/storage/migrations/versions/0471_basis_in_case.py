"""Under what a referral of a case came is known to whoever sees the case, as its marks are: the agreement binds too.

Safe with the previous release running: it does not ask.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0471"
down_revision = "0470"

_CAME = """
CREATE FUNCTION tb_basis_in_case(the_case text, the_referral text)
RETURNS TABLE (kind text, id text)
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
        SELECT r.basis_kind, r.basis_id
          FROM referrals r
         WHERE r.id = the_referral AND r.basis_kind IS NOT NULL;
    PERFORM set_config('tipbridge.actor_kind', actor_kind, true);
END $$
"""


def upgrade() -> None:
    """Make the function."""
    short_locks()
    op.execute(_CAME)
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_basis_in_case(text, text) TO {APP_ROLE}")
