"""What a signed bundle says in somebody's favour: whole, as the log has it, and open where not."""

from collections.abc import Iterator

from tipbridge.foundation.base.canonical import parse_json
from tipbridge.police.disclosure.favouring import (
    NOTHING,
    TO_WHOM_THE_DEFENCE_SPEAKS,
    ids_in,
    logged,
)
from tipbridge.police.disclosure.found_sealed import Readable
from tipbridge.police.disclosure.model import Json

_ANSWERED, _SOURCED = "cases.defence.answered", {"staff", "demand"}


def favours_hold(lying: Readable, said: Json) -> bool:
    """Whether everybody decided about is there, and all that the quoted log names, or said to be gone."""
    told = parse_json(lying.read("data/favours.json"))
    named = [one["person"] for one in told["people"]]
    decided = {each["person_id"] for each in parse_json(lying.read("data/decisions.json"))}
    return (
        len(set(named)) == len(named)
        and decided <= set(named)
        and all(_is_whole(one, told, said) for one in told["people"])
        and _have_sources(lying, told)
        and _not_found(lying) == told["not_found"]
        and _is_as_logged(lying, told)
    )


def _is_whole(one: Json, told: Json, said: Json) -> bool:
    """Nothing is said to be there exactly where nothing is; the defence has its words, or none of them."""
    has = bool(one["favours"] or told["of_case"])
    speaks = said["purpose"] in TO_WHOM_THE_DEFENCE_SPEAKS
    ids = {each["id"] for each in one["corrections"]}
    return (
        one["child"] in {True, False, None}
        and one["nothing"] == (None if has else NOTHING)
        and all(
            bool(each["asked"]) is speaks
            and bool(each["answer"]) is (speaks and bool(each["answered_at"]))
            for each in one["defence"]
        )
        and all(each["grounds"] and each["undoes"] in {None, *ids} for each in one["corrections"])
    )


def _every_favour(told: Json) -> Iterator[Json]:
    yield from told["of_case"]
    for one in told["people"]:
        yield from one["favours"]


def _have_sources(lying: Readable, told: Json) -> bool:
    """Each favour has words, and names its source, part and time, unless it is closed."""
    came = {each["referral_id"] for each in parse_json(lying.read("data/referrals.json"))}
    for each in _every_favour(told):
        kind, where = each["kind"], (each["source"], each["at"], each["via"])
        if kind == "closed":
            fits = {*where, each["part"], each["of"]} == {None}
        elif kind == "referral":
            fits = all(where) and bool(each["part"]) and each["via"] in came
        else:
            fits = kind in _SOURCED and all(where)
        if not (each["text"] and fits):
            return False
    return True


def _not_found(lying: Readable) -> list[Json]:
    done = parse_json(lying.read("data/examinations.json"))["examinations"]
    names = ("exhibit_id", "at", "verdict", "near")
    return [
        {"examination": each["id"], **{name: each[name] for name in names}}
        for each in done
        if not each["findings"]
    ]


def _is_as_logged(lying: Readable, told: Json) -> bool:
    recorded = logged(parse_json(lying.read("data/audit.json")))
    unanswered = {
        each["id"] for one in told["people"] for each in one["defence"] if not each["answered_at"]
    }
    return sorted(recorded.keys() - ids_in(told)) == told["elsewhere"] and not any(
        _ANSWERED in recorded.get(each, ()) for each in unanswered
    )
