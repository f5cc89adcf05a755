"""Every SQL statement on how long material stayed at a place."""

from datetime import datetime

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Subquery,
    and_,
    cast,
    exists,
    false,
    func,
    not_,
    null,
    or_,
    select,
)

from tipbridge.police.removals.items.store import digests_of_places
from tipbridge.police.removals.model import (
    GONE,
    CheckOutcome,
    Life,
    NoticeState,
    NoticeStep,
    RemovalState,
    StepSource,
)
from tipbridge.police.removals.rows import to_life
from tipbridge.police.removals.tables import (
    removal_checks,
    removal_hosts,
    removal_notices,
    removal_steps,
    removals,
)

_GONE = tuple(state.value for state in GONE)
_UP = (CheckOutcome.ANSWERS.value, CheckOutcome.BLOCKED_HERE.value)
_STANDING = (
    RemovalState.LIVE.value,
    RemovalState.GEO_BLOCKED.value,
    RemovalState.REAPPEARED.value,
)
_FIRM = (NoticeStep.INVESTIGATION.value, NoticeStep.BLOCKING.value)


def lives(db: Connection) -> list[Life]:
    """Of every place that the actor sees and that a notice was sent about: how long it stayed.

    Shape: what was recorded by mistake counts nowhere, nor does a removal that a host alone told
    of where a later check contradicts it: then it is gone when a check sees it gone. Where a place moved on the same host, its
    life goes on at the new address, with what was asked before. Where the same file is noted
    elsewhere after it went, that is said of the life that ended; the new place has its own.
    """
    lines = lines_of_places()
    sent = _sent(lines)
    told, looked = _told(lines, sent), _looked(lines, sent)
    gone_at = func.least(told.c.gone_at, looked.c.gone_at)
    went = _went(lines, sent, told, looked, gone_at)
    elsewhere = _elsewhere(lines, went)
    query = (
        select(
            removals.c.host,
            func.coalesce(removals.c.country, removal_hosts.c.country).label("country"),
            sent.c.noticed_at,
            sent.c.escalated_at,
            gone_at.label("gone_at"),
            told.c.moved_at,
            func.greatest(told.c.up_at, looked.c.up_at).label("seen_up_at"),
            func.coalesce(told.c.reappeared, false()).label("reappeared"),
            told.c.backs,
            looked.c.gone_seen_at,
            func.coalesce(elsewhere.c.same_host, false()).label("back_on_host"),
            func.coalesce(elsewhere.c.other_host, false()).label("back_on_other_host"),
        )
        .join(sent, sent.c.life_id == removals.c.id)
        .outerjoin(told, told.c.life_id == removals.c.id)
        .outerjoin(looked, looked.c.life_id == removals.c.id)
        .outerjoin(elsewhere, elsewhere.c.life_id == removals.c.id)
        .outerjoin(removal_hosts, removal_hosts.c.name == removals.c.host)
        .where(not_(_goes_on_elsewhere()), removals.c.taken_back_at.is_(None))
    )
    return [to_life(row) for row in db.execute(query).mappings()]


def lines_of_places() -> CTE:
    """Each place with those it moved from on its host, and until when each of these counts."""
    table, earlier = removals.c, removals.alias("earlier")
    lines = select(
        table.id.label("life_id"),
        table.id.label("removal_id"),
        table.host,
        table.moved_from,
        table.noted_at,
        cast(null(), table.noted_at.type).label("until"),
    ).cte("lines", recursive=True)
    before = (
        select(
            lines.c.life_id,
            earlier.c.id,
            earlier.c.host,
            earlier.c.moved_from,
            earlier.c.noted_at,
            lines.c.noted_at,
        )
        .join(earlier, earlier.c.id == lines.c.moved_from)
        .where(earlier.c.host == lines.c.host, _moved(earlier.c.id))
    )
    return lines.union_all(before)


def _moved(removal_id: ColumnElement[str]) -> ColumnElement[bool]:
    step = removal_steps.alias().c
    return exists(
        select(step.id).where(
            step.removal_id == removal_id,
            step.state == RemovalState.MOVED.value,
            step.taken_back_at.is_(None),
        )
    )


def _goes_on_elsewhere() -> ColumnElement[bool]:
    """Whether a place's life is that of the address it moved to."""
    later = removals.alias("later").c
    noted = select(later.id).where(
        later.moved_from == removals.c.id,
        later.host == removals.c.host,
        later.taken_back_at.is_(None),
    )
    return and_(removals.c.state.in_(_GONE), exists(noted), _moved(removals.c.id))


def asked_there(lines: CTE) -> ColumnElement[bool]:
    """`rules.asked_of` of a life's notices: not those to a host that was corrected since."""
    notice = removal_notices.c
    return or_(notice.host == lines.c.host, notice.step == NoticeStep.BLOCKING.value)


def _sent(lines: CTE) -> Subquery:
    """When notices about each life went out."""
    notice = removal_notices.c
    query = (
        select(
            lines.c.life_id,
            func.min(notice.sent_at).label("noticed_at"),
            func.min(notice.sent_at).filter(notice.step.in_(_FIRM)).label("escalated_at"),
        )
        .join(removal_notices, notice.removal_id == lines.c.removal_id)
        .where(notice.state == NoticeState.SENT.value, asked_there(lines))
    )
    return query.group_by(lines.c.life_id).subquery("sent")


def _told(lines: CTE, sent: Subquery) -> Subquery:
    """What the changes of state say of each life since the first notice."""
    step = removal_steps.c

    def is_(state: RemovalState) -> ColumnElement[bool]:
        return step.state == state.value

    doubted = _doubted()
    believed = or_(
        step.source != StepSource.REPLY.value,
        doubted.c.at.is_(None),
        doubted.c.at < step.at,
    )
    query = (
        select(
            lines.c.life_id,
            func.min(step.at).filter(is_(RemovalState.REMOVED), believed).label("gone_at"),
            func.max(step.at).filter(is_(RemovalState.MOVED)).label("moved_at"),
            func.max(step.at).filter(step.state.in_(_STANDING)).label("up_at"),
            func.bool_or(is_(RemovalState.REAPPEARED)).label("reappeared"),
            func.array_agg(step.at).filter(is_(RemovalState.REAPPEARED)).label("backs"),
        )
        .join(sent, sent.c.life_id == lines.c.life_id)
        .join(removal_steps, step.removal_id == lines.c.removal_id)
        .outerjoin(doubted, doubted.c.removal_id == lines.c.removal_id)
        .where(step.at >= sent.c.noticed_at, step.taken_back_at.is_(None))
        .where(or_(lines.c.until.is_(None), step.at <= lines.c.until))
    )
    return query.group_by(lines.c.life_id).subquery("told")


def _went(
    lines: CTE, sent: Subquery, told: Subquery, looked: Subquery, gone_at: ColumnElement[datetime]
) -> Subquery:
    """When each life ended that did, and the places that were its own."""
    query = (
        select(lines.c.life_id, lines.c.removal_id, gone_at.label("gone_at"))
        .join(sent, sent.c.life_id == lines.c.life_id)
        .outerjoin(told, told.c.life_id == lines.c.life_id)
        .outerjoin(looked, looked.c.life_id == lines.c.life_id)
        .where(gone_at.is_not(None))
    )
    return query.subquery("went")


def _elsewhere(lines: CTE, went: Subquery) -> Subquery:
    """Whether the file of a life that ended is noted at another address since, and on which host."""
    known, again = digests_of_places("known"), digests_of_places("again")
    own, other = removals.alias("own"), removals.alias("other")
    line, earlier = lines.alias("line"), removals.alias("earlier_there")
    same_place = exists(
        select(line.c.life_id)
        .join(earlier, earlier.c.id == line.c.removal_id)
        .where(line.c.life_id == went.c.life_id, earlier.c.address == other.c.address)
    )
    query = (
        select(
            went.c.life_id,
            func.bool_or(other.c.host == own.c.host).label("same_host"),
            func.bool_or(other.c.host != own.c.host).label("other_host"),
        )
        .join(own, own.c.id == went.c.life_id)
        .join(known, known.c.removal_id == went.c.removal_id)
        .join(again, again.c.sha256 == known.c.sha256)
        .join(other, other.c.id == again.c.removal_id)
        .where(other.c.noted_at > went.c.gone_at, not_(same_place))
    )
    return query.group_by(went.c.life_id).subquery("elsewhere")


def _doubted() -> Subquery:
    """When a check last contradicted that a place is gone."""
    check = removal_checks.c
    query = select(check.removal_id, func.max(check.at).label("at"))
    query = query.where(check.contradicts, check.taken_back_at.is_(None))
    return query.group_by(check.removal_id).subquery("doubted")


def _looked(lines: CTE, sent: Subquery) -> Subquery:
    """What checks say of each life."""
    check = removal_checks.c
    query = (
        select(
            lines.c.life_id,
            func.max(check.at).filter(check.outcome.in_(_UP)).label("up_at"),
            func.min(check.at)
            .filter(check.outcome == CheckOutcome.GONE.value, check.at >= sent.c.noticed_at)
            .label("gone_at"),
            func.max(check.at)
            .filter(check.outcome == CheckOutcome.GONE.value)
            .label("gone_seen_at"),
        )
        .join(sent, sent.c.life_id == lines.c.life_id)
        .join(removal_checks, check.removal_id == lines.c.removal_id)
        .where(check.taken_back_at.is_(None))
        .where(or_(lines.c.until.is_(None), check.at <= lines.c.until))
    )
    return query.group_by(lines.c.life_id).subquery("looked")
