"""Which rules of the protocol a provider is held to."""

from datetime import datetime

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.postgresql import insert

from tipbridge.foundation.storage.plain import run
from tipbridge.tips.intake.tables import provider_strictness

_CHOSEN = "SELECT rule, mode FROM provider_strictness WHERE provider_id = %(id)s ORDER BY rule"


def chosen_modes(db: Connection, provider_id: str) -> dict[str, object]:
    """The rules that staff made strict or lenient for a provider; all others are as usual."""
    return dict(run(db, _CHOSEN, {"id": provider_id}).fetchall())


def set_mode(
    db: Connection, provider_id: str, rule: str, mode: str | None, *, at: datetime
) -> None:
    """Store how a provider is held to a rule; None makes it as usual again."""
    c = provider_strictness.c
    if mode is None:
        db.execute(delete(provider_strictness).where(c.provider_id == provider_id, c.rule == rule))
        return
    values = {"mode": mode, "changed_at": at}
    row = insert(provider_strictness).values(provider_id=provider_id, rule=rule, **values)
    db.execute(row.on_conflict_do_update(index_elements=["provider_id", "rule"], set_=values))
