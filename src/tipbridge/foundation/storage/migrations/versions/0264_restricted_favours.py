"""Whether a referral that feeds a case is restricted is told to who sees that case.

Safe with the previous release running: it does not ask.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0264"
down_revision = "0271"

# The referral's own row is closed to them; of it this alone is told, and of no other referral.
_RESTRICTED = """
CREATE FUNCTION tb_referral_restricted(the_referral text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    actor_kind text := coalesce(current_setting('tipbridge.actor_kind', true), '');
    found boolean;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM case_referrals c WHERE c.referral_id = the_referral) THEN
        RETURN true;
    END IF;
    PERFORM set_config('tipbridge.actor_kind', 'system', true);
    SELECT r.restricted INTO found FROM referrals r WHERE r.id = the_referral;
    PERFORM set_config('tipbridge.actor_kind', actor_kind, true);
    RETURN coalesce(found, true);
END $$
"""


def upgrade() -> None:
    """Make the function."""
    short_locks()
    op.execute(_RESTRICTED)
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_referral_restricted(text) TO {APP_ROLE}")
