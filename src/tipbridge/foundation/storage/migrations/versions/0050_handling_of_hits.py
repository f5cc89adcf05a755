"""How a list's word may be passed on stands with each hit; sentences name no list that may not be."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0050"
down_revision = "0049"

_UNNAMED = "('TLP:RED', 'TLP:AMBER+STRICT')"
_EXACT = "Exact match by digest with a list whose name may not be passed on."
_NEAR = (
    "Alike, not the same, as something on a list whose name may not be passed on; at the nearest"
)


def upgrade() -> None:
    """Take the code from the list; what no list has any more is held most strictly."""
    short_locks()
    op.execute(
        "SELECT set_config('tipbridge.actor', 'migration', true),"
        " set_config('tipbridge.actor_kind', 'system', true)"
    )
    for table in ("tip_list_hits", "tip_near_hits"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN handling text NOT NULL DEFAULT 'TLP:RED'")
        op.execute(
            f"UPDATE {table} h SET handling = l.handling FROM hash_lists l WHERE l.id = h.list_id"
        )
        op.execute(f"ALTER TABLE {table} ALTER COLUMN handling DROP DEFAULT")
    op.execute(f"""
        UPDATE tip_favours f SET text = '{_EXACT}' FROM tip_list_hits h
         WHERE h.report_id = f.report_id AND h.handling IN {_UNNAMED}
           AND f.text LIKE 'Exact match by digest with: %' AND strpos(f.text, h.list_name) > 0
    """)
    op.execute(f"""
        UPDATE tip_favours f
           SET text = regexp_replace(f.text, '^.*; at the nearest', '{_NEAR}')
          FROM tip_near_hits h
         WHERE h.report_id = f.report_id AND h.handling IN {_UNNAMED}
           AND f.text LIKE 'Alike, not the same: %' AND strpos(f.text, h.list_name) > 0
    """)
