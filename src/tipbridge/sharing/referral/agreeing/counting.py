"""How much went each way between the parties of an agreement, by class of data: reciprocity."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.knowledge.agreements.model import DataClass
from tipbridge.sharing.referral.agreeing import store

COUNTING = (Role.ANALYST, Role.LIAISON, Role.AUDITOR)
_YEAR_MONTHS, _LAST_COMMON_DAY = 12, 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One class of data: in how many referrals it went out, and in how many it is that came in."""

    data_class: DataClass
    sent: int
    came: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """What went each way with an agreement's other party, for its purpose, since a day.

    Shape: `due_on` is the next day of review, None where the agreement sets none.
    """

    peer_id: str
    since: date
    due_on: date | None
    sent: int
    came: int
    rows: tuple[Row, ...]


def period_of(first: date, months: int | None, today: date) -> tuple[date, date | None]:
    """Since when is counted, and the next day of review; without months, from the first day on.

    Shape: a review is on the first day's number, at most the 28th.
    """
    if months is None or today < first:
        return first, None if months is None else _later(first, months)
    gone = (today.year - first.year) * _YEAR_MONTHS + today.month - first.month
    whole = gone // months
    if whole and _later(first, whole * months) > today:
        whole -= 1
    return max(first, _later(first, whole * months)), _later(first, (whole + 1) * months)


@action("referral.agreement.counted", roles=COUNTING)
def count_exchanged(work: Work, sha256: str) -> Exchanged:
    """How much went each way with the other party of an agreement, by class of data.

    Shape: of all agreements between both for this purpose, by the day of release or arrival; what
    never arrived, or the actor may not see, is not counted.
    Errors: NotFound.
    """
    agreement = agreement_held(work, sha256)
    if agreement is None:
        raise NotFound("agreement", sha256)
    terms = agreement.terms
    peer = terms.receiver if terms.sender == work.node.id else terms.sender
    months = terms.clauses.reciprocity.review_months
    since, due_on = period_of(terms.valid_from, months, work.now.date())
    between = store.Between(
        here=work.node.id,
        peer=peer,
        purpose=terms.purpose.value,
        since=datetime.combine(since, time.min, UTC),
    )
    sent, came = store.count_sent(work.db, between), store.count_came(work.db, between)
    whole = store.count_whole(work.db, between)
    work.record(sha256, sent=whole.get("out", 0), came=whole.get("in", 0))
    return Exchanged(
        peer_id=peer,
        since=since,
        due_on=due_on,
        sent=whole.get("out", 0),
        came=whole.get("in", 0),
        rows=tuple(
            Row(data_class=each, sent=sent.get(each.value, 0), came=came.get(each.value, 0))
            for each in DataClass
            if each.value in sent or each.value in came
        ),
    )


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, _YEAR_MONTHS)
    return date(day.year + years, month + 1, min(day.day, _LAST_COMMON_DAY))
