"""Numbers that a credential asked for and that are no reports of its provider."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text, update

from tipbridge.foundation.access.tables import provider_credentials, providers
from tipbridge.tips.intake.model import GuessAlarm
from tipbridge.tips.intake.tables import report_guesses

_MOST_ALARMS = 200
_COUNT = text("""
    INSERT INTO report_guesses AS g (id, credential_id, numbers, asked, since, last_at)
    VALUES (:id, :credential, ARRAY[CAST(:number AS bigint)], 1, :at, :at)
    ON CONFLICT (credential_id) WHERE seen_at IS NULL DO UPDATE
       SET asked = g.asked + 1, last_at = :at,
           numbers = CASE WHEN :number = ANY (g.numbers) OR cardinality(g.numbers) >= :most
                          THEN g.numbers ELSE g.numbers || CAST(:number AS bigint) END
    RETURNING g.id, cardinality(g.numbers) AS different, g.alarmed_at""")


def count_guess(
    db: Connection, row_id: str, *, credential_id: str, number: int, most: int, at: datetime
) -> str | None:
    """One more guess of a credential; the row's id when it has `most` numbers and no alarm yet.

    Shape: the same number again is no further guess.
    """
    found = db.execute(
        _COUNT,
        {"id": row_id, "credential": credential_id, "number": number, "most": most, "at": at},
    ).one()
    return found.id if found.different >= most and found.alarmed_at is None else None


def raise_alarm(db: Connection, row_id: str, at: datetime) -> None:
    """From now on staff are shown it."""
    g = report_guesses.c
    db.execute(update(report_guesses).where(g.id == row_id).values(alarmed_at=at))


def guess_alarms(db: Connection) -> list[GuessAlarm]:
    """Alarms, those nobody looked at first, then the newest."""
    g = report_guesses.c
    query = (
        select(
            g.id,
            providers.c.name.label("provider_name"),
            provider_credentials.c.username,
            g.since,
            g.alarmed_at,
            g.last_at,
            g.asked,
            g.seen_at,
            g.seen_by,
        )
        .join(provider_credentials, provider_credentials.c.id == g.credential_id)
        .join(providers, providers.c.id == provider_credentials.c.provider_id)
        .where(g.alarmed_at.is_not(None))
        .order_by(g.seen_at.is_not(None), g.alarmed_at.desc(), g.id)
        .limit(_MOST_ALARMS)
    )
    found: list[GuessAlarm] = []
    for row in db.execute(query).mappings():
        values: dict[str, Any] = {str(name): value for name, value in row.items()}
        found.append(GuessAlarm(**values))
    return found


def guess_alarms_unseen(db: Connection) -> int:
    """How many alarms nobody has looked at."""
    g = report_guesses.c
    query = select(func.count()).where(g.alarmed_at.is_not(None), g.seen_at.is_(None))
    return db.execute(query).scalar_one()


def see_guess_alarm(db: Connection, alarm_id: str, *, at: datetime, by: str) -> bool:
    """Write down who looked at an alarm; False when there is none that waits."""
    g = report_guesses.c
    change = update(report_guesses).where(
        g.id == alarm_id, g.alarmed_at.is_not(None), g.seen_at.is_(None)
    )
    return db.execute(change.values(seen_at=at, seen_by=by)).rowcount == 1
