"""Pure decisions about questions: what may be asked and answered, and what an answer says."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from tipbridge.knowledge.agreements.clauses import Delivery, Extent, Occasion
from tipbridge.knowledge.agreements.model import Agreement, DataClass, Terms, Verdict
from tipbridge.knowledge.law.ages import ages_on
from tipbridge.knowledge.law.loading import widest_margin
from tipbridge.knowledge.law.model import Birth
from tipbridge.police.cases.acts import earliest_act_on
from tipbridge.police.cases.identifiers import compared
from tipbridge.police.cases.model import (
    Identifier,
    IdentifierKind,
    KnownPerson,
    Person,
    PersonRole,
)
from tipbridge.police.deconfliction.blinding import MARK_BYTES, Secret, mark_of, point_of
from tipbridge.police.deconfliction.model import AnswerMessage, Held, Refusal

MOST_ASKED = 100
"""Identifiers in one question: a case's own, never a list."""
LEAST_MARKS = 1024
CLASSES = {
    IdentifierKind.ACCOUNT: DataClass.ACCOUNT,
    IdentifierKind.SCREEN_NAME: DataClass.ACCOUNT,
    IdentifierKind.EMAIL: DataClass.CONTACT,
    IdentifierKind.PHONE: DataClass.CONTACT,
    IdentifierKind.IP: DataClass.IP,
    IdentifierKind.DEVICE: DataClass.DEVICE,
}
"""As what an agreement's field rules speak of each kind; others are never compared."""
_COMPARED = {Verdict.ALLOW, Verdict.HASH}


def allows_questions(agreement: Agreement) -> bool:
    """Whether an agreement is one of hits: on request, fetched, nothing but yes or no."""
    mode = agreement.terms.clauses.mode
    return (
        mode.extent is Extent.HIT_NO_HIT
        and Delivery.PULL in mode.delivery
        and Occasion.ON_REQUEST in mode.occasions
    )


def compared_kinds(terms: Terms) -> frozenset[IdentifierKind]:
    """The kinds of identifiers that an agreement lets be compared."""
    allowed = {of for of, rule in terms.rules.items() if rule.verdict in _COMPARED}
    return frozenset(kind for kind, of in CLASSES.items() if of in allowed)


def may_be_a_child(birth: Birth | None, act_on: date | None, today: date, years: int) -> bool:
    """Whether somebody may have been under the agreement's minimum age at the act.

    Shape: without an act's day, today; of whom no birth is known nothing says so. A declared
    birth may be wrong by as much as the law says that trusts it least.
    """
    if birth is None:
        return False
    return ages_on(birth, act_on or today, widest_margin()).low < years


def to_ask(
    people: Iterable[KnownPerson], terms: Terms, today: date
) -> list[tuple[str, Identifier]]:
    """What of a case's people may be asked about: suspects' identifiers that are compared."""
    kinds = compared_kinds(terms)
    return [
        (known.person.id, identifier)
        for known in people
        if PersonRole.SUSPECT in known.person.roles and not _child(known.person, terms, today)
        for identifier in known.identifiers
        if identifier.kind in kinds
    ]


def next_asked(
    found: Sequence[tuple[str, Identifier]], answered: Mapping[Identifier, datetime]
) -> tuple[list[tuple[str, Identifier]], int]:
    """What the next question holds, and how many that were never answered it leaves out.

    Shape: first what was never answered, then what was asked longest ago; `answered` says when.
    """
    fresh = [each for each in found if each[1] not in answered]
    again = [each for each in found if each[1] in answered]
    again.sort(key=lambda each: answered[each[1]])
    return [*fresh, *again][:MOST_ASKED], max(len(fresh) - MOST_ASKED, 0)


def to_compare(
    held: Iterable[Held],
    terms: Terms,
    today: date,
    tellable: Mapping[str, frozenset[DataClass]],
) -> frozenset[Identifier]:
    """What a node compares a question with, of the suspects' identifiers in its cases.

    Shape: `tellable` says of which classes of a referral the asker may learn; of what came by a
    referral that is not in it, and was not found by the police too, nothing.
    """
    kinds = compared_kinds(terms)
    return frozenset(
        each.identifier
        for each in held
        if each.identifier.kind in kinds
        and not _child(each, terms, today)
        and _tellable(each, tellable)
    )


def _tellable(held: Held, tellable: Mapping[str, frozenset[DataClass]]) -> bool:
    if held.referral_id is None:
        return True
    return CLASSES[held.identifier.kind] in tellable.get(held.referral_id, frozenset())


def _child(of: Person | Held, terms: Terms, today: date) -> bool:
    act_on = of.act_on if isinstance(of, Held) else earliest_act_on(of)
    return may_be_a_child(of.birth, act_on, today, terms.minimum_age.years)


def padded(marks: Iterable[bytes], random_bytes: Callable[[int], bytes]) -> frozenset[bytes]:
    """The marks among made-up ones, so that their number says a power of two and no more."""
    found = set(marks)
    size = LEAST_MARKS
    while size < len(found):
        size *= 2
    while len(found) < size:
        found.add(random_bytes(MARK_BYTES))
    return frozenset(found)


def asked_point(agreement: str, identifier: Identifier) -> bytes:
    """The point of an identifier in a question, whatever its spelling."""
    return point_of(agreement, compared(identifier))


def known_marks(agreement: str, secret: Secret, known: Iterable[Identifier]) -> frozenset[bytes]:
    """What stands for the identifiers that a node knows, in one answer.

    Shape: as they are compared, and as they are written: an earlier release asks by that.
    """
    found = {form for each in known for form in (compared(each), each)}
    return frozenset(mark_of(secret.times(point_of(agreement, each))) for each in found)


def hits_of(secret: Secret, asked: int, answer: AnswerMessage) -> tuple[bool, ...]:
    """Whether each asked identifier is among the peer's.

    Errors: ValueError when the answer is not to so many points, or one of them is none.
    """
    if len(answer.points) != asked:
        raise ValueError(len(answer.points))
    undone = secret.undone()
    return tuple(mark_of(undone.times(point)) in answer.known for point in answer.points)


def refusal_of(
    agreement: Agreement | None, *, asked_lately: int, points: int, limit: int
) -> Refusal | None:
    """Why a peer's question is not answered, or None when it is.

    Shape: `agreement` is in force, from this node to the asker; `asked_lately` counts points.
    """
    if agreement is None:
        return Refusal.NO_AGREEMENT
    if not allows_questions(agreement):
        return Refusal.NOT_HIT_NO_HIT
    if agreement.terms.clauses.approvals > 0:
        return Refusal.NEEDS_PEOPLE
    return Refusal.OVER_THE_LIMIT if asked_lately + points > limit else None


def contacts_of(agreement: Agreement | None) -> tuple[str, ...]:
    """Whom to turn to at the side that answers."""
    desks = () if agreement is None else agreement.terms.clauses.parties.sender
    return tuple(f"{desk.agency} {desk.desk} {desk.contact}" for desk in desks)
