"""Every SQL statement about what is at a place, how it is classified and where it was offered."""

from datetime import datetime

from sqlalchemy import Connection, Subquery, func, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.cases.tables import case_items
from tipbridge.police.evidence.tables import exhibit_files, exhibits
from tipbridge.police.removals.items.tables import removal_offers
from tipbridge.police.removals.model import Classification, Offer, Removal, Vote
from tipbridge.police.removals.tables import removal_votes, removals

_SHA256 = func.coalesce(removals.c.reported_sha256, removals.c.named_sha256)


def reported_at(db: Connection, removal: Removal) -> str | None:
    """The SHA-256 of the file that a referral reports at a place."""
    query = select(removals.c.reported_sha256).where(removals.c.id == removal.id)
    return db.execute(query).scalar_one_or_none()


def digests_at(db: Connection, removal: Removal) -> list[str]:
    """The SHA-256 of what is at a place: as a referral reports it, or else as staff named it."""
    query = select(_SHA256).where(removals.c.id == removal.id)
    found = db.execute(query).scalar_one_or_none()
    return [] if found is None else [found]


def digests_of_places(name: str) -> Subquery:
    """The same of every place that the actor sees: one row for each place and digest."""
    query = select(removals.c.id.label("removal_id"), _SHA256.label("sha256"))
    stands = removals.c.taken_back_at.is_(None)
    return query.where(_SHA256.is_not(None), stands).subquery(name)


def report_item(db: Connection, case_id: str, exact_address: str, sha256: str) -> None:
    """Write down which file a referral reports at a place; what one told before stays."""
    table = removals.c
    query = removals.update().where(
        table.case_id == case_id,
        table.address == exact_address,
        table.reported_sha256.is_(None),
    )
    db.execute(query.values(reported_sha256=sha256))


def carry_item(db: Connection, from_id: str, removal_id: str) -> None:
    """Say of a place what is known of the one that moved there."""
    known = select(removals.c.reported_sha256, removals.c.named_sha256)
    row = db.execute(known.where(removals.c.id == from_id)).mappings().one()
    db.execute(removals.update().where(removals.c.id == removal_id).values(**row))


def holds_item(db: Connection, case_id: str, sha256: str) -> bool:
    """Whether a file of a case, reported or found on an exhibit, has this digest."""
    reported = select(case_items.c.sha256).where(
        case_items.c.case_id == case_id, case_items.c.sha256 == sha256
    )
    found = (
        select(exhibit_files.c.sha256)
        .join(exhibits, exhibits.c.id == exhibit_files.c.exhibit_id)
        .where(exhibits.c.case_id == case_id, exhibit_files.c.sha256 == sha256)
    )
    return db.execute(reported.union_all(found).limit(1)).first() is not None


def name_item(db: Connection, removal_id: str, sha256: str) -> None:
    """Write down which file is at a place."""
    query = removals.update().where(removals.c.id == removal_id)
    db.execute(query.values(named_sha256=sha256))


def put_vote(
    db: Connection, removal: Removal, *, by: str, classification: Classification, at: datetime
) -> None:
    """Write down how a member of staff classifies an item; the newest of each stands."""
    values = {"classification": classification.value, "at": at}
    query = insert(removal_votes).values(
        removal_id=removal.id, case_id=removal.case_id, by=by, **values
    )
    db.execute(query.on_conflict_do_update(index_elements=["removal_id", "by"], set_=values))


def votes_of(db: Connection, removal_id: str) -> list[Vote]:
    """The classifications of an item, one for each member of staff."""
    table = removal_votes.c
    query = select(table.by, table.classification, table.at).where(table.removal_id == removal_id)
    return [
        Vote(by=row.by, classification=Classification(row.classification), at=row.at)
        for row in db.execute(query.order_by(table.at, table.by))
    ]


def keep_offer(db: Connection, offer: Offer, case_id: str, *, by: str) -> None:
    """Keep that a digest was offered to a list; again changes nothing."""
    query = insert(removal_offers).values(
        removal_id=offer.removal_id,
        list_id=offer.list_id,
        sha256=offer.sha256,
        case_id=case_id,
        offered_at=offer.at,
        offered_by=by,
    )
    db.execute(query.on_conflict_do_nothing())


def offers_of(db: Connection, removal_id: str) -> list[Offer]:
    """The lists to which an item was offered."""
    table = removal_offers.c
    query = select(table.removal_id, table.list_id, table.sha256, table.offered_at.label("at"))
    rows = db.execute(query.where(table.removal_id == removal_id).order_by(table.offered_at))
    return [Offer(**row) for row in rows.mappings()]
