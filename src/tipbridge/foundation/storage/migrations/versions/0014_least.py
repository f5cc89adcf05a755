"""The node's own rows are for staff and the system; nobody writes another's audit event."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0014"
down_revision = "0013"

_INSIDE = "tb_kind() IN ('staff', 'system')"
_INSIDERS = (
    "units", "staff", "sessions", "agreements", "hash_lists", "hash_list_entries", "peers",
    "grants", "sequences", "outbox", "relayed_receipts",
)  # fmt: skip
_LOG = ("audit_entries", "audit_head", "audit_checkpoints")


def upgrade() -> None:
    """Narrow the policies: a provider or a peer node sees what is its own, and no more."""
    short_locks()
    for table in _INSIDERS:
        _narrow(table, using=_INSIDE, check=_INSIDE)
    _narrow("inbox", using=_INSIDE, check="tb_system()")
    for table in _LOG:
        _narrow(table, using=_INSIDE, check="tb_system()")
    _narrow("audit_pending", using="tb_system()", check="tb_acting()")
    _narrow(
        "audit_events",
        using=f"{_INSIDE} OR actor_id = tb_actor()",
        check="actor_id = tb_actor() AND actor_kind = tb_kind()",
    )


def _narrow(table: str, *, using: str, check: str) -> None:
    op.execute(f"ALTER POLICY {table}_rows ON {table} USING ({using}) WITH CHECK ({check})")
