"""What advice was drawn from: the facts that were known, each by its code; pure."""

from datetime import date

from tipbridge.knowledge.law.question import Question


def inputs_of(question: Question) -> dict[str, str]:
    """Every fact that was asked with, by its code."""
    facts, ages, now = question.facts, question.ages, question.ages_now
    found = {
        "part": ",".join(sorted(facts.parts)),
        "act-date": question.act_on.isoformat() if question.act_on else None,
        "decision-date": question.decided_on.isoformat(),
        "birth-certainty": facts.birth.certainty if facts.birth else None,
        "age-at-act": f"{ages.low}-{ages.high}" if ages else None,
        "age-at-decision": f"{now.low}-{now.high}" if now else None,
        "offence": facts.offence,
        "school-level": facts.school_level,
        "prepared-sales-site": "yes" if facts.prepared_sales_site else None,
        "self-produced": _answer(facts.self_produced),
        "exploitation": _answer(facts.exploitation),
        "coerced": "yes" if facts.coerced else None,
        "at-risk": "yes" if facts.at_risk else None,
        "depicted-on": _days(facts.depicted_on),
        "depicted-birth-certainty": facts.depicted_born.certainty if facts.depicted_born else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _days(days: tuple[date, date] | None) -> str | None:
    return None if days is None else "..".join(dict.fromkeys(day.isoformat() for day in days))


def _answer(known: object) -> str | None:
    return None if known is None else str(known).lower()
