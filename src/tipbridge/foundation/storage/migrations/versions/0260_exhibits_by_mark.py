"""An exhibit is found by its mark, and by what is too short on it to be compared.

Safe with the previous release running: what that writes is compared.
"""

import unicodedata

from alembic import op
from sqlalchemy import text

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0260"
down_revision = "0252"


def upgrade() -> None:
    """Add what tells the two apart, and the marks of the exhibits that are there."""
    short_locks()
    op.execute("ALTER TABLE case_seized_codes ADD compared boolean NOT NULL DEFAULT true")
    op.execute("SELECT set_config('tipbridge.actor', 'system', true)")
    op.execute("SELECT set_config('tipbridge.actor_kind', 'system', true)")
    _marks()
    op.execute("SELECT set_config('tipbridge.actor', '', true)")
    op.execute("SELECT set_config('tipbridge.actor_kind', '', true)")


def _marks() -> None:
    held = op.get_bind().execute(
        text(
            "SELECT e.id, e.case_id, e.mark, e.added_at FROM exhibits e"
            " JOIN cases c ON c.id = e.case_id WHERE c.erased_at IS NULL"
        )
    )
    for row in held.mappings().all():
        plain = unicodedata.normalize("NFKC", row["mark"]).upper()
        code = "".join(each for each in plain if each.isalnum())
        if code:
            op.get_bind().execute(
                text(
                    "INSERT INTO case_seized_codes (case_id, exhibit_id, code, added_at, compared)"
                    " VALUES (:case_id, :id, :code, :added_at, false) ON CONFLICT DO NOTHING"
                ),
                {name: row[name] for name in ("case_id", "id", "added_at")} | {"code": code},
            )
