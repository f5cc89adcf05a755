"""Which case had a finding first: as it was known when an examination ended, and as it is known now."""

from sqlalchemy import Connection, Select, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from tipbridge.police.cases.tables import cases
from tipbridge.police.evidence.tables import exhibit_examinations, exhibit_files, exhibits


def seen_before(db: Connection, exhibit_id: str, examination_id: str) -> dict[str, str]:
    """For each finding of an examination: the first other case, of those seen, that had it before.

    Shape: what was examined after this examination ended does not count, so that a report says the
    same whenever it is read; `seen_since` has it.
    """
    this, other = exhibit_examinations.alias("examined"), exhibit_examinations.c
    ended = select(this.c.at).where(this.c.id == examination_id).scalar_subquery()
    query = _firsts(exhibit_id, examination_id).where(other.at <= ended)
    return {row.sha256: row.number for row in db.execute(query)}


def seen_since(db: Connection, exhibit_id: str, examination_id: str) -> dict[str, str]:
    """The same by all that was examined until now, where that is another case than was known then."""
    known = seen_before(db, exhibit_id, examination_id)
    found = db.execute(_firsts(exhibit_id, examination_id))
    return {row.sha256: row.number for row in found if known.get(row.sha256) != row.number}


def _firsts(exhibit_id: str, examination_id: str) -> Select[str, str]:
    here, there = exhibit_files.alias("here"), exhibit_files.alias("there")
    this = exhibits.alias("this")
    at = [[each.c.seized_at, each.c.added_at, each.c.id] for each in (exhibits, this)]
    return (
        select(here.c.sha256, cases.c.number)
        .ext(distinct_on(here.c.sha256))
        .join(there, there.c.sha256 == here.c.sha256)
        .join(exhibit_examinations, exhibit_examinations.c.id == there.c.examination_id)
        .join(exhibits, exhibits.c.id == there.c.exhibit_id)
        .join(cases, cases.c.id == exhibits.c.case_id)
        .join(this, this.c.id == exhibit_id)
        .where(
            here.c.examination_id == examination_id,
            here.c.finding.is_not(None),
            there.c.finding.is_not(None),
            cases.c.id != this.c.case_id,
            tuple_(*at[0]) < tuple_(*at[1]),
        )
        .order_by(here.c.sha256, exhibits.c.seized_at, cases.c.number)
    )
