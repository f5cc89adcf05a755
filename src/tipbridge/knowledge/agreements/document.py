"""The agreement as a document: TOML for people, canonical JSON for its name."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import TypeVar, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.errors import NotAnAgreement
from tipbridge.knowledge.agreements.model import (
    CASE_BY_CASE,
    STANDARD_FORMS,
    Agreement,
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    HandlingCode,
    MinimumAge,
    Purpose,
    Terms,
    Tlp,
    Verdict,
)

FORMAT = "tipbridge-agreement/1"
MAX_BYTES = 64 * 1024
_REQUIRED = frozenset(
    {
        "format",
        "title",
        "version",
        "sender",
        "receiver",
        "channel",
        "purpose",
        "legal_basis",
        "offences",
        "valid_from",
        "valid_to",
        "handling",
        "minimum_age",
        "fields",
    }
)
_NODE_ID = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")
_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

_Choice = TypeVar("_Choice", bound=StrEnum)


def load_agreement(data: bytes) -> tuple[Agreement, bytes]:
    """Read an agreement from TOML or canonical JSON; returns it with its canonical bytes.

    Errors: NotAnAgreement when anything is missing, unknown, or outside the closed lists.
    """
    if len(data) > MAX_BYTES:
        raise NotAnAgreement(f"An agreement has at most {MAX_BYTES} bytes.")
    document = _parse(data)
    missing, unknown = _REQUIRED - document.keys(), document.keys() - _REQUIRED - {"replaces"}
    if missing or unknown:
        raise NotAnAgreement(
            f"Agreement: missing keys {sorted(missing)}, unknown keys {sorted(unknown)}."
        )
    if document["format"] != FORMAT:
        raise NotAnAgreement(f"format must be {FORMAT}.")
    canonical = canonical_json(document)
    return _agreement(document, hashlib.sha256(canonical).hexdigest()), canonical


def _parse(data: bytes) -> dict[str, object]:
    try:
        if data.lstrip()[:1] == b"{":
            return _plain(_table("agreement", parse_canonical(data.strip())))
        return _plain(tomllib.loads(data.decode("utf-8")))
    except Invalid:
        raise
    except (ValueError, RecursionError) as error:
        raise NotAnAgreement("The agreement is neither TOML nor canonical JSON.") from error


def _plain(table: Mapping[str, object]) -> dict[str, object]:
    """TOML dates as text, so that both notations give the same canonical form."""
    return {key: _plain_value(value) for key, value in table.items()}


def _plain_value(value: object) -> object:
    if isinstance(value, dict):
        return _plain(cast("dict[str, object]", value))
    if isinstance(value, list):
        # Lists here are sets of words: one order, so that order never changes the name.
        return sorted((_plain_value(item) for item in cast("list[object]", value)), key=str)
    if isinstance(value, date | time):
        # A date with a time becomes text too, and is then refused where a day is wanted.
        return value.isoformat()
    return value


def _agreement(document: dict[str, object], sha256: str) -> Agreement:
    return Agreement(
        sha256=sha256,
        title=_text("title", document["title"]),
        channel=_channel(document["channel"]),
        version=_number("version", document["version"], 1, 9999),
        replaces=_replaces(document.get("replaces")),
        legal_basis=_text("legal_basis", document["legal_basis"]),
        terms=_terms(document),
    )


def _terms(document: dict[str, object]) -> Terms:
    valid_from, valid_to = _day("valid_from", document), _day("valid_to", document)
    sender, receiver = _node("sender", document), _node("receiver", document)
    if valid_to < valid_from:
        raise NotAnAgreement("valid_to lies before valid_from.")
    if sender == receiver:
        raise NotAnAgreement("sender and receiver are the same node.")
    tlp, handling = _handling(document["handling"])
    return Terms(
        sender=sender,
        receiver=receiver,
        purpose=_choice("purpose", Purpose, document["purpose"]),
        offences=frozenset(_choices("offences", CoveredOffence, document["offences"])),
        rules=_rules(document["fields"]),
        tlp=tlp,
        handling=handling,
        valid_from=valid_from,
        valid_to=valid_to,
        minimum_age=_minimum_age(document["minimum_age"]),
    )


def _rules(value: object) -> dict[DataClass, FieldRule]:
    rules: dict[DataClass, FieldRule] = {}
    for key, word in _table("fields", value).items():
        data_class = _choice("fields", DataClass, key)
        rules[data_class] = _rule(data_class, _text(f"fields.{key}", word))
    favours = rules.pop(DataClass.FAVOURS, None)
    if favours is not None and favours.verdict is not Verdict.ALLOW:
        raise NotAnAgreement("fields.favours: what favours the suspect cannot be withheld.")
    return rules


def _rule(data_class: DataClass, word: str) -> FieldRule:
    verb, _, form = word.partition(":")
    verdict = _choice(f"fields.{data_class}", Verdict, verb)
    if verdict is not Verdict.GENERALISE:
        if form:
            raise NotAnAgreement(f"fields.{data_class}: only generalise takes a form.")
        return FieldRule(verdict=verdict)
    forms = STANDARD_FORMS.get(data_class, ())
    if form not in forms:
        allowed = ", ".join(forms) or "none"
        raise NotAnAgreement(f"fields.{data_class}: generalise to one of: {allowed}.")
    return FieldRule(verdict=verdict, form=Form(form))


def _handling(value: object) -> tuple[Tlp, tuple[HandlingCode, ...]]:
    table = _table("handling", value)
    if set(table) != {"tlp", "codes"}:
        raise NotAnAgreement("handling has the keys tlp and codes.")
    codes = _choices("handling.codes", HandlingCode, table["codes"], empty=True)
    return _choice("handling.tlp", Tlp, table["tlp"]), codes


def _minimum_age(value: object) -> MinimumAge:
    table = _table("minimum_age", value)
    if set(table) != {"years", "jurisdiction", "citation"}:
        raise NotAnAgreement("minimum_age has the keys years, jurisdiction and citation.")
    return MinimumAge(
        years=_number("minimum_age.years", table["years"], 1, 25),
        jurisdiction=_text("minimum_age.jurisdiction", table["jurisdiction"]),
        citation=_text("minimum_age.citation", table["citation"]),
    )


def _channel(value: object) -> str:
    channel = _text("channel", value)
    if not _WORD.fullmatch(channel) or channel == CASE_BY_CASE:
        raise NotAnAgreement("channel is one lower-case word with hyphens, not case-by-case.")
    return channel


def _replaces(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise NotAnAgreement("replaces is the SHA-256 of the earlier agreement.")
    return value


def _node(key: str, document: dict[str, object]) -> str:
    node_id = _text(key, document[key])
    if not _NODE_ID.fullmatch(node_id):
        raise NotAnAgreement(f"{key} is a node id such as us.clearing.")
    return node_id


def _day(key: str, document: dict[str, object]) -> date:
    try:
        return date.fromisoformat(_text(key, document[key]))
    except ValueError as error:
        raise NotAnAgreement(f"{key} is a date such as 2013-08-01.") from error


def _table(key: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise NotAnAgreement(f"{key} is a table.")
    return cast("dict[str, object]", value)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise NotAnAgreement(f"{key} is a text that is not empty.")
    return value


def _number(key: str, value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise NotAnAgreement(f"{key} is a whole number from {low} to {high}.")
    return value


def _choice(key: str, choices: type[_Choice], value: object) -> _Choice:
    try:
        return choices(_text(key, value))
    except ValueError as error:
        allowed = ", ".join(choices)
        raise NotAnAgreement(f"{key} is one of: {allowed}.") from error


def _choices(
    key: str, choices: type[_Choice], value: object, *, empty: bool = False
) -> tuple[_Choice, ...]:
    if not isinstance(value, list) or not (value or empty):
        raise NotAnAgreement(f"{key} is a list.")
    return tuple(_choice(key, choices, item) for item in cast("list[object]", value))
