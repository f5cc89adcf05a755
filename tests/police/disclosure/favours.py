"""What favours the people of made-up cases, the defence, corrections: and the log's word of each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tipbridge.police.disclosure.favouring import NOTHING
from tipbridge.police.disclosure.model import Json

BEGIN = datetime(2014, 5, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Drawn:
    """Values of one made-up case."""

    draw: random.Random

    def id(self) -> str:
        return self.draw.randbytes(16).hex()

    def digest(self, size: int = 32) -> str:
        return self.draw.randbytes(size).hex()

    def at(self, hours: int) -> str:
        return (BEGIN + timedelta(hours=hours)).isoformat()

    def digests(self) -> Json:
        return {"md5": self.digest(16), "sha1": self.digest(20), "sha256": self.digest()}


def a_favours(drawn: Drawn, releases: list[Json], examinations: list[Json]) -> Json:
    """One person with all that may be said of somebody, and now and then one of whom nothing is."""
    of_case = [_favour(drawn, "referral", each["referral_id"]) for each in releases]
    people = [_person(drawn), *(_unsaid(drawn, number, of_case) for number in _more(drawn))]
    names = ("exhibit_id", "at", "verdict", "near")
    not_found = [
        {"examination": each["id"], **{name: each[name] for name in names}}
        for each in examinations
        if not each["findings"]
    ]
    elsewhere = [drawn.id()] if drawn.draw.random() < 0.5 else []
    return {"of_case": of_case, "people": people, "not_found": not_found, "elsewhere": elsewhere}


def _more(drawn: Drawn) -> range:
    return range(2, 2 + drawn.draw.randint(0, 2))


def _unsaid(drawn: Drawn, number: int, of_case: list[Json]) -> Json:
    return {
        "person": drawn.id(),
        "number": number,
        "child": drawn.draw.choice([True, False, None]),
        "nothing": None if of_case else NOTHING,
        "favours": [],
        "defence": [],
        "corrections": [],
    }


def _favour(drawn: Drawn, kind: str, via: str) -> Json:
    came = kind == "referral"
    return {
        "kind": kind,
        "about": "files/0" if came else None,
        "text": "The provider did not view the entire file." if came else "A café's line.",
        "source": "us.hsi" if came else drawn.id(),
        "at": drawn.at(-8),
        "of": None,
        "via": via,
        "part": "favours/0" if came else None,
    }


def _closed() -> Json:
    words = "Many customers may share this address, and no port was given to tell them apart."
    unsaid = dict.fromkeys(("source", "at", "of", "via", "part"))
    return {"kind": "closed", "about": "people/0", "text": words, **unsaid}


def _person(drawn: Drawn) -> Json:
    wrong = drawn.id()
    return {
        "person": drawn.id(),
        "number": 1,
        "child": False,
        "nothing": None,
        "favours": [
            _favour(drawn, "staff", drawn.id()),
            _favour(drawn, "demand", drawn.id()),
            _closed(),
        ],
        "defence": [_asked(drawn, "The log of the café.", "Sent."), _asked(drawn, "More.", None)],
        "corrections": [
            _correction(drawn, wrong, taken_back_at=drawn.at(61), undoes=None),
            _correction(drawn, drawn.id(), taken_back_at=None, undoes=wrong),
        ],
    }


def _asked(drawn: Drawn, asked: str, answer: str | None) -> Json:
    return {
        "id": drawn.id(),
        "asked_on": "2014-05-02",
        "recorded_at": drawn.at(40),
        "asked": asked,
        "answered_at": None if answer is None else drawn.at(50),
        "answer": answer,
    }


def _correction(drawn: Drawn, id_: str, **more: str | None) -> Json:
    grounds = "It was another subscriber."
    return {"id": id_, "made_at": drawn.at(60), "made_by": drawn.id(), "grounds": grounds, **more}


def put_on_record(favours: Json) -> Iterator[tuple[str, Json]]:
    """The log's events about all that staff put on record, with their facts."""
    for one in favours["people"]:
        for each in one["favours"]:
            if each["kind"] == "staff":
                yield "cases.favour.recorded", {"favour": each["via"], "person": one["person"]}
        for each in one["defence"]:
            yield "cases.defence.asked", {"request": each["id"], "person": one["person"]}
            if each["answered_at"]:
                yield "cases.defence.answered", {"request": each["id"]}
        for each in one["corrections"]:
            word = "person.corrected" if each["undoes"] is None else "correction.taken-back"
            yield f"cases.{word}", {"correction": each["id"], "person": one["person"]}
    for gone in favours["elsewhere"]:
        yield "cases.favour.recorded", {"favour": gone, "person": "struck"}
