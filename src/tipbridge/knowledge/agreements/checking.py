"""An agreement in words, what contradicts itself in it, and what it leaves open. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tipbridge.knowledge.agreements.clauses import Extent, Leave, Occasion, Subject
from tipbridge.knowledge.agreements.model import (
    Agreement,
    DataClass,
    FieldRule,
    HandlingCode,
    Terms,
    Tlp,
    Verdict,
)

CLASSES = tuple(found for found in DataClass if found is not DataClass.FAVOURS)
Said = str | int | tuple[str, ...]
"""What stands in a sentence: a word of a closed list or a name, a number, or several words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence: its form, which is translated, and what stands in it."""

    form: str
    facts: Mapping[str, Said] = field(default_factory=dict[str, Said])

    def __str__(self) -> str:
        shown = {
            name: (", ".join(fact) or "nothing") if isinstance(fact, tuple) else fact
            for name, fact in self.facts.items()
        }
        return self.form.format(**shown)


def _say(form: str, /, **facts: Said) -> Line:
    return Line(form=form, facts=facts)


def _words(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(str(each) for each in found))


def words(agreement: Agreement) -> Iterator[Line]:
    """What the document says, one sentence a line."""
    terms = agreement.terms
    yield from opening(agreement)
    for data_class in CLASSES:
        said = rule_line(terms.rules.get(data_class))
        yield _say("{which}: " + said.form, which=data_class.value, **said.facts)
    for pattern, rule in sorted(terms.clauses.paths.items()):
        said = rule_line(rule)
        yield _say("and at {which}: " + said.form, which=pattern, **said.facts)
    yield from closing(agreement)


def opening(agreement: Agreement) -> Iterator[Line]:
    """Between whom, for what and until when."""
    terms, clauses = agreement.terms, agreement.terms.clauses
    yield _say(
        "{title}, version {version}, on the ground of: {basis}.",
        title=agreement.title,
        version=agreement.version,
        basis=agreement.legal_basis,
    )
    yield _say(
        "{sender} may give {receiver} data for {purpose}, from {first} to {last}, both days included.",
        sender=terms.sender,
        receiver=terms.receiver,
        purpose=terms.purpose.value,
        first=str(terms.valid_from),
        last=str(terms.valid_to),
    )
    yield _say(
        "It speaks of: {offences}.", offences=_words(terms.offences - clauses.subject.excluded)
    )
    yield from _judged_by(clauses.subject)
    yield _say(
        "Releases are moved by {delivery}, answer to {occasions}, and go {extent}.",
        delivery=_words(clauses.mode.delivery),
        occasions=_words(clauses.mode.occasions),
        extent=clauses.mode.extent.value,
    )


def _judged_by(subject: Subject) -> Iterator[Line]:
    """What the offences must be under both sides' law."""
    laws = {"first": subject.sender_law or "?", "second": subject.receiver_law or "?"}
    if subject.dual_criminality:
        yield _say("Each must be an offence under the law of {first} and of {second}.", **laws)
    if subject.minimum_penalty_months:
        yield _say(
            "The law of {first} and of {second} must each allow {months} months or more for it.",
            months=subject.minimum_penalty_months,
            **laws,
        )


def closing(agreement: Agreement) -> Iterator[Line]:
    """What holds besides the rules of fields."""
    yield _say("favours: what favours the suspect goes with anything that leaves, always.")
    yield from _minors(agreement.terms)
    yield from _conditions(agreement)


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
    keep, review = terms.clauses.retention.keep_days, terms.clauses.retention.review_days
    if keep is not None and review is not None and review > keep:
        yield _say("retention: review_days lies after keep_days, when nothing is left to review.")


def gaps(agreement: Agreement) -> Iterator[Line]:
    """What the document leaves open; the strict reading holds there."""
    terms, clauses = agreement.terms, agreement.terms.clauses
    for data_class in CLASSES:
        if data_class not in terms.rules:
            yield _say("fields: {which} has no rule and is withheld.", which=data_class.value)
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
    yield from (_say(text) for is_open, text in open_ if is_open)


def _without_effect(terms: Terms, releasing: frozenset[DataClass]) -> Iterator[Line]:
    """What makes the whole document release nothing, or a clause say nothing."""
    clauses = terms.clauses
    if not releasing and not clauses.emergency.widens:
        yield _say("fields: no class may leave, so nothing ever does.")
    if clauses.mode.extent is Extent.HIT_NO_HIT and releasing:
        yield _say("mode.extent: hit-no-hit releases no part, whatever the fields say.")
    for pattern, rule in sorted(clauses.paths.items()):
        if rule.verdict is Verdict.ALLOW:
            yield _say(
                "paths.{pattern}: allow has no effect, a path may only hold back.", pattern=pattern
            )
    location = terms.rules.get(DataClass.LOCATION)
    if location is not None and location.verdict is Verdict.HASH:
        yield _say("fields.location: hash lets nothing through, a country is too easily guessed.")
    for data_class in sorted(clauses.emergency.widens):
        rule = terms.rules.get(data_class)
        if rule is not None and rule.verdict is Verdict.ALLOW:
            yield _say("emergency.widens: {which} is allowed without one.", which=data_class.value)


def _subject(terms: Terms) -> Iterator[Line]:
    excluded = terms.clauses.subject.excluded
    if terms.offences <= excluded:
        yield _say("subject.excluded: every offence is excluded, so nothing ever leaves.")
    for offence in sorted(excluded - terms.offences):
        yield _say(
            "subject.excluded: {which} is not among the offences, excluding it has no effect.",
            which=offence.value,
        )
    subject = terms.clauses.subject
    judged = subject.dual_criminality or subject.minimum_penalty_months > 0
    if judged and None in (subject.sender_law, subject.receiver_law):
        yield _say(
            "subject: dual_criminality and minimum_penalty_months are judged by sender_law and receiver_law; without both nothing ever leaves."
        )


def _no_rule_to_narrow(terms: Terms, releasing: frozenset[DataClass]) -> Iterator[Line]:
    """Minors' clauses about classes that never leave."""
    minors, widens = terms.clauses.minors, terms.clauses.emergency.widens
    for name, classes in (("restrict", minors.restrict), ("victims", minors.victims)):
        for data_class in sorted(classes - releasing - widens):
            yield _say(
                "minors.{clause}: {which} has no rule that lets it leave.",
                clause=name,
                which=data_class.value,
            )


def _on_request(terms: Terms) -> Iterator[Line]:
    """Fields on request where no request is an occasion, and content that never comes."""
    mode, content = terms.clauses.mode, terms.rules.get(DataClass.CONTENT)
    for data_class, rule in sorted(terms.rules.items()):
        if rule.verdict is Verdict.ON_REQUEST and Occasion.ON_REQUEST not in mode.occasions:
            yield _say(
                "fields.{which}: on-request, but mode.occasions has no on-request.",
                which=data_class.value,
            )
    withheld = content is None or content.verdict is Verdict.WITHHOLD
    if mode.extent is Extent.METADATA_FIRST and withheld:
        yield _say("mode.extent: metadata-first, but content may never follow.")


def _leave(terms: Terms) -> Iterator[Line]:
    originator, codes = terms.clauses.originator, terms.handling
    if originator.onward is Leave.GRANTED and HandlingCode.H2 in codes:
        yield _say("originator.onward: granted, but H2 asks for leave each time.")
    if originator.onward is Leave.GRANTED and terms.tlp is Tlp.RED:
        yield _say("originator.onward: granted, but TLP:RED is for named recipients only.")
    if originator.court is Leave.GRANTED and HandlingCode.H1 in codes:
        yield _say("originator.court: granted, but H1 asks for leave each time.")


def _minors(terms: Terms) -> Iterator[Line]:
    minors, age = terms.clauses.minors, terms.minimum_age
    yield _say(
        "A name stays back at first while its bearer may be under {years} ({citation}), is a victim, or may have made the material.",
        years=age.years,
        citation=age.citation,
    )
    if minors.restrict:
        yield _say(
            "Of whoever may be a child these stay back too: {classes}.",
            classes=_words(minors.restrict),
        )
    if minors.victims:
        yield _say("Of victims these stay back: {classes}.", classes=_words(minors.victims))
    if minors.welfare_contact:
        yield _say("For a child's welfare, call {contact}.", contact=minors.welfare_contact)


def _conditions(agreement: Agreement) -> Iterator[Line]:
    terms, clauses = agreement.terms, agreement.terms.clauses
    marks = [terms.tlp, clauses.marks.pap, *sorted(terms.handling)]
    yield _say(
        "All is marked {marks}.", marks=tuple(str(mark) for mark in marks if mark is not None)
    )
    yield _say(
        "Passing on: {onward}; use in court: {court}.",
        onward=clauses.originator.onward.value,
        court=clauses.originator.court.value,
    )
    if clauses.retention.keep_days is not None:
        yield _say("The receiver keeps it {days} days at most.", days=clauses.retention.keep_days)
    yield _say(
        "A recall or correction is acknowledged within {days} days.",
        days=clauses.recall.acknowledge_days,
    )
    if clauses.emergency.widens:
        yield _say(
            "In an emergency {people} people may let out {classes}, reviewed within {hours} hours.",
            people=clauses.emergency.people,
            classes=_words(clauses.emergency.widens),
            hours=clauses.emergency.review_hours,
        )
    if clauses.approvals:
        yield _say("{people} people approve each release.", people=clauses.approvals)
    yield _say("It may be suspended by: {sides}.", sides=_words(clauses.suspending.by))


def rule_line(rule: FieldRule | None) -> Line:
    """What a rule lets through."""
    if rule is None:
        return _say("withheld, for no rule speaks of it.")
    return {
        Verdict.ALLOW: _say("goes as it is."),
        Verdict.GENERALISE: _say("goes as {form} or coarser.", form=str(rule.form)),
        Verdict.HASH: _say("goes only as a hash under this agreement's own key."),
        Verdict.ON_REQUEST: _say("goes when it is asked for."),
        Verdict.WITHHOLD: _say("stays back."),
    }[rule.verdict]
