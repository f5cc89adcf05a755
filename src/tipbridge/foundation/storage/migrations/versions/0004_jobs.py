"""The job queue in a schema of its own.

Its tables carry no row-level security: job arguments are ids only.
"""

from alembic import op
from procrastinate.schema import SchemaManager

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Install the queue's own schema under the name `queue`."""
    short_locks()
    op.execute("CREATE SCHEMA queue")
    op.execute("SET LOCAL search_path = queue")
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("SET LOCAL search_path = public")
    op.execute(f"GRANT USAGE ON SCHEMA queue TO {APP_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA queue TO {APP_ROLE}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA queue TO {APP_ROLE}")
    op.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA queue TO {APP_ROLE}")
