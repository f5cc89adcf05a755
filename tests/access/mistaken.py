"""People of the world's case whom it has by mistake, and what is one human."""

from tests.access.material import planted
from tipbridge.foundation.work import Work
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.model import PersonRole
from tipbridge.police.striking import actions as striking


def brought_in(work: Work, case: str) -> dict[str, str]:
    """Two people whom a case has by mistake, the second of them struck out."""
    first, second = (cases.add_person(work, case, roles=[PersonRole.SUSPECT]) for _ in range(2))
    striking.strike_person(work, case, second, because=planted("A namesake."))
    return {"mistaken": first, "struck_out": second}
