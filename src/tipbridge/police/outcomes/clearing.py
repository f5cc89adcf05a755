"""Somebody about whom nothing but "no suspicion" may be decided any more: pure decisions."""

from dataclasses import replace
from datetime import date

from tipbridge.knowledge.law.model import Advice, Forbidden, Mark, Outcome, Permitted, Source
from tipbridge.knowledge.law.shape import LawVersion
from tipbridge.police.outcomes.errors import OutcomeForbidden, WrongPerson

WRONG_PERSON = "WRONG-PERSON"
NO_ROLE = "NO-SUSPECT-ROLE"


def corrected_on(day: date) -> Source:
    """Why only no suspicion is decided: they were corrected as the wrong person on a day."""
    return Source(
        rule=WRONG_PERSON,
        citation=f"Corrected as the wrong person on {day}: only no-suspicion can be decided",
        citation_ko=f"{day} 오인으로 정정됨: 혐의없음만 결정할 수 있음",
        mark=Mark.CONFIRMED,
    )


def without_role() -> Source:
    """Why only no suspicion is decided: they were decided about, and are no suspect any more."""
    return Source(
        rule=NO_ROLE,
        citation="Neither reported nor suspect any more: only no-suspicion can be decided",
        citation_ko="더 이상 신고 대상자도 피의자도 아님: 혐의없음만 결정할 수 있음",
        mark=Mark.CONFIRMED,
    )


def refuse(why: Source) -> None:
    """Refuse to accuse them, by the name of the reason.

    Errors: WrongPerson; OutcomeForbidden.
    """
    kind = WrongPerson if why.rule == WRONG_PERSON else OutcomeForbidden
    raise kind(f"{why.citation}.")


def narrowed(law: LawVersion, advice: Advice, why: Source) -> Advice:
    """The advice with no suspicion as its one outcome, and every other forbidden."""
    rules = {rule.outcome: rule for rule in law.outcomes}
    cleared = rules.pop(Outcome.NO_SUSPICION, None)
    permitted = (
        ()
        if cleared is None
        else (
            Permitted(
                outcome=cleared.outcome,
                source=why,
                conditions=(),
                decides="investigator",
                kept_days=cleared.kept_days,
                kept=cleared.kept,
            ),
        )
    )
    forbidden = tuple(Forbidden(outcome=outcome, source=why) for outcome in rules)
    return replace(advice, permitted=permitted, forbidden=forbidden)
