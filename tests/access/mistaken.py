"""People of the world's case whom it has by mistake, and what is one human."""

from datetime import date

from tests.access.material import planted
from tipbridge.foundation.work import Work
from tipbridge.knowledge.law.model import Offence
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.humans import actions as humans
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.striking import actions as striking

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
    return {"mistaken": first, "struck_out": second}
