"""Which duties a fact of the record says are done or not, so that no word does: pure decisions."""

from dataclasses import dataclass, replace

from tipbridge.knowledge.law.model import Advice
from tipbridge.police.outcomes.model import OpenDuty
from tipbridge.police.welfare.model import Standing, Welfare

RESOLVE_AGE = "resolve-age"
WELFARE_REFERRAL = "welfare-referral"
GUARDIAN_NOTICE = "guardian-notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is recorded of somebody; `record` is None where nobody may see it, or there is none."""

    advice: Advice | None
    standing: Standing | None
    record: Welfare | None


def is_settled(code: str, known: Known) -> bool | None:
    """Whether a duty is done, as the record says; None: it does not say, and a word does.

    Shape: a welfare record that is closed will not be told any more that it was done.
    """
    standing, record = known.standing, known.record
    if code == RESOLVE_AGE:
        return None if known.advice is None else known.advice.age_resolved
    if code == WELFARE_REFERRAL and standing is not None:
        said = standing.contacted_on is not None
    elif code == GUARDIAN_NOTICE and standing is not None and record is not None:
        said = record.guardian_notice is not None
    else:
        return None
    return said or (None if standing.closed_at is not None else False)


def as_recorded(duty: OpenDuty, known: Known) -> OpenDuty:
    """A duty with what the record says of it."""
    return replace(duty, settled=is_settled(duty.code, known))
