"""What is done in a child's own file stands in its case's timeline for who is on the file's list.

Safe with the previous release running: that writes such events under the case, as before.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0310"
down_revision = "0300"

# As the caller, not as its owner: what the caller does not see is not in their timeline.
_SUBJECTS = """
CREATE OR REPLACE FUNCTION tb_case_subjects(the_case text) RETURNS SETOF text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id FROM outcome_duties WHERE case_id = the_case
    UNION ALL SELECT id FROM welfare_records WHERE case_id = the_case
    UNION ALL SELECT id FROM exhibits WHERE case_id = the_case
    UNION ALL SELECT id FROM disclosures WHERE case_id = the_case
    UNION ALL SELECT id FROM child_files WHERE case_id = the_case
$$
"""


def upgrade() -> None:
    """Add the children's own files."""
    short_locks()
    op.execute(_SUBJECTS)
