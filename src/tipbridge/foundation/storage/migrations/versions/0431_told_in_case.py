"""What a referral said of a case's people is read by whoever sees the case, wherever it was placed.

Safe with the previous release running: it does not ask.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0431"
down_revision = "0430"

# The referral's own row is closed to them; whether it is restricted, and its parts about nobody
# else, are told of a case that they see, and of no other.
_TOLD = """
CREATE FUNCTION tb_told_in_case(the_case text, the_referral text)
RETURNS TABLE (label text, data_class text, form text, value jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    actor_kind text := coalesce(current_setting('tipbridge.actor_kind', true), '');
    opened boolean;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases c JOIN case_referrals f ON f.case_id = c.id
                    WHERE c.id = the_case AND f.referral_id = the_referral) THEN
        RETURN;
    END IF;
    opened := EXISTS (SELECT 1 FROM referrals r WHERE r.id = the_referral);
    PERFORM set_config('tipbridge.actor_kind', 'system', true);
    RETURN QUERY
        SELECT p.label, p.data_class, p.form, p.value
          FROM referral_parts p JOIN referrals r ON r.id = p.referral_id
          CROSS JOIN LATERAL (SELECT CASE WHEN p.data_class = 'favours'
            THEN coalesce(p.value ->> 'about', '') ELSE p.label END AS speaks_of) s
         WHERE p.referral_id = the_referral AND (opened OR NOT r.restricted)
           AND (s.speaks_of NOT LIKE 'people/%' OR EXISTS (
                SELECT 1 FROM case_person_referrals m
                 WHERE m.case_id = the_case AND m.referral_id = the_referral
                   AND starts_with(s.speaks_of || '/', m.label || '/')));
    PERFORM set_config('tipbridge.actor_kind', actor_kind, true);
END $$
"""


def upgrade() -> None:
    """Make the function."""
    short_locks()
    op.execute(_TOLD)
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_told_in_case(text, text) TO {APP_ROLE}")
