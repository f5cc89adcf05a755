"""Every SQL statement about which referrals are in a case already."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from tipbridge.police.cases.tables import case_referrals


def taken_of(db: Connection, referral_ids: Collection[str]) -> set[str]:
    """Those of these referrals that a case which the actor sees was opened by or is fed by."""
    query = select(case_referrals.c.referral_id).where(
        case_referrals.c.referral_id.in_([*referral_ids])
    )
    return set(db.execute(query).scalars())
