"""Whether a demand may go out: what came under a mark that forbids visible action holds it."""

from collections.abc import Mapping

from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work
from tipbridge.police.cases import store
from tipbridge.police.cases.demands import rules
from tipbridge.police.cases.demands.model import DemandFacts
from tipbridge.police.cases.told import store as told
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.consent import leaves
from tipbridge.sharing.referral.consent.model import Hold


def check_free(work: Work, case_id: str, asked: DemandFacts) -> None:
    """Whether an addressee may learn by a demand that this is known, as the marks stand now.

    Shape: a referral that the actor can't open holds by what it said in the case (ADR 0356); a restricted
    one, of which nothing is told there, by its marks alone, as if it named what is asked. It frees nothing.
    Errors: Conflict while every referral by which it is known forbids that.
    """
    bonds: dict[str, Hold | None] = {}
    naming: set[str] = set()
    for taken in store.referrals_of(work.db, case_id):
        try:
            bonds[taken.referral_id] = leaves.acting_bond(work, taken.referral_id)
            parts = referrals.read_parts(work, taken.referral_id)
        except NotFound:
            parts = list(told.parts_told(work.db, case_id, taken.referral_id))
            marks = told.marks_told(work.db, case_id, taken.referral_id)
            basis = told.basis_told(work.db, case_id, taken.referral_id)
            bond = leaves.acting_bond_told(work, basis, marks)
            if not parts and bond is None:
                continue
            bonds[taken.referral_id] = bond
            if not parts:
                naming.add(taken.referral_id)
        if any(rules.names(each.value, asked) for each in parts):
            naming.add(taken.referral_id)
    held_by = _held(bonds, naming)
    if held_by is not None:
        raise Conflict(
            f"Every referral by which this is known is marked {held_by}: nothing that others"
            " could notice is done about it. Ask its sender to send it again, marked less.",
            id=case_id,
        )


def _held(bonds: Mapping[str, Hold | None], naming: set[str]) -> Hold | None:
    return rules.held_by([bonds[each] for each in naming or bonds])
