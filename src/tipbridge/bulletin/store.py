"""Every read of the bulletin, over the police rooms' tables; row-level security scopes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    RowMapping,
    Subquery,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import distinct_on

from tipbridge.bulletin.model import UNKNOWN, CaseRow, Dimension, PersonRow, Step
from tipbridge.knowledge.agreements.model import CASE_BY_CASE
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.knowledge.law.model import Stage
from tipbridge.police.cases.humans.tables import case_humans
from tipbridge.police.cases.tables import (
    case_items,
    case_people,
    case_person_referrals,
    case_referrals,
)
from tipbridge.police.evidence.tables import exhibit_files, exhibits
from tipbridge.police.outcomes.tables import outcome_decisions
from tipbridge.police.welfare.model import TalkWith
from tipbridge.police.welfare.tables import welfare_records, welfare_talks

AGREEMENT = "agreement"


def decided_people(db: Connection) -> list[PersonRow]:
    """Every police decision about somebody, with the facts recorded of them."""
    decisions, people = outcome_decisions.c, case_people.c
    first_referral, of_case = _first_about(), _first_of_case()
    first, first_known = first_referral.c, of_case.c
    said = _said_by_the_child()
    ages = outcome_decisions.c.advice["ages_at_act"]
    query = (
        select(
            decisions.person_id,
            decisions.case_id,
            decisions.decided_at,
            decisions.stage,
            decisions.custody,
            decisions.reason,
            decisions.law_of_decision,
            cast(ages["low"].astext, Integer).label("age_low"),
            cast(ages["high"].astext, Integer).label("age_high"),
            case_humans.c.human_id,
            people.offence,
            people.act,
            people.place_kind,
            people.school_level,
            people.self_produced,
            func.coalesce(people.motive, said.c.why).label("motive"),
            func.coalesce(first.origin, first_known.origin).label("origin"),
            func.coalesce(first.channel, first_known.channel).label("channel"),
            case(
                (first.origin.is_not(None), first.reported_at), else_=first_known.reported_at
            ).label("reported_at"),
            func.coalesce(first.received_at, first_known.received_at).label("received_at"),
        )
        .join(case_people, people.id == decisions.person_id)
        .outerjoin(first_referral, first.person_id == decisions.person_id)
        .outerjoin(of_case, first_known.case_id == decisions.case_id)
        .outerjoin(said, said.c.person_id == decisions.person_id)
        .outerjoin(
            case_humans,
            (case_humans.c.person_id == decisions.person_id) & case_humans.c.ended_at.is_(None),
        )
    )
    return [_person(row) for row in db.execute(query).mappings()]


def _said_by_the_child() -> Subquery:
    """Of each child, why it happened as was said in the last talk that told."""
    talk, record = welfare_talks.c, welfare_records.c
    return (
        select(record.person_id, talk.why)
        .join(welfare_records, record.id == talk.welfare_id)
        .where(
            talk.why.is_not(None),
            talk.talk_with == TalkWith.CHILD.value,
            talk.taken_back_at.is_(None),
        )
        .ext(distinct_on(record.person_id))
        .order_by(record.person_id, talk.on.desc(), talk.id.desc())
        .subquery("said")
    )


def _first_about() -> Subquery:
    """Of each person whom referrals name, the one of them that came first."""
    known, mention = case_referrals.c, case_person_referrals.c
    return (
        select(mention.person_id, *_way())
        .join(
            case_referrals,
            (known.referral_id == mention.referral_id) & (known.case_id == mention.case_id),
        )
        .ext(distinct_on(mention.person_id))
        .order_by(mention.person_id, *_coming())
        .subquery("first_about")
    )


def _first_of_case() -> Subquery:
    """Of each case, the referral that came first: the way of those whom no referral names."""
    known = case_referrals.c
    return (
        select(known.case_id, *_way())
        .ext(distinct_on(known.case_id))
        .order_by(known.case_id, *_coming())
        .subquery("first_of_case")
    )


def _way() -> tuple[Column[Any], ...]:
    known = case_referrals.c
    return known.origin, known.channel, known.reported_at, known.received_at


def _coming() -> tuple[Column[Any], ...]:
    known = case_referrals.c
    return known.received_at, known.reported_at, known.referral_id


def case_item_counts(db: Connection) -> list[CaseRow]:
    """Different files of each case: reported in its tips or found on its exhibits."""
    item, twin = case_items.c, case_items.alias("twin").c
    known = select(func.min(twin.sha256)).where(
        twin.case_id == item.case_id, or_(twin.sha1 == item.sha1, twin.md5 == item.md5)
    )
    same = func.coalesce(item.sha256, known.scalar_subquery(), item.sha1, item.md5)
    reported = select(item.case_id, same.label("sha256"))
    found = (
        select(exhibits.c.case_id, exhibit_files.c.sha256)
        .join(exhibit_files, exhibit_files.c.exhibit_id == exhibits.c.id)
        .where(exhibit_files.c.finding.is_not(None))
    )
    items = union(reported, found).subquery("items")
    held = (
        select(items.c.case_id, func.count().label("item_count")).group_by(items.c.case_id)
    ).subquery("held")
    query = select(
        outcome_decisions.c.case_id,
        func.coalesce(held.c.item_count, literal(0)).label("item_count"),
    ).distinct()
    query = query.outerjoin(held, held.c.case_id == outcome_decisions.c.case_id)
    return [CaseRow(case_id=row.case_id, items=row.item_count) for row in db.execute(query)]


def _person(row: RowMapping) -> PersonRow:
    low, high = row["age_low"], row["age_high"]
    return PersonRow(
        person_id=row["person_id"],
        case_id=row["case_id"],
        decided_at=row["decided_at"],
        ages_at_act=None if low is None or high is None else (low, high),
        facts=_facts(row),
        steps=_steps(row),
        law_of_decision=row["law_of_decision"],
        human=row["human_id"] or "",
        accuses=_accuses(row["law_of_decision"], Stage(row["stage"])),
    )


def _accuses(law: str, stage: Stage) -> bool:
    """Whether the law of a decision has its stage be one of an accused."""
    found = next((each for each in shipped_laws() if each.id == law), None)
    rule = None if found is None else found.stage_of(stage)
    return rule is not None and rule.accused


def _facts(row: RowMapping) -> Mapping[Dimension, str]:
    said = {True: "yes", False: "no", None: UNKNOWN}
    channel = row["channel"]
    codes = {
        Dimension.STAGE: row["stage"],
        Dimension.CUSTODY: row["custody"],
        Dimension.REASON: row["reason"],
        Dimension.OFFENCE: row["offence"],
        Dimension.ACT: row["act"],
        Dimension.PLACE: row["place_kind"],
        Dimension.SCHOOL: row["school_level"],
        Dimension.SELF_PRODUCED: said[row["self_produced"]],
        Dimension.MOTIVE: row["motive"],
        Dimension.ORIGIN: row["origin"],
        Dimension.CHANNEL: channel if channel in {None, CASE_BY_CASE} else AGREEMENT,
    }
    return {dimension: code or UNKNOWN for dimension, code in codes.items()}


def _steps(row: RowMapping) -> Mapping[Step, datetime]:
    times = {
        Step.REPORTED: row["reported_at"],
        Step.RECEIVED: row["received_at"],
        Step.DECIDED: row["decided_at"],
    }
    return {step: at for step, at in times.items() if at is not None}
