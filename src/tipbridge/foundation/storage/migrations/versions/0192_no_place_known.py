"""That no place of a child's own material is known answers the day of the request for removal.

Safe with the previous release running: it reads and writes the other columns by name.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0192"
down_revision = "0181"


def upgrade() -> None:
    """Add the answer and its day; one has no meaning without the other."""
    short_locks()
    op.execute("""
        ALTER TABLE welfare_records ADD own_material text, ADD own_material_on date,
            ADD CHECK ((own_material IS NULL) = (own_material_on IS NULL))
    """)
