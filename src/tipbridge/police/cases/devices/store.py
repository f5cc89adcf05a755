"""Every SQL statement about what is written on seized things."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Text, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert

from tipbridge.police.cases.referred import Match
from tipbridge.police.cases.rows import to_match
from tipbridge.police.cases.tables import case_seized_codes

_CODES = bindparam("codes", type_=ARRAY(Text))
# Always as the same device: what is written on a thing attaches no referral to a case.
_BEARING = text("""
    SELECT DISTINCT c.id AS case_id, c.unit_id, c.restricted, c.opened_at, 'device' AS kind
      FROM case_seized_codes s JOIN cases c ON c.id = s.case_id
     WHERE s.code = ANY (:codes) AND s.compared
""").bindparams(_CODES)
_NAMING = text("""
    SELECT DISTINCT c.id AS case_id, c.unit_id, c.restricted, c.opened_at, 'device' AS kind
      FROM case_identifiers i JOIN cases c ON c.id = i.case_id
     WHERE i.kind IN ('device', 'phone') AND i.taken_back_at IS NULL
       AND upper(regexp_replace(i.value, '[^0-9A-Za-z]', '', 'g')) = ANY (:codes)
""").bindparams(_CODES)


def hold(
    db: Connection,
    case_id: str,
    exhibit_id: str,
    codes: Collection[str],
    at: datetime,
    *,
    compared: bool = True,
) -> None:
    """Note what is written on an exhibit of a case; again changes nothing.

    Shape: what is not `compared` is found by a search alone.
    """
    rows = [
        {
            "case_id": case_id,
            "exhibit_id": exhibit_id,
            "code": code,
            "added_at": at,
            "compared": compared,
        }
        for code in codes
    ]
    if rows:
        db.execute(insert(case_seized_codes).on_conflict_do_nothing(), rows)


def codes_of(db: Connection, case_id: str) -> list[str]:
    """What is written on the exhibits of a case and compared with others."""
    table = case_seized_codes.c
    query = select(table.code).where(table.case_id == case_id, table.compared).distinct()
    return list(db.execute(query.order_by(table.code)).scalars())


def cases_bearing(db: Connection, codes: Sequence[str]) -> list[Match]:
    """The cases with an exhibit on which one of these is written."""
    found = db.execute(_BEARING, {"codes": list(codes)}).mappings()
    return [to_match(row) for row in found]


def cases_naming(db: Connection, codes: Sequence[str]) -> list[Match]:
    """The cases that know somebody by one of these, as a device or a phone number."""
    found = db.execute(_NAMING, {"codes": list(codes)}).mappings()
    return [to_match(row) for row in found]
