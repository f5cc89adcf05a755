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

_CLASSES = tuple(found for found in DataClass if found is not DataClass.FAVOURS)


def words(agreement: Agreement) -> Iterator[str]:
    """What the document says, one sentence a line."""
    terms, clauses = agreement.terms, agreement.terms.clauses
    yield f"{agreement.title}, version {agreement.version}, on the ground of: {agreement.legal_basis}."
    yield (
        f"{terms.sender} may give {terms.receiver} data for {terms.purpose}, "
        f"from {terms.valid_from} to {terms.valid_to}, both days included."
    )
    yield f"It speaks of: {_list(terms.offences - clauses.subject.excluded)}."
    yield (
        f"Releases are moved by {_list(clauses.mode.delivery)}, "
        f"answer to {_list(clauses.mode.occasions)}, and go {clauses.mode.extent}."
    )
    for data_class in _CLASSES:
        yield f"{data_class}: {_rule(terms.rules.get(data_class))}"
    for pattern, rule in sorted(clauses.paths.items()):
        yield f"and at {pattern}: {_rule(rule)}"
    yield "favours: what favours the suspect goes with anything that leaves, always."
    yield from _minors(terms)
    yield from _conditions(agreement)


def contradictions(agreement: Agreement) -> Iterator[str]:
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
    keep, review = terms.clauses.retention.keep_days, terms.clauses.retention.review_days
    if keep is not None and review is not None and review > keep:
        yield "retention: review_days lies after keep_days, when nothing is left to review."


def gaps(agreement: Agreement) -> Iterator[str]:
    """What the document leaves open; the strict reading holds there."""
    terms, clauses = agreement.terms, agreement.terms.clauses
    for data_class in _CLASSES:
        if data_class not in terms.rules:
            yield f"fields: {data_class} has no rule and is withheld."
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
    yield from (text for is_open, text in open_ if is_open)


def _without_effect(terms: Terms, releasing: frozenset[DataClass]) -> Iterator[str]:
    """What makes the whole document release nothing, or a clause say nothing."""
    clauses = terms.clauses
    if not releasing and not clauses.emergency.widens:
        yield "fields: no class may leave, so nothing ever does."
    if clauses.mode.extent is Extent.HIT_NO_HIT and releasing:
        yield "mode.extent: hit-no-hit releases no part, whatever the fields say."
    for pattern, rule in sorted(clauses.paths.items()):
        if rule.verdict is Verdict.ALLOW:
            yield f"paths.{pattern}: allow has no effect, a path may only hold back."
    location = terms.rules.get(DataClass.LOCATION)
    if location is not None and location.verdict is Verdict.HASH:
        yield "fields.location: hash lets nothing through, a country is too easily guessed."
    for data_class in sorted(clauses.emergency.widens):
        rule = terms.rules.get(data_class)
        if rule is not None and rule.verdict is Verdict.ALLOW:
            yield f"emergency.widens: {data_class} is allowed without one."


def _subject(terms: Terms) -> Iterator[str]:
    excluded = terms.clauses.subject.excluded
    if terms.offences <= excluded:
        yield "subject.excluded: every offence is excluded, so nothing ever leaves."
    for offence in sorted(excluded - terms.offences):
        yield f"subject.excluded: {offence} is not among the offences, excluding it has no effect."


def _no_rule_to_narrow(terms: Terms, releasing: frozenset[DataClass]) -> Iterator[str]:
    """Minors' clauses about classes that never leave."""
    minors, widens = terms.clauses.minors, terms.clauses.emergency.widens
    for name, classes in (("restrict", minors.restrict), ("victims", minors.victims)):
        for data_class in sorted(classes - releasing - widens):
            yield f"minors.{name}: {data_class} has no rule that lets it leave."


def _on_request(terms: Terms) -> Iterator[str]:
    """Fields on request where no request is an occasion, and content that never comes."""
    mode, content = terms.clauses.mode, terms.rules.get(DataClass.CONTENT)
    for data_class, rule in sorted(terms.rules.items()):
        if rule.verdict is Verdict.ON_REQUEST and Occasion.ON_REQUEST not in mode.occasions:
            yield f"fields.{data_class}: on-request, but mode.occasions has no on-request."
    withheld = content is None or content.verdict is Verdict.WITHHOLD
    if mode.extent is Extent.METADATA_FIRST and withheld:
        yield "mode.extent: metadata-first, but content may never follow."


def _leave(terms: Terms) -> Iterator[str]:
    originator, codes = terms.clauses.originator, terms.handling
    if originator.onward is Leave.GRANTED and HandlingCode.H2 in codes:
        yield "originator.onward: granted, but H2 asks for leave each time."
    if originator.onward is Leave.GRANTED and terms.tlp is Tlp.RED:
        yield "originator.onward: granted, but TLP:RED is for named recipients only."
    if originator.court is Leave.GRANTED and HandlingCode.H1 in codes:
        yield "originator.court: granted, but H1 asks for leave each time."


def _minors(terms: Terms) -> Iterator[str]:
    minors, age = terms.clauses.minors, terms.minimum_age
    yield (
        f"A name stays back at first while its bearer may be under {age.years} "
        f"({age.citation}), is a victim, or may have made the material."
    )
    if minors.restrict:
        yield f"Of whoever may be a child these stay back too: {_list(minors.restrict)}."
    if minors.victims:
        yield f"Of victims these stay back: {_list(minors.victims)}."
    if minors.welfare_contact:
        yield f"For a child's welfare, call {minors.welfare_contact}."


def _conditions(agreement: Agreement) -> Iterator[str]:
    terms, clauses = agreement.terms, agreement.terms.clauses
    marks = [terms.tlp, clauses.marks.pap, *sorted(terms.handling)]
    yield f"All is marked {', '.join(str(mark) for mark in marks if mark is not None)}."
    yield f"Passing on: {clauses.originator.onward}; use in court: {clauses.originator.court}."
    if clauses.retention.keep_days is not None:
        yield f"The receiver keeps it {clauses.retention.keep_days} days at most."
    yield f"A recall or correction is acknowledged within {clauses.recall.acknowledge_days} days."
    if clauses.emergency.widens:
        yield (
            f"In an emergency {clauses.emergency.people} people may let out "
            f"{_list(clauses.emergency.widens)}, reviewed within "
            f"{clauses.emergency.review_hours} hours."
        )
    if clauses.approvals:
        yield f"{clauses.approvals} people approve each release."
    yield f"It may be suspended by: {_list(clauses.suspending.by)}."


def _rule(rule: FieldRule | None) -> str:
    if rule is None:
        return "withheld, for no rule speaks of it."
    return {
        Verdict.ALLOW: "goes as it is.",
        Verdict.GENERALISE: f"goes as {rule.form} or coarser.",
        Verdict.HASH: "goes only as a hash under this agreement's own key.",
        Verdict.ON_REQUEST: "goes when it is asked for.",
        Verdict.WITHHOLD: "stays back.",
    }[rule.verdict]


def _list(found: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(found)) or "nothing"
