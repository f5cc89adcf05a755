"""Every SQL statement about publications: they are added and read, never changed."""

from sqlalchemy import Connection, RowMapping, select, text

from tipbridge.bulletin.model import Period
from tipbridge.bulletin.published.model import Publication
from tipbridge.bulletin.published.tables import bulletin_publications

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('bulletin.publishing'))")
_c = bulletin_publications.c


def one_at_a_time(db: Connection) -> None:
    """Let nobody else publish until this transaction ends."""
    db.execute(_LOCK)


def insert_publication(db: Connection, publication: Publication) -> None:
    """Keep what was published."""
    names = ("id", "published_at", "published_by", "digest", "figures")
    db.execute(
        bulletin_publications.insert().values(
            **{name: getattr(publication, name) for name in names},
            from_on=publication.period.from_on,
            to_on=publication.period.to_on,
        )
    )


def publications(db: Connection) -> list[Publication]:
    """Everything that was published, the latest period first."""
    query = select(bulletin_publications).order_by(_c.from_on.desc())
    return [_to_publication(row) for row in db.execute(query).mappings()]


def publication(db: Connection, id_: str) -> Publication | None:
    """One publication."""
    query = select(bulletin_publications).where(_c.id == id_)
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else _to_publication(row)


def _to_publication(row: RowMapping) -> Publication:
    return Publication(
        id=row["id"],
        period=Period(from_on=row["from_on"], to_on=row["to_on"]),
        published_at=row["published_at"],
        published_by=row["published_by"],
        digest=row["digest"],
        figures=row["figures"],
    )
