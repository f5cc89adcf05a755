"""An agreement in words, what contradicts itself in it, and what it leaves open. Pure."""

from collections.abc import Iterator

from tipbridge.knowledge.agreements.clauses import Extent, Leave, Occasion
from tipbridge.knowledge.agreements.model import (
    Agreement,
    DataClass,
    FieldRule,
    HandlingCode,
    Terms,
    Tlp,
    Verdict,
)
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

__all__ = (
    "CLASSES",
    "Line",
    "Said",
    "closing",
    "contradictions",
    "gaps",
    "opening",
    "rule_line",
    "words",
)

CLASSES = tuple(found for found in DataClass if found is not DataClass.FAVOURS)


def words(agreement: Agreement) -> Iterator[Line]:
    """What the document says, one sentence a line."""
    terms = agreement.terms
    yield from opening(agreement)
    for data_class in CLASSES:
        said = rule_line(terms.rules.get(data_class))
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


def contradictions(agreement: Agreement) -> Iterator[Line]:
    """What the document says and takes back, or says without effect."""
    terms = agreement.terms
    releasing = frozenset(
        data_class
        for data_class, rule in terms.rules.items()
        if rule.verdict is not Verdict.WITHHOLD
    )
    yield from _without_effect(terms, releasing)
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


def _without_effect(terms: Terms, releasing: frozenset[DataClass]) -> Iterator[Line]:
    """What makes the whole document release nothing, or a clause say nothing."""
    clauses = terms.clauses
    if not releasing and not clauses.emergency.widens:
        yield say("fields: no class may leave, so nothing ever does.")
    if clauses.mode.extent is Extent.HIT_NO_HIT and releasing:
        yield say("mode.extent: hit-no-hit releases no part, whatever the fields say.")
    for pattern, rule in sorted(clauses.paths.items()):
        if rule.verdict is Verdict.ALLOW:
            yield say(
                "paths.{pattern}: allow has no effect, a path may only hold back.", pattern=pattern
            )
    location = terms.rules.get(DataClass.LOCATION)
    if location is not None and location.verdict is Verdict.HASH:
        yield say("fields.location: hash lets nothing through, a country is too easily guessed.")
    for data_class in sorted(clauses.emergency.widens):
        rule = terms.rules.get(data_class)
        if rule is not None and rule.verdict is Verdict.ALLOW:
            yield say("emergency.widens: {which} is allowed without one.", which=data_class.value)


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


def rule_line(rule: FieldRule | None) -> Line:
    """What a rule lets through."""
    if rule is None:
        return say("withheld, for no rule speaks of it.")
    return {
        Verdict.ALLOW: say("goes as it is."),
        Verdict.GENERALISE: say("goes as {form} or coarser.", form=str(rule.form)),
        Verdict.HASH: say("goes only as a hash under this agreement's own key."),
        Verdict.ON_REQUEST: say("goes when it is asked for."),
        Verdict.WITHHOLD: say("stays back."),
    }[rule.verdict]
