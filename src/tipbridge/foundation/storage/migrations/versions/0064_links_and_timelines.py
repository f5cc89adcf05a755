"""A decided link can be opened again; a case's timeline holds what stands under its parts."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0064"
down_revision = "0063"

# As the caller, not as its owner: what the caller does not see is not in their timeline.
_SUBJECTS = """
CREATE FUNCTION tb_case_subjects(the_case text) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM outcome_duties WHERE case_id = the_case
    UNION ALL SELECT id FROM welfare_records WHERE case_id = the_case
    UNION ALL SELECT id FROM exhibits WHERE case_id = the_case
    UNION ALL SELECT id FROM disclosures WHERE case_id = the_case
$$
"""


def upgrade() -> None:
    """Make both."""
    short_locks()
    op.execute("ALTER TABLE case_links ADD reopened_at timestamptz, ADD reopened_by text")
    op.execute(f"GRANT UPDATE (reopened_at, reopened_by) ON case_links TO {APP_ROLE}")
    op.execute(_SUBJECTS)
    op.execute(f"GRANT EXECUTE ON FUNCTION tb_case_subjects(text) TO {APP_ROLE}")
