"""A place is free where another referral of its case that holds nothing names it; else the strictest mark holds it.

The words of 0410 were said by the referral that named a place first, and by its senders alone.
Safe with the previous release running: it knows these words.
"""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0434"
down_revision = "0433"

# What holds a referral: the strictest of what its senders said and of the agreement as it is held here.
_HOLDS = """
CREATE TEMPORARY TABLE holding ON COMMIT DROP AS
WITH said (referral_id, onward, tlp, pap) AS (
    SELECT referral_id, value -> 'conditions' ->> 'onward', value ->> 'tlp',
           value -> 'conditions' ->> 'pap'
      FROM referral_parts WHERE label LIKE 'release/%'
    UNION ALL
    SELECT r.id, a.terms -> 'originator' ->> 'onward', a.terms -> 'handling' ->> 'tlp',
           a.terms -> 'handling' ->> 'pap'
      FROM referrals r JOIN (
           SELECT sha256, convert_from(canonical, 'UTF8')::jsonb AS terms FROM agreements
            WHERE sha256 IN (SELECT basis_id FROM referrals WHERE basis_kind = 'agreement')) a
        ON r.basis_kind = 'agreement' AND r.basis_id = a.sha256 AND r.direction = 'in')
SELECT r.id AS referral_id,
       CASE WHEN bool_or(onward = 'never') THEN 1 WHEN bool_or(tlp = 'TLP:RED') THEN 2
            WHEN bool_or(pap = 'PAP:RED') THEN 3 WHEN bool_or(pap = 'PAP:AMBER') THEN 4 END AS rank
  FROM referrals r LEFT JOIN said s ON s.referral_id = r.id
 WHERE r.direction = 'in' GROUP BY r.id
"""
_NAMED = """
CREATE TEMPORARY TABLE naming ON COMMIT DROP AS
SELECT v.id AS place, bool_or(h.rank IS NULL) AS free, min(h.rank) AS rank
  FROM removals v
  JOIN case_referrals f ON f.case_id = v.case_id
  JOIN holding h ON h.referral_id = f.referral_id
 WHERE v.referral_id IS NOT NULL AND (f.referral_id = v.referral_id OR EXISTS (
       SELECT 1 FROM referral_parts p
        WHERE p.referral_id = f.referral_id AND p.value ->> 'url' = v.address
          AND (p.label LIKE 'incident/addresses/%' OR p.label LIKE '%/address')))
 GROUP BY v.id
"""


def upgrade() -> None:
    """Say anew what holds each place that a referral named."""
    short_locks()
    op.execute(_HOLDS)
    op.execute(_NAMED)
    op.execute("UPDATE removals v SET held_by = NULL FROM naming n WHERE n.place = v.id AND n.free")
    op.execute("""
        UPDATE removals v
           SET held_by = ('{onward:never,TLP:RED,PAP:RED,PAP:AMBER}'::text[])[n.rank]
          FROM naming n WHERE n.place = v.id AND NOT n.free
    """)
