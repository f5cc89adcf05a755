"""An agreement in words, and what it leaves open. Pure."""

from collections.abc import Iterator

from tipbridge.knowledge.agreements.clauses import Extent
from tipbridge.knowledge.agreements.fields import matches
from tipbridge.knowledge.agreements.model import Agreement, DataClass, FieldRule, Terms, Verdict
from tipbridge.knowledge.agreements.sentences import (
    Line,
    Said,
    conditions,
    desks,
    judged_by,
    minors,
    say,
    sorted_words,
)
from tipbridge.knowledge.agreements.words import COMPARING

__all__ = (
    "CLASSES",
    "Line",
    "Said",
    "closing",
    "gaps",
    "opening",
    "rule_line",
    "words",
)

_OWN_WORDS = ("incident/description",)
"""Labels whose parts are sentences that a provider typed."""
CLASSES = tuple(found for found in DataClass if found is not DataClass.FAVOURS)


def words(agreement: Agreement) -> Iterator[Line]:
    """What the document says, one sentence a line."""
    terms = agreement.terms
    yield from opening(agreement)
    for data_class in CLASSES:
        said = rule_line(terms.rules.get(data_class), terms.clauses.mode.extent)
        yield say("{which}: " + said.form, which=data_class.value, **said.facts)
    for pattern, rule in sorted(terms.clauses.paths.items()):
        said = rule_line(rule)
        yield say("and at {which}: " + said.form, which=pattern, **said.facts)
    yield from closing(agreement)


def opening(agreement: Agreement) -> Iterator[Line]:
    """Between whom, for what and until when."""
    terms, clauses = agreement.terms, agreement.terms.clauses
    yield say(
        "{title}, version {version}, on the ground of: {basis}.",
        title=agreement.title,
        version=agreement.version,
        basis=agreement.legal_basis,
    )
    yield say(
        "{sender} may give {receiver} data for {purpose}, from {first} to {last}, both days included.",
        sender=terms.sender,
        receiver=terms.receiver,
        purpose=terms.purpose.value,
        first=str(terms.valid_from),
        last=str(terms.valid_to),
    )
    yield from desks(clauses)
    yield say(
        "It speaks of: {offences}.",
        offences=sorted_words(terms.offences - clauses.subject.excluded),
    )
    yield from judged_by(clauses.subject)
    yield say(
        "Releases are moved by {delivery}, answer to {occasions}, and go {extent}.",
        delivery=sorted_words(clauses.mode.delivery),
        occasions=sorted_words(clauses.mode.occasions),
        extent=clauses.mode.extent.value,
    )


def closing(agreement: Agreement) -> Iterator[Line]:
    """What holds besides the rules of fields."""
    yield say("favours: what favours the suspect goes with anything that leaves, always.")
    yield from minors(agreement.terms)
    yield from conditions(agreement)


def gaps(agreement: Agreement) -> Iterator[Line]:
    """What the document leaves open; the strict reading holds there."""
    terms, clauses = agreement.terms, agreement.terms.clauses
    for data_class in CLASSES:
        if data_class not in terms.rules:
            yield say("fields: {which} has no rule and is withheld.", which=data_class.value)
    open_ = (
        (not agreement.needs_signatures, "format: the first format needs no signatures."),
        (not clauses.parties.sender, "parties.sender: no desk is named."),
        (not clauses.parties.receiver, "parties.receiver: no desk is named."),
        (clauses.marks.pap is None, "handling.pap: not stated."),
        (clauses.marks.source is None, "handling.source: the source is not graded."),
        (clauses.marks.information is None, "handling.information: not graded."),
        (clauses.minors.welfare_contact is None, "minors.welfare_contact: nobody to call."),
        (clauses.retention.keep_days is None, "retention.keep_days: no end is set."),
        (clauses.retention.review_days is None, "retention.review_days: no review is set."),
        (not clauses.emergency.widens, "emergency: no override, whatever happens."),
        (clauses.reciprocity.review_months is None, "reciprocity: counts are not reviewed."),
        (clauses.approvals == 0, "approval: the rules alone release, nobody approves."),
    )
    yield from (say(text) for is_open, text in open_ if is_open)
    if _words_may_name(terms):
        yield say(
            "fields.incident: what a report says in its own words goes with it, and may hold a name, a contact or a school; a path such as {path} holds it back.",
            path="incident/description",
        )


def _words_may_name(terms: Terms) -> bool:
    """Whether free text leaves while names or contacts, which it may hold, stay back or change."""
    allowed = {each for each, rule in terms.rules.items() if rule.verdict is Verdict.ALLOW}
    told = DataClass.INCIDENT in allowed and not any(
        matches(path, label) for path in terms.clauses.paths for label in _OWN_WORDS
    )
    narrowed = not {DataClass.NAME, DataClass.CONTACT} <= allowed or bool(
        terms.clauses.minors.restrict or terms.clauses.minors.victims or terms.minimum_age.years
    )
    return told and narrowed and terms.clauses.mode.extent is not Extent.HIT_NO_HIT


def rule_line(rule: FieldRule | None, extent: Extent = Extent.FULL) -> Line:
    """What a rule lets through; under hit-no-hit, what it lets be compared."""
    if extent is Extent.HIT_NO_HIT and rule is not None and rule.verdict in COMPARING:
        return say("is compared without being told, and never leaves.")
    if rule is None:
        return say("withheld, for no rule speaks of it.")
    return {
        Verdict.ALLOW: say("goes as it is."),
        Verdict.GENERALISE: say("goes as {form} or coarser.", form=str(rule.form)),
        Verdict.HASH: say("goes only as a hash under this agreement's own key."),
        Verdict.ON_REQUEST: say("goes when it is asked for."),
        Verdict.WITHHOLD: say("stays back."),
    }[rule.verdict]
