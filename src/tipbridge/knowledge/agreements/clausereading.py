"""The clauses of a document of the second format; a clause that is missing narrows nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

from tipbridge.knowledge.agreements.clauses import (
    Clauses,
    Delivery,
    Desk,
    Emergency,
    Extent,
    InformationGrade,
    Leave,
    Marks,
    Minors,
    Mode,
    Occasion,
    Originator,
    Pap,
    Parties,
    Recall,
    Reciprocity,
    Retention,
    SourceGrade,
    Subject,
    Suspending,
)
from tipbridge.knowledge.agreements.errors import NotAnAgreement
from tipbridge.knowledge.agreements.reading import (
    Choice,
    choice,
    choices,
    keys,
    number,
    table,
    text,
    truth,
)
from tipbridge.knowledge.agreements.words import (
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    Verdict,
)

MARK_KEYS = {"pap", "source", "information"}
CLAUSE_KEYS = {
    "parties", "mode", "subject", "paths", "minors", "originator", "retention", "recall",
    "emergency", "reciprocity", "suspension", "approval",
}  # fmt: skip
_PATTERN = re.compile(r"(\*|[a-z0-9_.-]+)(/(\*|[a-z0-9_.-]+))*")
_FORMS = tuple(form for form in Form if form not in (Form.EXACT, Form.KEYED))
_SIDES = frozenset({"sender", "receiver"})
_Other = TypeVar("_Other")
_LAWS = ("sender_law", "receiver_law")
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z]{1,3})?")
_MONTHS_MAX = 1200
_DAYS_MAX = 36_500


def rule_of(key: str, value: object, forms: Sequence[Form]) -> FieldRule:
    """A field rule such as `allow` or `generalise:prefix`."""
    verb, _, form = text(key, value).partition(":")
    verdict = choice(key, Verdict, verb)
    if verdict is not Verdict.GENERALISE:
        if form:
            raise NotAnAgreement(f"{key}: only generalise takes a form.")
        return FieldRule(verdict=verdict)
    if form not in forms:
        raise NotAnAgreement(f"{key}: generalise to one of: {', '.join(forms) or 'none'}.")
    return FieldRule(verdict=verdict, form=Form(form))


def clauses_of(document: Mapping[str, object]) -> Clauses:
    """All clauses of a document.

    Errors: NotAnAgreement for what is unknown or outside the closed lists.
    """
    return Clauses(
        parties=_parties(document.get("parties")),
        mode=_mode(document.get("mode")),
        subject=_subject(document.get("subject")),
        paths=_paths(document.get("paths", {})),
        minors=_minors(document.get("minors")),
        marks=_marks(table("handling", document["handling"])),
        originator=_originator(document.get("originator")),
        retention=_retention(document.get("retention")),
        recall=_recall(document.get("recall")),
        emergency=_emergency(document.get("emergency")),
        reciprocity=_reciprocity(document.get("reciprocity")),
        suspending=_suspending(document.get("suspension")),
        approvals=_approvals(document.get("approval")),
    )


class _Clause:
    """One table of a document, read key by key; nothing is left unread."""

    def __init__(self, name: str, value: object, allowed: set[str]) -> None:
        self._name = name
        self._found = {} if value is None else table(name, value)
        keys(name, self._found, frozenset(allowed))

    def __contains__(self, key: str) -> bool:
        return key in self._found

    def at(self, key: str) -> tuple[str, object]:
        """The key's full name and its value."""
        return f"{self._name}.{key}", self._found[key]

    def number(self, key: str, low: int, high: int, otherwise: int) -> int:
        """A whole number, or what holds when it is not stated."""
        return number(*self.at(key), low, high) if key in self else otherwise

    def days(self, key: str) -> int | None:
        """A number of days, if stated."""
        return number(*self.at(key), 1, _DAYS_MAX) if key in self else None

    def truth(self, key: str) -> bool:
        """Whether it is stated to be so."""
        return truth(*self.at(key)) if key in self else False

    def word(self, key: str, choices_: type[Choice], otherwise: _Other) -> Choice | _Other:
        """One word of a closed list, or what holds when it is not stated."""
        return choice(*self._placed(key, choices_)) if key in self else otherwise

    def words(
        self, key: str, choices_: type[Choice], otherwise: frozenset[Choice]
    ) -> frozenset[Choice]:
        """A set of words of a closed list, or what holds when it is not stated."""
        return frozenset(choices(*self._placed(key, choices_))) if key in self else otherwise

    def _placed(self, key: str, choices_: type[Choice]) -> tuple[str, type[Choice], object]:
        return f"{self._name}.{key}", choices_, self._found[key]

    def classes(self, key: str) -> frozenset[DataClass]:
        """A set of data classes; none when not stated. What favours the suspect is never one."""
        if key not in self:
            return frozenset()
        name, value = self.at(key)
        found = frozenset(choices(name, DataClass, value, empty=True))
        if DataClass.FAVOURS in found:
            raise NotAnAgreement(f"{name}: what favours the suspect always travels.")
        return found


def _parties(value: object) -> Parties:
    clause = _Clause("parties", value, set(_SIDES))
    return Parties(
        sender=_desks(*clause.at("sender")) if "sender" in clause else (),
        receiver=_desks(*clause.at("receiver")) if "receiver" in clause else (),
    )


def _desks(key: str, value: object) -> tuple[Desk, ...]:
    """An agency tree: one top, every parent named, no circle, each desk once."""
    if not isinstance(value, list) or not value:
        raise NotAnAgreement(f"{key} is a list of desks.")
    desks = tuple(_desk(key, item) for item in cast("list[object]", value))
    agencies = {desk.agency for desk in desks}
    if len(agencies) != len(desks) or len({desk.desk for desk in desks}) != len(desks):
        raise NotAnAgreement(f"{key}: each agency and each desk stands once.")
    for desk in desks:
        if desk.parent is not None and desk.parent not in agencies:
            raise NotAnAgreement(
                f"{key}: {desk.agency} is below {desk.parent}, which is not named."
            )
    _no_circle(key, {desk.agency: desk.parent for desk in desks})
    return desks


def _no_circle(key: str, parents: Mapping[str, str | None]) -> None:
    if list(parents.values()).count(None) != 1:
        raise NotAnAgreement(f"{key}: exactly one agency is at the top, without a parent.")
    for agency in parents:
        above, steps = parents[agency], 0
        while above is not None:
            above, steps = parents[above], steps + 1
            if steps > len(parents):
                raise NotAnAgreement(f"{key}: {agency} is below itself.")


def _desk(key: str, value: object) -> Desk:
    found = _Clause(key, value, {"agency", "parent", "desk", "contact"})
    for name in ("agency", "desk", "contact"):
        if name not in found:
            raise NotAnAgreement(f"{key}: a desk has agency, desk and contact.")
    return Desk(
        agency=text(*found.at("agency")),
        parent=text(*found.at("parent")) if "parent" in found else None,
        desk=text(*found.at("desk")),
        contact=text(*found.at("contact")),
    )


def _mode(value: object) -> Mode:
    clause, plain = _Clause("mode", value, {"delivery", "extent", "occasions"}), Mode()
    return Mode(
        delivery=clause.words("delivery", Delivery, plain.delivery),
        extent=clause.word("extent", Extent, plain.extent),
        occasions=clause.words("occasions", Occasion, plain.occasions),
    )


def _subject(value: object) -> Subject:
    judged = {"dual_criminality", "minimum_penalty_months", *_LAWS}
    clause, none = _Clause("subject", value, {"excluded", *judged}), frozenset[CoveredOffence]()
    return Subject(
        excluded=clause.words("excluded", CoveredOffence, none),
        dual_criminality=clause.truth("dual_criminality"),
        minimum_penalty_months=clause.number("minimum_penalty_months", 0, _MONTHS_MAX, 0),
        sender_law=_jurisdiction(clause, "sender_law"),
        receiver_law=_jurisdiction(clause, "receiver_law"),
    )


def _jurisdiction(clause: _Clause, key: str) -> str | None:
    if key not in clause:
        return None
    name, value = clause.at(key)
    if not _JURISDICTION.fullmatch(code := text(name, value)):
        raise NotAnAgreement(f"{name}: {code!r} is no jurisdiction such as KR or GB-EW.")
    return code


def _paths(value: object) -> dict[str, FieldRule]:
    rules: dict[str, FieldRule] = {}
    for pattern, word in table("paths", value).items():
        if not _PATTERN.fullmatch(pattern):
            raise NotAnAgreement(f"paths: {pattern!r} is no pattern such as people/*/ips/*.")
        if pattern.split("/")[0] == "favours":
            raise NotAnAgreement("paths: what favours the suspect always travels.")
        rules[pattern] = rule_of(f"paths.{pattern}", word, _FORMS)
    return rules


_MINORS = {"restrict", "victims", "welfare_contact", "contact_required"}


def _minors(value: object) -> Minors:
    clause = _Clause("minors", value, _MINORS)
    contact = text(*clause.at("welfare_contact")) if "welfare_contact" in clause else None
    return Minors(
        restrict=clause.classes("restrict"),
        victims=clause.classes("victims"),
        welfare_contact=contact,
        contact_required=clause.truth("contact_required"),
    )


def _marks(handling: Mapping[str, object]) -> Marks:
    clause = _Clause("handling", handling, MARK_KEYS | {"tlp", "codes"})
    return Marks(
        pap=clause.word("pap", Pap, None),
        source=clause.word("source", SourceGrade, None),
        information=clause.word("information", InformationGrade, None),
    )


def _originator(value: object) -> Originator:
    clause, plain = _Clause("originator", value, {"onward", "court"}), Originator()
    return Originator(
        onward=clause.word("onward", Leave, plain.onward),
        court=clause.word("court", Leave, plain.court),
    )


def _retention(value: object) -> Retention:
    clause = _Clause("retention", value, {"keep_days", "review_days", "proof_of_deletion"})
    return Retention(
        keep_days=clause.days("keep_days"),
        review_days=clause.days("review_days"),
        proof_of_deletion=clause.truth("proof_of_deletion"),
    )


def _recall(value: object) -> Recall:
    clause = _Clause("recall", value, {"acknowledge_days"})
    return Recall(
        acknowledge_days=clause.number("acknowledge_days", 1, 365, Recall().acknowledge_days)
    )


def _emergency(value: object) -> Emergency:
    clause, plain = _Clause("emergency", value, {"widens", "people", "review_hours"}), Emergency()
    return Emergency(
        widens=clause.classes("widens"),
        people=clause.number("people", 2, 9, plain.people),
        review_hours=clause.number("review_hours", 1, 720, plain.review_hours),
    )


def _reciprocity(value: object) -> Reciprocity:
    clause = _Clause("reciprocity", value, {"review_months"})
    months = clause.number("review_months", 1, 120, 0)
    return Reciprocity(review_months=months or None)


def _suspending(value: object) -> Suspending:
    clause, plain = _Clause("suspension", value, {"by", "notice_days"}), Suspending()
    sides = plain.by
    if "by" in clause:
        key, found = clause.at("by")
        named = cast("list[object]", found) if isinstance(found, list) else []
        if not named or not all(isinstance(each, str) and each in _SIDES for each in named):
            raise NotAnAgreement(f"{key} is a list of sender and receiver.")
        sides = frozenset(cast("list[str]", named))
    return Suspending(by=sides, notice_days=clause.number("notice_days", 0, 365, 0))


def _approvals(value: object) -> int:
    return _Clause("approval", value, {"people"}).number("people", 0, 9, 0)
