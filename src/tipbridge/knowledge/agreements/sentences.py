"""One sentence of an agreement in words, and the sentences of its clauses. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tipbridge.knowledge.agreements.clauses import Clauses, Desk, Subject
from tipbridge.knowledge.agreements.model import Agreement, Terms

Said = str | int | tuple[str, ...]
"""What stands in a sentence: a word of a closed list or a name, a number, or several words."""
_ANY_DESK = "any desk"
_NOT_STATED = "not stated"


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


def say(form: str, /, **facts: Said) -> Line:
    """A sentence in this form."""
    return Line(form=form, facts=facts)


def sorted_words(found: Iterable[str]) -> tuple[str, ...]:
    """Words of a closed list, in one order."""
    return tuple(sorted(str(each) for each in found))


def desks(clauses: Clauses) -> Iterator[Line]:
    """Who deals with it on either side."""
    yield say("Desks of the sender: {desks}.", desks=_desks(clauses.parties.sender))
    yield say("Desks of the receiver: {desks}.", desks=_desks(clauses.parties.receiver))


def _desks(found: tuple[Desk, ...]) -> tuple[str, ...]:
    named = (
        f"{desk.agency}{'' if desk.parent is None else f' < {desk.parent}'}: {desk.desk} ({desk.contact})"
        for desk in found
    )
    return tuple(named) or (_ANY_DESK,)


def judged_by(subject: Subject) -> Iterator[Line]:
    """What the offences must be under both sides' law."""
    laws = {"first": subject.sender_law or "?", "second": subject.receiver_law or "?"}
    if subject.dual_criminality:
        yield say("Each must be an offence under the law of {first} and of {second}.", **laws)
    if subject.minimum_penalty_months:
        yield say(
            "The law of {first} and of {second} must each allow {months} months or more for it.",
            months=subject.minimum_penalty_months,
            **laws,
        )


def minors(terms: Terms) -> Iterator[Line]:
    """What stays back of children, and whom to call."""
    clause, age = terms.clauses.minors, terms.minimum_age
    yield say(
        "A name stays back at first while its bearer may be under {years} ({citation}), is a victim, or may have made the material.",
        years=age.years,
        citation=age.citation,
    )
    if clause.restrict:
        yield say(
            "Of whoever may be a child these stay back too: {classes}.",
            classes=sorted_words(clause.restrict),
        )
    if clause.victims:
        yield say("Of victims these stay back: {classes}.", classes=sorted_words(clause.victims))
    if clause.welfare_contact:
        yield say("For a child's welfare, call {contact}.", contact=clause.welfare_contact)
    if clause.contact_required:
        yield say("Nothing about a child leaves while nobody is named to call for its welfare.")


def conditions(agreement: Agreement) -> Iterator[Line]:
    """Under which conditions everything leaves, and what the receiver owes."""
    terms, clauses = agreement.terms, agreement.terms.clauses
    marks = [terms.tlp, clauses.marks.pap, *sorted(terms.handling)]
    yield say(
        "All is marked {marks}.", marks=tuple(str(mark) for mark in marks if mark is not None)
    )
    yield say(
        "The source is graded {source}, the information {information}.",
        source=str(clauses.marks.source or _NOT_STATED),
        information=str(clauses.marks.information or _NOT_STATED),
    )
    yield say(
        "Passing on: {onward}; use in court: {court}.",
        onward=clauses.originator.onward.value,
        court=clauses.originator.court.value,
    )
    yield from _kept(clauses)
    yield say(
        "A recall or correction is acknowledged within {days} days.",
        days=clauses.recall.acknowledge_days,
    )
    yield from _widened(clauses)
    yield from _both_sides(clauses)


def _kept(clauses: Clauses) -> Iterator[Line]:
    """How long it is kept, when that is looked at again, and whether its end is proved."""
    retention = clauses.retention
    if retention.keep_days is not None:
        yield say("The receiver keeps it {days} days at most.", days=retention.keep_days)
    if retention.review_days is not None:
        yield say(
            "After {days} days the receiver looks at whether it is still needed.",
            days=retention.review_days,
        )
    if retention.proof_of_deletion:
        yield say("The receiver proves to the sender that it was deleted.")


def _widened(clauses: Clauses) -> Iterator[Line]:
    """What people may let out besides, and how many must say so."""
    if clauses.emergency.widens:
        yield say(
            "In an emergency {people} people may let out {classes}, reviewed within {hours} hours.",
            people=clauses.emergency.people,
            classes=sorted_words(clauses.emergency.widens),
            hours=clauses.emergency.review_hours,
        )
    if clauses.approvals:
        yield say("{people} people approve each release.", people=clauses.approvals)


def _both_sides(clauses: Clauses) -> Iterator[Line]:
    """What both sides look at together, and who may suspend it."""
    if clauses.reciprocity.review_months is not None:
        yield say(
            "Every {months} months both sides look at how much went each way.",
            months=clauses.reciprocity.review_months,
        )
    yield say("It may be suspended by: {sides}.", sides=sorted_words(clauses.suspending.by))
    if clauses.suspending.notice_days:
        yield say(
            "A suspension takes hold {days} days after it is told.",
            days=clauses.suspending.notice_days,
        )
