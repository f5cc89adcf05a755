"""Verbs on the numbers that other agencies give a case."""

from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.numbers import store
from tipbridge.police.cases.numbers.model import WrongNumber
from tipbridge.police.cases.seeing import WORKING, case_seen


@action("cases.number.added", roles=WORKING)
def add_foreign_number(work: Work, case_id: str, *, agency: str, number: str) -> None:
    """Note the number that another agency gives the same case; one taken back is its again.

    Errors: NotFound; Invalid.
    """
    case = case_seen(work, case_id)
    agency, number = checks.number("agency", agency), checks.number("number", number)
    added = store.restore_number(
        work.db,
        case.id,
        agency,
        number,
        change_id=work.ids.new(),
        by=work.actor.id,
        at=work.now,
    )
    added = store.add_number(work.db, case.id, agency, number) or added
    work.record(case.id, added=added)


@action("cases.number.taken-back", roles=WORKING)
def take_back_number(work: Work, case_id: str, *, agency: str, number: str, because: str) -> None:
    """Say why another agency's number is not this case's: nothing finds the case by it any more.

    Shape: it stays in the record with the reason, goes along with no split and no disclosure, and
    no referral to come brings it back.
    Errors: NotFound; Invalid without a reason.
    """
    case = case_seen(work, case_id)
    why = checks.text("because", because)
    # What was kept before numbers had one form stands as it was written.
    for form in (checks.number, checks.words):
        if store.take_back_number(
            work.db,
            case.id,
            form("agency", agency),
            form("number", number),
            because=why,
            by=work.actor.id,
            at=work.now,
        ):
            break
    else:
        raise NotFound("number of this case", number)
    work.record(case.id)


def wrong_numbers_seen(work: Work, case_id: str) -> tuple[WrongNumber, ...]:
    """The numbers that were taken back, within the caller's own action.

    Shape: then those that are the case's after all.
    """
    wrong = store.wrong_numbers_of(work.db, case_id)
    return (*wrong, *store.restored_numbers_of(work.db, case_id))
