"""Who keeps each clause of an agreement: this program, or people, who are told so. Pure."""

from collections.abc import Iterator

from tipbridge.knowledge.agreements.model import Agreement, HandlingCode, Tlp
from tipbridge.knowledge.agreements.sentences import Line, say

PROGRAM = frozenset(
    {
        "agreement.channel",
        "agreement.version",
        "agreement.replaces",
        "agreement.needs_signatures",
        "agreement.signed_by",
        "agreement.replaced_at",
        "agreement.withdrawn_at",
        "agreement.suspensions",
        "agreement.told",
        "terms.sender",
        "terms.receiver",
        "terms.purpose",
        "terms.offences",
        "terms.rules",
        "terms.tlp",
        "terms.handling",
        "terms.valid_from",
        "terms.valid_to",
        "minimum_age.years",
        "parties.sender",
        "parties.receiver",
        "desk.desk",
        "mode.delivery",
        "mode.extent",
        "mode.occasions",
        "subject.excluded",
        "subject.dual_criminality",
        "subject.minimum_penalty_months",
        "subject.sender_law",
        "subject.receiver_law",
        "clauses.paths",
        "minors.restrict",
        "minors.victims",
        "minors.contact_required",
        "marks.pap",
        "originator.onward",
        "originator.court",
        "recall.acknowledge_days",
        "reciprocity.review_months",
        "retention.keep_days",
        "retention.review_days",
        "retention.proof_of_deletion",
        "emergency.widens",
        "emergency.people",
        "emergency.review_hours",
        "suspending.by",
        "suspending.notice_days",
        "clauses.approvals",
    }
)
"""What rules read: nothing leaves, comes in or goes on against it."""

PEOPLE = frozenset(
    {
        "agreement.sha256",
        "agreement.title",
        "agreement.legal_basis",
        "minimum_age.jurisdiction",
        "minimum_age.citation",
        "desk.agency",
        "desk.parent",
        "desk.contact",
        "minors.welfare_contact",
        "marks.source",
        "marks.information",
    }
)
"""What this program shows and carries, and leaves to people."""


def for_people(agreement: Agreement) -> Iterator[Line]:
    """What of this document no rule keeps, one sentence a clause; those it does not have are left out."""
    terms, clauses = agreement.terms, agreement.terms.clauses
    yield say("legal_basis: whether that law allows it.")
    if clauses.parties.sender or clauses.parties.receiver:
        yield say("parties: which agency stands above which, and how its desk is reached.")
    if clauses.marks.source is not None or clauses.marks.information is not None:
        yield say("handling.source and handling.information: how far to rely on what came.")
    if terms.tlp in (Tlp.GREEN, Tlp.CLEAR):
        yield say("handling.tlp: who may read it outside of this program.")
    if HandlingCode.H0 in terms.handling:
        yield say("handling.codes H0: that it is used against crime and for nothing else.")
    if HandlingCode.H3 in terms.handling:
        yield say("handling.codes H3: further limits, which the document does not name.")
    if clauses.minors.welfare_contact is not None:
        yield say("minors.welfare_contact: that somebody calls it.")
    yield from _after_it_came(agreement)


def _after_it_came(agreement: Agreement) -> Iterator[Line]:
    clauses = agreement.terms.clauses
    if clauses.retention.keep_days is not None:
        yield say("retention.keep_days: what was printed, copied or told outside of this program.")
    if clauses.reciprocity.review_months is not None:
        yield say("reciprocity.review_months: that both sides meet over what went each way.")
