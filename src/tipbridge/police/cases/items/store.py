"""Every SQL statement about the files of cases. A file stands once for each referral that names it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    ScalarSelect,
    Text,
    bindparam,
    distinct,
    exists,
    func,
    or_,
    select,
    text,
)

from tipbridge.police.cases.items.model import Digests
from tipbridge.police.cases.referred import Item, Match
from tipbridge.police.cases.rows import to_match
from tipbridge.police.cases.tables import case_items, case_seized_files

_NAMES = ("sha256", "sha1", "md5")
_TWIN = case_items.alias("twin").c
_MATCHES = text("""
    SELECT DISTINCT c.id AS case_id, c.unit_id, c.restricted, c.opened_at, 'file' AS kind
      FROM (SELECT case_id FROM case_items WHERE sha256 = ANY (:sha256)
             UNION ALL SELECT case_id FROM case_seized_files WHERE sha256 = ANY (:sha256)
             UNION ALL SELECT case_id FROM case_items
              WHERE sha1 = ANY (:sha1_alone) OR sha1 = ANY (:sha1) AND sha256 IS NULL
             UNION ALL SELECT case_id FROM case_items
              WHERE md5 = ANY (:md5_alone) OR md5 = ANY (:md5) AND sha256 IS NULL) i
      JOIN cases c ON c.id = i.case_id
""").bindparams(
    *(
        bindparam(name, type_=ARRAY(Text))
        for name in ("sha256", "sha1", "md5", "sha1_alone", "md5_alone")
    )
)
_HOLD_SEIZED = text("""
    INSERT INTO case_seized_files (case_id, sha256, exhibit_id, added_at)
    SELECT :case_id, sha256, :exhibit_id, :at FROM unnest(:digests) AS line (sha256)
    ON CONFLICT DO NOTHING
""").bindparams(bindparam("digests", type_=ARRAY(Text)))
_ADD = text("""
    INSERT INTO case_items
           (case_id, sha256, sha1, md5, size_bytes, referral_id, label, added_at)
    SELECT :case_id, sha256, sha1, md5, size_bytes, :referral_id, label, :at
      FROM unnest(:sha256s, :sha1s, :md5s, :sizes, :labels)
        AS line (sha256, sha1, md5, size_bytes, label)
    ON CONFLICT DO NOTHING
""").bindparams(
    *(bindparam(name, type_=ARRAY(Text)) for name in ("sha256s", "sha1s", "md5s", "labels")),
    bindparam("sizes", type_=ARRAY(BigInteger)),
)
_CARRY = text("""
    INSERT INTO case_items (case_id, sha256, sha1, md5, size_bytes, referral_id, label, added_at)
    SELECT :target, sha256, sha1, md5, size_bytes, referral_id, label, added_at
      FROM case_items WHERE case_id = :source AND referral_id = :referral
    ON CONFLICT DO NOTHING
""")


def items_in(case_id: ColumnElement[str]) -> ScalarSelect[int]:
    """How many files are reported in a case, each once; by the index where SHA-256 is known."""
    table = case_items.c
    lone = case_items.alias("lone").c
    named = select(func.count(distinct(table.sha256))).where(table.case_id == case_id)
    others = select(func.count(distinct(func.coalesce(lone.sha1, lone.md5)))).where(
        lone.case_id == case_id,
        lone.sha256.is_(None),
        ~exists().where(
            _TWIN.case_id == case_id,
            _TWIN.sha256.is_not(None),
            or_(_TWIN.sha1 == lone.sha1, _TWIN.md5 == lone.md5),
        ),
    )
    return select(named.scalar_subquery() + others.scalar_subquery()).scalar_subquery()


def add_items(
    db: Connection, case_id: str, referral_id: str, items: Sequence[Item], at: datetime
) -> int:
    """Add the files that a referral names; says how many the case did not know."""
    before = item_count(db, case_id)
    db.execute(
        _ADD,
        {
            "case_id": case_id,
            "referral_id": referral_id,
            "at": at,
            "sha256s": [item.sha256 for item in items],
            "sha1s": [item.sha1 for item in items],
            "md5s": [item.md5 for item in items],
            "sizes": [item.size_bytes for item in items],
            "labels": [item.label for item in items],
        },
    )
    return item_count(db, case_id) - before


_COUNT = select(items_in(bindparam("id", type_=Text)))


def carry_items(db: Connection, source: str, referral_id: str, target: str) -> None:
    """Let the files that a referral names in one case be in another one too."""
    db.execute(_CARRY, {"source": source, "referral": referral_id, "target": target})


def remove_items(db: Connection, case_id: str, referral_ids: Iterable[str]) -> None:
    """Let a case have no file any more that these referrals alone named."""
    table = case_items.c
    query = case_items.delete().where(table.case_id == case_id)
    db.execute(query.where(table.referral_id.in_([*referral_ids])))


def item_count(db: Connection, case_id: str) -> int:
    """How many files referrals reported in a case, each once."""
    return db.execute(_COUNT, {"id": case_id}).scalar_one()


def cases_with_items(db: Connection, files: Iterable[Digests]) -> list[Match]:
    """The cases in which one of these files was reported, or found on an exhibit.

    Shape: by SHA-256; by SHA-1 or MD5 where one of the two sides has no SHA-256.
    """
    asked: dict[str, list[str]] = {name: [] for name in (*_NAMES, "sha1_alone", "md5_alone")}
    for sha256, sha1, md5 in files:
        alone = "" if sha256 else "_alone"
        named = (("sha256", sha256), (f"sha1{alone}", sha1), (f"md5{alone}", md5))
        for name, digest in named:
            if digest is not None:
                asked[name].append(digest)
    return [to_match(row) for row in db.execute(_MATCHES, asked).mappings()]


def digests_of(db: Connection, case_id: str) -> list[Digests]:
    """The files reported in a case or found on its exhibits."""
    reported, seized = case_items.c, case_seized_files.c
    query = select(reported.sha256, reported.sha1, reported.md5).where(reported.case_id == case_id)
    found = select(seized.sha256).where(seized.case_id == case_id)
    known = {(row.sha256, row.sha1, row.md5) for row in db.execute(query)}
    return [*known, *((sha256, None, None) for sha256 in db.execute(found).scalars())]


def hold_seized(
    db: Connection, case_id: str, exhibit_id: str, digests: Sequence[str], at: datetime
) -> None:
    """Note the files, by SHA-256, that were found on an exhibit of a case; again changes nothing."""
    given = {"case_id": case_id, "exhibit_id": exhibit_id, "digests": list(digests), "at": at}
    db.execute(_HOLD_SEIZED, given)
