"""The bulletin to be expected of a population, by code that imports nothing of the product.

Written from the issue and from the law as an outsider reads it: facts of people in, figures
out. It knows nothing of nodes, packages or tables.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

Figures = dict[str, Any]

OFFENCES = {
    "posted": "distribution",
    "distributed": "distribution",
    "possessed": "possession",
    "prepared-sales-site": "distribution-for-profit",
}
COVERED = "sexual-abuse-material"


def expect(record: dict[str, Any]) -> Figures:
    """The figures of a people record, in the form of the bulletin's JSON."""
    people = record["people"]
    rows = rows_of(record)
    items = sorted(_items(person) for person in people)
    return {
        "people": len(rows),
        "tables": {
            "outcomes": _count(rows, "stage", "custody", "reason"),
            "dispositions": _count(rows, "stage", "custody", "age-band", "reason"),
            "offences": _count(rows, "offence", "act"),
            "places": _count(rows, "place", "age-band"),
            "schools": _count(rows, "school"),
            "self-produced": _count(rows, "self-produced", "motive"),
            "origins": _count(rows, "origin", "channel"),
        },
        "days": _days(rows),
        "items": {
            "cases": len(items),
            "total": sum(items),
            "median_per_case": _tenth(Fraction(median(map(Fraction, items)))),
            "largest_case": items[-1],
        },
    }


def rows_of(record: dict[str, Any]) -> list[dict[str, Any]]:
    """What the police decide and know of each person, by what the bulletin counts."""
    return [_row(person, record) for person in record["people"]]


def seen(bulletin: dict[str, Any]) -> Figures:
    """What a bulletin's JSON says, in the same form."""
    return {
        "people": bulletin["people"],
        "tables": {
            name: {
                tuple(cell["values"].values()): (cell["people"], cell["share"])
                for cell in table["cells"]
            }
            for name, table in bulletin["tables"].items()
        },
        "days": {
            (span["origin"], span["channel"], span["from"], span["to"]): (
                span["people"],
                span["median_days"],
            )
            for span in bulletin["days"]
        },
        "items": bulletin["items"],
    }


def age_at_act(person: dict[str, Any]) -> int:
    """Completed years on the day of the act."""
    born, act = date.fromisoformat(person["born_on"]), date.fromisoformat(person["act_on"])
    return act.year - born.year - ((act.month, act.day) < (born.month, born.day))


def outcome_of(person: dict[str, Any]) -> tuple[str, str]:
    """Stage and reason: what the law of 2013-14 makes of these facts."""
    age = age_at_act(person)
    if age < 14:
        return "not-booked", "below-age"
    pupil = person["school"] in ("middle", "high")
    if age < 19 and pupil and person["act"] == "possessed":
        return "not-booked", "minor-violation"
    return "booked", "suspicion"


def decided(person: dict[str, Any]) -> dict[str, Any]:
    """What is to be decided about a person of the operation, and by which rule of 2013-14.

    By cohort and facts: who was under 10 when they did it is outside both regimes; 10 to 13 go to
    the juvenile division by the police chief; a pupil of a middle or high school under 19 who only
    kept what others sent is guided, while a fine was possible; everybody else is booked.
    """
    age, (stage, reason) = age_at_act(person), outcome_of(person)
    if age < 10:
        outcome, rule, decides = "welfare-only", "KR-CA-9-U10", "police-chief"
    elif age < 14:
        outcome, rule, decides = "juvenile-division", "KR-JA-4-2", "police-chief"
    elif reason == "minor-violation":
        outcome, rule, decides = "guidance", "KR-GUIDE-2012", "guidance-screening-committee"
    else:
        rule = "KR-JUV-14" if age < 19 else "KR-ADULT"
        outcome, decides = "booked-at-liberty", "investigator"
    guided = ["guidance-by-parents", "guidance-by-school"] if outcome == "guidance" else []
    return {
        "person": person["id"],
        "outcome": outcome,
        "rule": rule,
        "decides": decides,
        "stage": stage,
        "reason": reason,
        "custody": "not-detained",
        "conditions": guided,
        "within_advice": True,
        "mark": "unconfirmed" if outcome == "guidance" else "confirmed",
        "law_of_act": "KR/2013-06-19",
        "sent on": 10 <= age < 14,
        "own material": bool(person["self_produced"]),
    }


def told(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the demo's decisions in the form of `decided`."""
    left_out = {"citation", "law_of_decision", "decided_on", "duties"}
    return {name: value for name, value in line.items() if name not in left_out} | {
        "sent on": "juvenile-division-transfer" in line["duties"],
        "own material": "removal-of-own-material" in line["duties"],
    }


def todays_law(record: dict[str, Any]) -> dict[tuple[str, ...], int]:
    """First advised outcome and rule, then and with the same facts dated 2025, as an outsider
    reads the law: possession has no fine any more, so nobody is left to the guidance committee.
    """
    found: Counter[tuple[str, ...]] = Counter()
    for person in record["people"]:
        age, reason = age_at_act(person), outcome_of(person)[1]
        if age < 10:
            law = ("welfare-only", "KR-CA-9-U10")
        elif age < 14:
            law = ("juvenile-division", "KR-JA-4-2")
        else:
            law = ("booked-at-liberty", "KR-JUV-14" if age < 19 else "KR-ADULT")
        then = ("guidance", "KR-GUIDE-2012") if reason == "minor-violation" else law
        found[(*then, *law)] += 1
    return dict(found)


def _row(person: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    stage, reason = outcome_of(person)
    covered = person["subject"] == COVERED
    return {
        "stage": stage,
        "custody": "not-detained",
        "reason": reason,
        "age-band": _band(age_at_act(person)),
        "offence": OFFENCES[person["act"]],
        "act": person["act"],
        "place": person["place"],
        "school": person["school"],
        "self-produced": "yes" if person["self_produced"] else "no",
        "motive": person["motive"],
        "origin": "liaison-lead" if person["lead_on"] else "provider-tip",
        "channel": "agreement" if covered else "case-by-case",
        "steps": _steps(person, record, covered=covered),
    }


def _steps(person: dict[str, Any], record: dict[str, Any], *, covered: bool) -> dict[str, date]:
    """Days on which staff, who come to their desks every few days, took the steps."""
    starts_on = date.fromisoformat(record["starts_on"])
    waiting = person["waiting"]

    def desk(day: date, days: int) -> date:
        due = (day + timedelta(days=days) - starts_on).days
        steps = -(-due // record["step_days"])
        return starts_on + timedelta(days=steps * record["step_days"])

    if person["lead_on"]:
        passed_on = desk(date.fromisoformat(person["lead_on"]), 0)
        found: dict[str, date] = {}
    else:
        reported = desk(date.fromisoformat(person["reports"][0]["filed_on"]), 0)
        found = {"reported": reported}
        passed_on = desk(reported, waiting["analyst_days"])
    received = desk(passed_on, waiting["liaison_days"])
    if not covered:
        answered = desk(received, waiting["answer_days"])
        received = desk(answered, 1)
    decided = desk(received, waiting["investigator_days"])
    return {**found, "received": received, "decided": decided}


def _band(age: int) -> str:
    for low, high in ((0, 9), (10, 13), (14, 18), (19, 29), (30, 39), (40, 49), (50, 59)):
        if low <= age <= high:
            return "under-10" if low == 0 else f"{low}-{high}"
    return "60-up"


def _items(person: dict[str, Any]) -> int:
    """Different files reported of somebody or found on their devices."""
    reported = {digest for report in person["reports"] for digest in report["files"]}
    found = {digest for digests in person["devices"].values() for digest in digests}
    return len(reported | found)


def _count(rows: list[dict[str, Any]], *names: str) -> dict[tuple[str, ...], tuple[int, float]]:
    counts = Counter(tuple(row[name] for name in names) for row in rows)
    return {
        values: (count, _tenth(Fraction(100 * count, len(rows))))
        for values, count in counts.items()
    }


def _days(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, ...], tuple[int, float]]:
    spans: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        steps = row["steps"]
        for start, end in (
            ("reported", "received"),
            ("received", "decided"),
            ("reported", "decided"),
        ):
            if start in steps:
                way = (row["origin"], row["channel"], start, end)
                spans.setdefault(way, []).append((steps[end] - steps[start]).days)
    return {
        way: (len(days), _tenth(Fraction(median(map(Fraction, days)))))
        for way, days in spans.items()
    }


def _tenth(value: Fraction) -> float:
    """One decimal, halves up."""
    return int(value * 10 + Fraction(1, 2)) / 10
