"""A place goes to another case with its whole history, by the database's own hand.

Safe with the previous release running: it never moves one.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import APP_ROLE, short_locks

revision = "0150"
down_revision = "0162"

_OF_PLACE = (
    "removal_steps",
    "removal_notices",
    "removal_replies",
    "removal_checks",
    "removal_votes",
    "removal_authorities",
    "removal_comparisons",
    "removal_offers",
)


def upgrade() -> None:
    """Let what is known of a place follow it."""
    short_locks()
    op.execute("ALTER TABLE removals ADD CONSTRAINT removals_in_case UNIQUE (id, case_id)")
    op.execute(f"GRANT UPDATE (case_id) ON removals TO {APP_ROLE}")
    for table in _OF_PLACE:
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_follow"
            " FOREIGN KEY (removal_id, case_id) REFERENCES removals (id, case_id)"
            " ON UPDATE CASCADE"
        )
