"""People of the world's case whom it has by mistake, and what is one human."""

from datetime import date

from tests.access.material import planted
from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.model import Offence
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.humans import actions as humans
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.striking import actions as striking
from tipbridge.police.striking import detaching

SUSPECT = frozenset({PersonRole.SUSPECT})


def of_two_cases(work: Work, case: str, begun: str) -> dict[str, str]:
    """Somebody of another case, somebody who is one human with another one there, and somebody of two acts."""
    there, also, here, acting = (
        cases.add_person(work, each, roles=[PersonRole.RECIPIENT])
        for each in (begun, begun, case, case)
    )
    humans.say_same(work, case, here, other=also, because=planted("One and the same."))
    acts = ("distribution 2014-02-01 suspect",)
    facts = PersonFacts(
        roles=SUSPECT, offence=Offence.POSSESSION, act_on=date(2014, 2, 20), further_acts=acts
    )
    cases.record_person(work, acting, facts)
    return {"human_elsewhere": there, "twofold": here, "of_two_acts": acting}


def brought_in(work: Work, case: str) -> dict[str, str]:
    """Two people whom a case has by mistake, the second of them struck out."""
    first, second = (cases.add_person(work, case, roles=[PersonRole.SUSPECT]) for _ in range(2))
    striking.strike_person(work, case, second, because=planted("A namesake."))
    return {"mistaken": first, "struck_out": second} | _detached(work, case)


def _detached(work: Work, case: str) -> dict[str, str]:
    """A referral that feeds the case, and one that fed it by mistake and was taken out."""
    every = [cases.read_case(work, line.id) for line in cases.list_cases(work)]
    feeding = [e.referral_id for file in every if file.case.id == case for e in file.referrals]
    others = [e.referral_id for file in every for e in file.referrals]
    wrong = next((each for each in others if each not in feeding), None)
    if wrong is None:  # a world whose actor sees no other case
        return {}
    cases.feed_referral(work, case, referral=wrong)
    made = detaching.detach_referral(work, case, wrong, because=planted("Another matter."))
    return {"fed": feeding[0], "detachment": made.id}
