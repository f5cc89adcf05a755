"""Who is named on a restricted referral comes on the list of its case too, or is admitted there."""

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.access.rules import units_below
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import moving, store
from tipbridge.police.cases.model import Case
from tipbridge.sharing.referral import actions as referrals


@action("cases.readers.admitted", system=True)
def admit_readers(work: Work, *, referral_id: str, by: str) -> None:
    """Put the investigators who are named on a referral on the list of the case that it alone feeds.

    Shape: only where whoever named them is on that list too; a repeat changes nothing. A case that
    something else feeds as well has its own list, and whoever is on it admits them there.
    Errors: NotFound.
    """
    named = referrals.referral_seen(work, referral_id)
    admitted = 0
    for case_id in store.cases_of_referral(work.db, referral_id):
        case = store.case_by_id(work.db, case_id)
        alone = len(store.referrals_of(work.db, case_id)) == 1
        if case is None or not (named.restricted and case.restricted and alone):
            continue
        new = _who_could_read(work, case, named.members) - set(case.members)
        if by in case.members and new:
            moving.set_list(work, case.id, sorted({*case.members, *new}))
            admitted += len(new)
    work.record(referral_id, by=by, members=admitted)


def _who_could_read(work: Work, case: Case, members: tuple[str, ...]) -> set[str]:
    """Of these, the ids of the investigators to whom the list of a case would open it."""
    units = access_store.all_units(work.db)
    return {
        each.id
        for each in access_store.all_staff(work.db)
        if each.id in members
        and each.active
        and Role.INVESTIGATOR in each.roles
        and case.unit_id in units_below(units, each.unit_id)
    }
