"""The people drawn, written down so that somebody else can count them."""

import json
from collections.abc import Iterable
from datetime import date

from tipbridge.demo.draw import Draw
from tipbridge.demo.files import sha256_of
from tipbridge.demo.people import DrawnPerson, Population
from tipbridge.foundation.base.errors import NotFound
from tipbridge.police.outcomes.model import PersonOutcome


def write_people(population: Population) -> str:
    """The population as JSON: facts, dates, waiting days and the digests of the files."""
    draw = Draw(population.seed)
    value = {
        "synthetic": True,
        "seed": population.seed,
        "scale": population.scale,
        "starts_on": _day(population.starts_on),
        "ends_on": _day(population.ends_on),
        "time_zone": population.time_zone,
        "step_days": population.step_days,
        "people": [_person(person, draw) for person in population.people],
    }
    return json.dumps(value, indent=1) + "\n"


def write_decisions(found: Iterable[PersonOutcome]) -> str:
    """What the police node decided about each person, with the rule it rests on, as JSON."""
    lines = [_decided(each) for each in found]
    value = {"synthetic": True, "decisions": sorted(lines, key=lambda line: str(line["person"]))}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _decided(each: PersonOutcome) -> dict[str, object]:
    decision = each.decision
    if decision is None:
        raise NotFound("decision", each.person.id)
    meaning, ground = decision.meaning, decision.ground
    return {
        "person": each.person.reference,
        "outcome": decision.outcome,
        "stage": meaning.stage,
        "custody": meaning.custody,
        "reason": meaning.reason,
        "rule": ground.rule,
        "citation": ground.citation,
        "mark": ground.mark,
        "decides": ground.decides,
        "within_advice": ground.within_advice,
        "conditions": list(ground.conditions),
        "law_of_act": decision.law_of_act,
        "law_of_decision": decision.law_of_decision,
        "decided_on": _day(decision.decided_on),
        "duties": [duty.code for duty in each.duties],
    }


def _person(person: DrawnPerson, draw: Draw) -> dict[str, object]:
    return {
        "id": person.id,
        "born_on": _day(person.born_on),
        "school": person.school,
        "service": person.service,
        "place": person.place,
        "account": person.account,
        "email": person.email,
        "act": person.act,
        "act_on": _day(person.act_on),
        "subject": person.subject,
        "self_produced": person.self_produced,
        "motive": person.motive,
        "lead_on": person.lead_on and _day(person.lead_on),
        "reports": [
            {
                "number": report.number,
                "filed_on": _day(report.filed_on),
                "files": [sha256_of(draw, name) for name in report.files],
            }
            for report in person.reports
        ],
        "devices": {
            device: [sha256_of(draw, name) for name in names]
            for device, names in person.devices.items()
        },
        "waiting": {
            "analyst_days": person.waiting.analyst_days,
            "liaison_days": person.waiting.liaison_days,
            "answer_days": person.waiting.answer_days,
            "investigator_days": person.waiting.investigator_days,
        },
    }


def _day(day: date) -> str:
    return day.isoformat()
