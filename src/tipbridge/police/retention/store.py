"""Every SQL statement of retention; what is erased is erased by the database's own function."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from tipbridge.knowledge.law.model import Mark, Outcome, Source, Stage
from tipbridge.police.cases.joining.model import Relation
from tipbridge.police.cases.joining.tables import case_relations
from tipbridge.police.cases.tables import cases
from tipbridge.police.evidence.model import CustodyKind
from tipbridge.police.evidence.tables import exhibit_custody, exhibits
from tipbridge.police.outcomes.tables import outcome_decisions
from tipbridge.police.retention.model import Erased, Hold, HoldGround, Kept
from tipbridge.police.retention.tables import case_erasures, case_holds

_LOCK = select(cases.c.erased_at).with_for_update()
_PACKAGES = text("""
    SELECT r.package_id FROM referrals r
     WHERE r.id IN (SELECT tb_referrals_of(:case_id)) AND r.package_id IS NOT NULL
     ORDER BY r.package_id
""")
_REFERRALS = text("SELECT tb_referrals_of(:case_id) AS id ORDER BY id")


def referrals_of(db: Connection, case_id: str) -> tuple[str, ...]:
    """The referrals that feed a case and no other of which something is left."""
    return tuple(db.execute(_REFERRALS, {"case_id": case_id}).scalars())


def lock_case(db: Connection, case_id: str) -> datetime | None:
    """Let nobody hold or erase a case at the same time; when it was erased, if it was."""
    return db.execute(_LOCK.where(cases.c.id == case_id)).scalar_one()


def insert_hold(db: Connection, hold: Hold) -> None:
    """Write a hold down."""
    names = ("id", "case_id", "words", "placed_by", "placed_at")
    values = {name: getattr(hold, name) for name in names}
    db.execute(case_holds.insert().values(**values, ground=hold.ground.value))


def lift_hold(db: Connection, case_id: str, *, by: str, at: datetime, words: str) -> str | None:
    """Lift the hold that stands on a case; its id, if one stood."""
    c = case_holds.c
    query = case_holds.update().where(c.case_id == case_id, c.lifted_at.is_(None))
    query = query.values(lifted_by=by, lifted_at=at, lifted_words=words).returning(c.id)
    return db.execute(query).scalar_one_or_none()


def standing_holds(db: Connection, case_id: str | None = None) -> list[Hold]:
    """The holds that stand, of one case or of all that the actor sees."""
    query = select(case_holds).where(case_holds.c.lifted_at.is_(None))
    if case_id is not None:
        query = query.where(case_holds.c.case_id == case_id)
    rows = db.execute(query.order_by(case_holds.c.placed_at, case_holds.c.id)).mappings()
    return [
        Hold(
            id=row["id"],
            case_id=row["case_id"],
            ground=HoldGround(row["ground"]),
            words=row["words"],
            placed_by=row["placed_by"],
            placed_at=row["placed_at"],
        )
        for row in rows
    ]


def cases_decided_until(db: Connection, day: date) -> list[str]:
    """The cases of which something is left, and in which something was decided by a day.

    Shape: those first whose last decision is oldest, since their time comes first.
    """
    decided = outcome_decisions.c
    query = (
        select(cases.c.id)
        .join(outcome_decisions, decided.case_id == cases.c.id)
        .where(cases.c.erased_at.is_(None), decided.standing, decided.decided_on <= day)
        .group_by(cases.c.id)
        .order_by(func.max(decided.decided_on), cases.c.id)
    )
    return list(db.execute(query).scalars())


def exhibits_held(db: Connection, case_id: str) -> int:
    """How many exhibits of a case were neither given back nor destroyed."""
    back = select(exhibit_custody.c.exhibit_id).where(
        exhibit_custody.c.kind.in_((CustodyKind.RETURNED.value, CustodyKind.DESTROYED.value))
    )
    query = select(func.count()).where(exhibits.c.case_id == case_id, exhibits.c.id.not_in(back))
    return db.execute(query).scalar_one()


def is_merged(db: Connection, case_id: str) -> bool:
    """Whether a case stands inside another one of which something is left, or holds one."""
    c = case_relations.c
    other = select(cases.c.id).where(cases.c.erased_at.is_(None))
    merged = (c.relation == Relation.MERGED.value) & c.undone_at.is_(None)
    inside = (c.other_id == case_id) & c.case_id.in_(other)
    holds = (c.case_id == case_id) & c.other_id.in_(other)
    query = select(c.id).where(merged & (inside | holds)).limit(1)
    return db.execute(query).scalar_one_or_none() is not None


def packages_of(db: Connection, case_id: str) -> tuple[str, ...]:
    """The packages that came for a case and for no other of which something is left."""
    return tuple(db.execute(_PACKAGES, {"case_id": case_id}).scalars())


def erase_person(db: Connection, case_id: str, person_id: str) -> int | None:
    """Erase everything about somebody in a case; how many rows, None while it is held."""
    query = select(func.tb_erase_person(case_id, person_id))
    return _gone(db.execute(query).scalar_one())


def erase_case(db: Connection, case_id: str, at: datetime) -> int | None:
    """Erase everything of a case; how many rows, None while it is held or when it was before."""
    return _gone(db.execute(select(func.tb_erase_case(case_id, at))).scalar_one())


def _gone(rows: int) -> int | None:
    return None if rows < 0 else rows


def insert_erased(db: Connection, erased: Erased) -> None:
    """Keep what was erased: nobody's data."""
    kept = erased.kept
    db.execute(
        case_erasures.insert().values(
            id=erased.id,
            case_id=erased.case_id,
            erased_person=erased.person_id,
            outcome=kept.outcome.value,
            stage=None if kept.stage is None else kept.stage.value,
            rule=kept.source.rule,
            citation=kept.source.citation,
            citation_ko=kept.source.citation_ko,
            mark=kept.source.mark.value,
            kept_days=kept.days,
            ended_on=kept.ended_on,
            due_on=kept.due_on,
            rows_gone=erased.rows_gone,
            packages=list(erased.packages),
            erased_at=erased.erased_at,
            keys_gone_at=erased.keys_gone_at,
        )
    )


def erased_cases(db: Connection, *, limit: int) -> list[Erased]:
    """What was last erased of the cases that the actor sees, newest first."""
    c = case_erasures.c
    query = select(case_erasures).order_by(c.erased_at.desc(), c.id.desc()).limit(limit)
    return [_to_erased(row) for row in db.execute(query).mappings()]


def keys_left(db: Connection) -> list[Erased]:
    """Cases that were erased and whose keys may still be there."""
    c = case_erasures.c
    query = select(case_erasures).where(c.keys_gone_at.is_(None)).order_by(c.erased_at, c.id)
    return [_to_erased(row) for row in db.execute(query).mappings()]


def note_keys_gone(db: Connection, ids: Iterable[str], at: datetime) -> None:
    """Note that the keys are destroyed."""
    c = case_erasures.c
    db.execute(case_erasures.update().where(c.id.in_(list(ids))).values(keys_gone_at=at))


def numbers_of(db: Connection, case_ids: Iterable[str]) -> dict[str, str]:
    """The own numbers of cases."""
    query = select(cases.c.id, cases.c.number).where(cases.c.id.in_(list(case_ids)))
    return {row.id: row.number for row in db.execute(query)}


def _to_erased(row: Mapping[Any, Any]) -> Erased:
    return Erased(
        id=row["id"],
        case_id=row["case_id"],
        person_id=row["erased_person"],
        kept=Kept(
            outcome=Outcome(row["outcome"]),
            source=Source(
                rule=row["rule"],
                citation=row["citation"],
                citation_ko=row["citation_ko"],
                mark=Mark(row["mark"]),
            ),
            days=row["kept_days"],
            ended_on=row["ended_on"],
            due_on=row["due_on"],
            stage=None if row["stage"] is None else Stage(row["stage"]),
        ),
        rows_gone=row["rows_gone"],
        packages=tuple(row["packages"]),
        erased_at=row["erased_at"],
        keys_gone_at=row["keys_gone_at"],
    )
