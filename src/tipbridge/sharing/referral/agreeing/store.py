"""Every SQL statement that counts what went each way between two nodes."""

from datetime import datetime

from sqlalchemy import Connection, text

_SENT = text("""
    SELECT p ->> 'data_class' AS data_class, count(DISTINCT r.id) AS referrals
      FROM referrals r CROSS JOIN LATERAL jsonb_array_elements(r.decision -> 'parts') p
     WHERE r.direction = 'out' AND r.peer_id = :peer AND r.purpose = :purpose
       AND r.package_id IS NOT NULL AND r.opened_at >= :since AND (p ->> 'released')::boolean
     GROUP BY 1
""")
_CAME = text("""
    SELECT p.data_class, count(DISTINCT r.id) AS referrals
      FROM referrals r JOIN referral_parts p ON p.referral_id = r.id
     WHERE r.direction = 'in' AND r.peer_id = :peer AND r.purpose = :purpose
       AND r.opened_at >= :since AND p.label NOT LIKE 'release/%'
     GROUP BY 1
""")
_WHOLE = text("""
    SELECT direction, count(*) AS referrals FROM referrals
     WHERE peer_id = :peer AND purpose = :purpose AND opened_at >= :since
       AND (direction = 'in' OR package_id IS NOT NULL)
     GROUP BY 1
""")


def count_sent(db: Connection, peer: str, purpose: str, since: datetime) -> dict[str, int]:
    """In how many sent referrals each class of data was let out."""
    found = db.execute(_SENT, {"peer": peer, "purpose": purpose, "since": since})
    return {row.data_class: row.referrals for row in found}


def count_came(db: Connection, peer: str, purpose: str, since: datetime) -> dict[str, int]:
    """In how many received referrals each class of data is; what was deleted is not there."""
    found = db.execute(_CAME, {"peer": peer, "purpose": purpose, "since": since})
    return {row.data_class: row.referrals for row in found}


def count_whole(db: Connection, peer: str, purpose: str, since: datetime) -> dict[str, int]:
    """How many referrals went out and came in, by direction, deleted ones included."""
    found = db.execute(_WHOLE, {"peer": peer, "purpose": purpose, "since": since})
    return {row.direction: row.referrals for row in found}
