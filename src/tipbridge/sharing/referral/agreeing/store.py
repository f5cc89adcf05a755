"""Every SQL statement that counts what went each way between two nodes."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, text

_SENT = text("""
    SELECT p ->> 'data_class' AS data_class, count(DISTINCT r.id) AS referrals
      FROM referrals r JOIN referral_steps s ON s.referral_id = r.id
     CROSS JOIN LATERAL jsonb_array_elements(r.decision -> 'parts') p
     WHERE r.direction = 'out' AND r.peer_id = :peer AND r.purpose = :purpose
       AND r.state NOT IN ('refused', 'lapsed') AND (p ->> 'released')::boolean
       AND s.step = 'released' AND s.node_id = :here AND s.at >= :since
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
    SELECT r.direction, count(*) AS referrals
      FROM referrals r LEFT JOIN referral_steps s
        ON s.referral_id = r.id AND s.step = 'released' AND s.node_id = :here
     WHERE r.peer_id = :peer AND r.purpose = :purpose AND r.state NOT IN ('refused', 'lapsed')
       AND CASE r.direction WHEN 'in' THEN r.opened_at ELSE s.at END >= :since
     GROUP BY 1
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Two nodes, a purpose and a first moment: of what went out its release, else its arrival."""

    here: str
    peer: str
    purpose: str
    since: datetime


def count_sent(db: Connection, between: Between) -> dict[str, int]:
    """In how many sent referrals each class of data was let out; what never arrived is not there."""
    found = db.execute(_SENT, asdict(between))
    return {row.data_class: row.referrals for row in found}


def count_came(db: Connection, between: Between) -> dict[str, int]:
    """In how many received referrals each class of data is; what was deleted is not there."""
    found = db.execute(_CAME, asdict(between))
    return {row.data_class: row.referrals for row in found}


def count_whole(db: Connection, between: Between) -> dict[str, int]:
    """How many referrals went out and came in, by direction, deleted ones included."""
    found = db.execute(_WHOLE, asdict(between))
    return {row.direction: row.referrals for row in found}
