"""Why one part may leave or stays back, once the agreement speaks of the release at all.

Each rule may only hold back: a part leaves when its class has a rule that lets it, and no
path, extent or minors' clause holds it. Pure.
"""

from collections.abc import Iterator

from tipbridge.knowledge.agreements.clauses import Extent
from tipbridge.knowledge.agreements.decisions import RELEASING, Reason, ReleaseFacts
from tipbridge.knowledge.agreements.model import Part, Terms
from tipbridge.knowledge.agreements.words import (
    STANDARD_FORMS,
    DataClass,
    FieldRule,
    Form,
    Verdict,
)

_EMERGENCY = FieldRule(verdict=Verdict.ALLOW)


def reason_for(terms: Terms, part: Part, facts: ReleaseFacts) -> Reason:
    """Why this part leaves or stays; the first reason to hold it back wins."""
    by_class, widened = _by_class(terms, part, facts)
    if by_class not in RELEASING:
        return by_class
    held = next(_holding(terms, part, facts), None)
    if held is not None:
        return held
    return Reason.EMERGENCY if widened else by_class


def matches(pattern: str, label: str) -> bool:
    """Whether a path pattern speaks of a label, a generalised form of it included."""
    steps, found = pattern.split("/"), label.partition("~")[0].split("/")
    return len(steps) == len(found) and all(
        step in ("*", word) for step, word in zip(steps, found, strict=True)
    )


def wants_hash(terms: Terms, part: Part) -> bool:
    """Whether a rule about this part, of its class or of a path, lets only its keyed form through."""
    by_class = terms.rules.get(part.data_class)
    rules = [by_class] if by_class is not None else []
    rules += [rule for path, rule in terms.clauses.paths.items() if matches(path, part.label)]
    return any(rule.verdict is Verdict.HASH for rule in rules)


def person_of(label: str) -> str:
    """The person a part speaks of, as `people/N`; empty when it speaks of none."""
    steps = label.split("/")
    return "/".join(steps[:2]) if steps[0] == "people" and len(steps) > 2 else ""


def _by_class(terms: Terms, part: Part, facts: ReleaseFacts) -> tuple[Reason, bool]:
    """What the rule of the part's class says, and whether an emergency widened it."""
    emergency = terms.clauses.emergency
    plain = _by_rule(terms.rules.get(part.data_class), part, facts)
    called = facts.emergency_people >= emergency.people
    if plain not in RELEASING and called and part.data_class in emergency.widens:
        return _by_rule(_EMERGENCY, part, facts), True
    return plain, False


def _holding(terms: Terms, part: Part, facts: ReleaseFacts) -> Iterator[Reason]:
    """Every reason that holds back what the class's rule would let through."""
    if part.label.partition("~")[0] in facts.corrected:
        yield Reason.CORRECTED
    if facts.onward is not None and part.label in facts.onward.outside:
        yield Reason.OUTSIDE_CONSENT
    for pattern in sorted(terms.clauses.paths):
        if matches(pattern, part.label):
            by_path = _by_rule(terms.clauses.paths[pattern], part, facts)
            if by_path not in RELEASING:
                yield by_path
    if part.data_class is DataClass.CONTENT and _holds_content(terms, facts):
        yield Reason.CONTENT_ON_REQUEST
    yield from _minors(terms, part, facts)


def _holds_content(terms: Terms, facts: ReleaseFacts) -> bool:
    first = terms.clauses.mode.extent is Extent.METADATA_FIRST
    return first and DataClass.CONTENT not in facts.requested


def _minors(terms: Terms, part: Part, facts: ReleaseFacts) -> Iterator[Reason]:
    """What stays back because its bearer may be a child, or is a victim."""
    minors, person = terms.clauses.minors, person_of(part.label)
    if part.data_class in minors.victims and person in facts.victims:
        yield Reason.VICTIM_RESTRICTED
    by_age = _by_age(terms, person, facts)
    if by_age is None:
        return
    if part.data_class is DataClass.NAME and facts.first_release:
        yield by_age
    nobody_to_call = minors.contact_required and minors.welfare_contact is None
    if person and (nobody_to_call or part.data_class in minors.restrict):
        yield Reason.MINOR_RESTRICTED


def _by_rule(rule: FieldRule | None, part: Part, facts: ReleaseFacts) -> Reason:
    if rule is None:
        return Reason.NO_RULE
    return {
        Verdict.WITHHOLD: lambda: Reason.RULE_WITHHOLDS,
        # Committed forms go along, so that a later, narrower hop has them to pass on.
        Verdict.ALLOW: lambda: Reason.ALLOWED,
        Verdict.HASH: lambda: _hashed(part),
        Verdict.ON_REQUEST: lambda: _requested(part, facts),
        Verdict.GENERALISE: lambda: _generalised(rule, part),
    }[rule.verdict]()


def _hashed(part: Part) -> Reason:
    return Reason.HASHED if _form(part) is Form.KEYED else Reason.HASHED_ONLY


def _requested(part: Part, facts: ReleaseFacts) -> Reason:
    return Reason.REQUESTED if part.data_class in facts.requested else Reason.ON_REQUEST


def _generalised(rule: FieldRule, part: Part) -> Reason:
    asked = _rank(part.data_class, rule.form)
    # A form that this class of data does not have lets nothing of it through.
    coarse = asked > 0 and _rank(part.data_class, _form(part)) >= asked
    return Reason.GENERALISED if coarse else Reason.FINER_THAN_RULE


def _rank(data_class: DataClass, form: Form | None) -> int:
    """How coarse a form is; the exact value is the finest."""
    forms = STANDARD_FORMS.get(data_class, ())
    return forms.index(form) + 1 if form in forms else 0


def _form(part: Part) -> Form:
    """The part's form, believed only when its label says the same."""
    _, _, suffix = part.label.rpartition("~")
    return part.form if part.form == suffix else Form.EXACT


def _by_age(terms: Terms, person: str, facts: ReleaseFacts) -> Reason | None:
    """Why this person's name stays back at first release, or None; unknown counts as "may be"."""
    if facts.possible_self_production:
        return Reason.MINOR_SELF_PRODUCTION
    if person in facts.victims:
        return Reason.VICTIM_NAME
    age = facts.ages.get(person)
    if age is None:
        return Reason.MINOR_AGE_UNKNOWN
    return Reason.MINOR_MAY_BE_UNDER_AGE if age.low < terms.minimum_age.years else None
