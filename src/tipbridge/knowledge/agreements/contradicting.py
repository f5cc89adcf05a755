"""What contradicts itself in an agreement, or is said without effect. Pure."""

from collections.abc import Iterator

from tipbridge.knowledge.agreements.clauses import Delivery, Extent, Leave, Occasion
from tipbridge.knowledge.agreements.labels import speaks_of_some
from tipbridge.knowledge.agreements.model import (
    Agreement,
    DataClass,
    HandlingCode,
    Purpose,
    Terms,
    Tlp,
    Verdict,
)
from tipbridge.knowledge.agreements.sentences import Line, say
from tipbridge.knowledge.agreements.words import COMPARED, COMPARING, JUDGED


def contradictions(agreement: Agreement) -> Iterator[Line]:
    """What the document says and takes back, or says without effect."""
    terms = agreement.terms
    releasing = frozenset(
        data_class
        for data_class, rule in terms.rules.items()
        if rule.verdict is not Verdict.WITHHOLD
    )
    yield from _without_effect(terms, releasing)
    yield from _paths(terms)
    yield from _questions(terms, releasing)
    yield from _subject(terms)
    yield from _on_request(terms)
    yield from _no_rule_to_narrow(terms, releasing)
    yield from _leave(terms)
    minors = terms.clauses.minors
    if minors.contact_required and minors.welfare_contact is None:
        yield say(
            "minors.contact_required: nobody is named to call, so nothing about a child leaves."
        )
    keep, review = terms.clauses.retention.keep_days, terms.clauses.retention.review_days
    if keep is not None and review is not None and review > keep:
        yield say("retention: review_days lies after keep_days, when nothing is left to review.")
    if keep is None and terms.clauses.retention.proof_of_deletion:
        yield say(
            "retention.proof_of_deletion: without keep_days nothing is deleted by it, so nothing is ever proved."
        )


def _without_effect(terms: Terms, releasing: frozenset[DataClass]) -> Iterator[Line]:
    """What makes the whole document release nothing, or a clause say nothing."""
    clauses = terms.clauses
    if not releasing and not clauses.emergency.widens:
        yield say("fields: no class may leave, so nothing ever does.")
    location = terms.rules.get(DataClass.LOCATION)
    if location is not None and location.verdict is Verdict.HASH:
        yield say("fields.location: hash lets nothing through, a country is too easily guessed.")
    for data_class in sorted(clauses.emergency.widens):
        rule = terms.rules.get(data_class)
        if rule is not None and rule.verdict is Verdict.ALLOW:
            yield say("emergency.widens: {which} is allowed without one.", which=data_class.value)


def _paths(terms: Terms) -> Iterator[Line]:
    """Path rules that hold nothing back: they allow, or no part has such a label."""
    for pattern, rule in sorted(terms.clauses.paths.items()):
        if rule.verdict is Verdict.ALLOW:
            yield say(
                "paths.{pattern}: allow has no effect, a path may only hold back.", pattern=pattern
            )
        if not speaks_of_some(pattern):
            yield say(
                "paths.{pattern}: no part of any tip has such a label, so it holds nothing back.",
                pattern=pattern,
            )


def _questions(terms: Terms, releasing: frozenset[DataClass]) -> Iterator[Line]:
    """Under hit-no-hit: classes that are never compared, and what lets no question be answered."""
    mode = terms.clauses.mode
    if mode.extent is not Extent.HIT_NO_HIT:
        return
    for data_class, rule in sorted(terms.rules.items()):
        if data_class in releasing and not (data_class in COMPARED and rule.verdict in COMPARING):
            yield say(
                "fields.{which}: under hit-no-hit it is not compared, and nothing leaves.",
                which=data_class.value,
            )
    unanswered = (
        (terms.clauses.approvals > 0, "approval.people"),
        (terms.purpose is not Purpose.INVESTIGATION, "purpose"),
        (Delivery.PULL not in mode.delivery, "mode.delivery"),
        (Occasion.ON_REQUEST not in mode.occasions, "mode.occasions"),
    )
    for never, place in unanswered:
        if never:
            yield say(
                "{place}: questions of hit or no hit are answered at once, to who fetches the answer for an investigation; as it stands none is.",
                place=place,
            )


def _subject(terms: Terms) -> Iterator[Line]:
    excluded = terms.clauses.subject.excluded
    if terms.offences <= excluded:
        yield say("subject.excluded: every offence is excluded, so nothing ever leaves.")
    for offence in sorted(excluded - terms.offences):
        yield say(
            "subject.excluded: {which} is not among the offences, excluding it has no effect.",
            which=offence.value,
        )
    subject = terms.clauses.subject
    judged = subject.dual_criminality or subject.minimum_penalty_months > 0
    if judged and None in (subject.sender_law, subject.receiver_law):
        yield say(
            "subject: dual_criminality and minimum_penalty_months are judged by sender_law and receiver_law; without both nothing ever leaves."
        )
    elif judged:
        for offence in sorted(terms.offences - excluded - JUDGED):
            yield say(
                "subject: which offences of a law {which} would be is not known here, so by dual_criminality or minimum_penalty_months nothing about it ever leaves.",
                which=offence.value,
            )


def _no_rule_to_narrow(terms: Terms, releasing: frozenset[DataClass]) -> Iterator[Line]:
    """Minors' clauses about classes that never leave."""
    clause, widens = terms.clauses.minors, terms.clauses.emergency.widens
    for name, classes in (("restrict", clause.restrict), ("victims", clause.victims)):
        for data_class in sorted(classes - releasing - widens):
            yield say(
                "minors.{clause}: {which} has no rule that lets it leave.",
                clause=name,
                which=data_class.value,
            )


def _on_request(terms: Terms) -> Iterator[Line]:
    """Fields on request where no request is an occasion, and content that never comes."""
    mode, content = terms.clauses.mode, terms.rules.get(DataClass.CONTENT)
    for data_class, rule in sorted(terms.rules.items()):
        if rule.verdict is Verdict.ON_REQUEST and Occasion.ON_REQUEST not in mode.occasions:
            yield say(
                "fields.{which}: on-request, but mode.occasions has no on-request.",
                which=data_class.value,
            )
    withheld = content is None or content.verdict is Verdict.WITHHOLD
    if mode.extent is Extent.METADATA_FIRST and withheld:
        yield say("mode.extent: metadata-first, but content may never follow.")


def _leave(terms: Terms) -> Iterator[Line]:
    originator, codes = terms.clauses.originator, terms.handling
    if originator.onward is Leave.GRANTED and HandlingCode.H2 in codes:
        yield say("originator.onward: granted, but H2 asks for leave each time.")
    if originator.onward is Leave.GRANTED and terms.tlp is Tlp.RED:
        yield say("originator.onward: granted, but TLP:RED is for named recipients only.")
    if originator.onward is Leave.GRANTED and terms.tlp is Tlp.AMBER_STRICT:
        yield say("originator.onward: granted, but TLP:AMBER+STRICT stays with the receiver.")
    if originator.court is Leave.GRANTED and HandlingCode.H1 in codes:
        yield say("originator.court: granted, but H1 asks for leave each time.")
