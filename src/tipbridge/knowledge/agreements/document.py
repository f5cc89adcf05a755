"""The agreement as a document: TOML for people, canonical JSON for its name."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from typing import cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.moments import within_reach
from tipbridge.knowledge.agreements.clausereading import (
    CLAUSE_KEYS,
    MARK_KEYS,
    clauses_of,
    rule_of,
)
from tipbridge.knowledge.agreements.errors import NotAnAgreement
from tipbridge.knowledge.agreements.model import (
    CASE_BY_CASE,
    HASHABLE,
    STANDARD_FORMS,
    Agreement,
    CoveredOffence,
    DataClass,
    FieldRule,
    HandlingCode,
    MinimumAge,
    Purpose,
    Terms,
    Tlp,
    Verdict,
)
from tipbridge.knowledge.agreements.reading import choice, choices, number, table, text

FORMAT = "tipbridge-agreement/1"
FORMAT_SIGNED = "tipbridge-agreement/2"
"""The format with all clauses; it holds only once both parties signed it."""
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


def load_agreement(data: bytes) -> tuple[Agreement, bytes]:
    """Read an agreement from TOML or canonical JSON; returns it with its canonical bytes.

    Errors: NotAnAgreement when anything is missing, unknown, or outside the closed lists.
    """
    if len(data) > MAX_BYTES:
        raise NotAnAgreement(f"An agreement has at most {MAX_BYTES} bytes.")
    document = _parse(data)
    if document.get("format") not in (FORMAT, FORMAT_SIGNED):
        raise NotAnAgreement(f"format must be {FORMAT} or {FORMAT_SIGNED}.")
    optional = {"replaces"} | (CLAUSE_KEYS if document["format"] == FORMAT_SIGNED else set[str]())
    missing, unknown = _REQUIRED - document.keys(), document.keys() - _REQUIRED - optional
    if missing or unknown:
        raise NotAnAgreement(
            f"Agreement: missing keys {sorted(missing)}, unknown keys {sorted(unknown)}."
        )
    canonical = canonical_json(document)
    return _agreement(document, hashlib.sha256(canonical).hexdigest()), canonical


def _parse(data: bytes) -> dict[str, object]:
    try:
        if data.lstrip()[:1] == b"{":
            return _plain(table("agreement", parse_canonical(data.strip())))
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
        return sorted((_plain_value(item) for item in cast("list[object]", value)), key=_place)
    if isinstance(value, date | time):
        # A date with a time becomes text too, and is then refused where a day is wanted.
        return value.isoformat()
    return value


def _place(item: object) -> str:
    """What an item of a list is sorted by: the same in whatever order its own keys were written."""
    return item if isinstance(item, str) else canonical_json(item).decode()


def _agreement(document: dict[str, object], sha256: str) -> Agreement:
    return Agreement(
        sha256=sha256,
        title=text("title", document["title"]),
        channel=_channel(document["channel"]),
        version=number("version", document["version"], 1, 9999),
        replaces=_replaces(document.get("replaces")),
        legal_basis=text("legal_basis", document["legal_basis"]),
        terms=_terms(document),
        needs_signatures=document["format"] == FORMAT_SIGNED,
    )


def _terms(document: dict[str, object]) -> Terms:
    valid_from, valid_to = _day("valid_from", document), _day("valid_to", document)
    sender, receiver = _node("sender", document), _node("receiver", document)
    if valid_to < valid_from:
        raise NotAnAgreement("valid_to lies before valid_from.")
    if sender == receiver:
        raise NotAnAgreement("sender and receiver are the same node.")
    signed = document["format"] == FORMAT_SIGNED
    tlp, handling = _handling(document["handling"], marked=signed)
    return Terms(
        sender=sender,
        receiver=receiver,
        purpose=choice("purpose", Purpose, document["purpose"]),
        offences=frozenset(choices("offences", CoveredOffence, document["offences"])),
        rules=_rules(document["fields"], signed=signed),
        tlp=tlp,
        handling=handling,
        valid_from=valid_from,
        valid_to=valid_to,
        minimum_age=_minimum_age(document["minimum_age"]),
        clauses=clauses_of(document),
    )


def _rules(value: object, *, signed: bool) -> dict[DataClass, FieldRule]:
    rules: dict[DataClass, FieldRule] = {}
    for name, word in table("fields", value).items():
        data_class = choice("fields", DataClass, name)
        rule = rule_of(f"fields.{name}", word, STANDARD_FORMS.get(data_class, ()))
        if rule.verdict is Verdict.HASH and data_class not in HASHABLE:
            raise NotAnAgreement(f"fields.{name} cannot be hashed.")
        if rule.verdict in (Verdict.HASH, Verdict.ON_REQUEST) and not signed:
            raise NotAnAgreement(f"fields.{name}: {rule.verdict} needs {FORMAT_SIGNED}.")
        rules[data_class] = rule
    favours = rules.pop(DataClass.FAVOURS, None)
    if favours is not None and favours.verdict is not Verdict.ALLOW:
        raise NotAnAgreement("fields.favours: what favours the suspect cannot be withheld.")
    return rules


def _handling(value: object, *, marked: bool) -> tuple[Tlp, tuple[HandlingCode, ...]]:
    found = table("handling", value)
    if found.keys() - (MARK_KEYS if marked else set[str]()) != {"tlp", "codes"}:
        raise NotAnAgreement("handling has the keys tlp and codes.")
    codes = choices("handling.codes", HandlingCode, found["codes"], empty=True)
    return choice("handling.tlp", Tlp, found["tlp"]), codes


def _minimum_age(value: object) -> MinimumAge:
    found = table("minimum_age", value)
    if set(found) != {"years", "jurisdiction", "citation"}:
        raise NotAnAgreement("minimum_age has the keys years, jurisdiction and citation.")
    return MinimumAge(
        years=number("minimum_age.years", found["years"], 1, 25),
        jurisdiction=text("minimum_age.jurisdiction", found["jurisdiction"]),
        citation=text("minimum_age.citation", found["citation"]),
    )


def _channel(value: object) -> str:
    channel = text("channel", value)
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
    node_id = text(key, document[key])
    if not _NODE_ID.fullmatch(node_id):
        raise NotAnAgreement(f"{key} is a node id such as us.clearing.")
    return node_id


def _day(key: str, document: dict[str, object]) -> date:
    try:
        return within_reach(date.fromisoformat(text(key, document[key])))
    except ValueError as error:
        raise NotAnAgreement(
            f"{key} is a date such as 2013-08-01, in the years 1900 to 8999."
        ) from error
