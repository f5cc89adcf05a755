"""How many lists would be left to nobody when a member of staff ends, for whoever sees none of them."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0074"
down_revision = "0072"

# An administrator sees no restricted case: the lists are counted as the system, and no more is told.
_LEFT = """
CREATE FUNCTION tb_lists_left(the_member text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    kind text := coalesce(current_setting('tipbridge.actor_kind', true), '');
    counted bigint;
BEGIN
    PERFORM set_config('tipbridge.actor_kind', 'system', true);
    SELECT count(*) INTO counted FROM (
        SELECT members FROM cases WHERE restricted AND erased_at IS NULL
         UNION ALL SELECT members FROM child_files
         UNION ALL SELECT members FROM welfare_records WHERE narrowed) AS lists
     WHERE the_member = ANY (members) AND NOT EXISTS (
        SELECT 1 FROM staff s
         WHERE s.id = ANY (members) AND s.id <> the_member AND s.active);
    PERFORM set_config('tipbridge.actor_kind', kind, true);
    RETURN counted;
END $$
"""


def upgrade() -> None:
    """Make the function."""
    short_locks()
    op.execute(_LEFT)
