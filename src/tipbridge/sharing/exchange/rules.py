"""Pure decisions of the exchange: what is let in, when to try again, what is missing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.markings import lowers
from tipbridge.knowledge.agreements.model import Agreement, DataClass
from tipbridge.knowledge.agreements.rules import in_force, marking_of
from tipbridge.sharing.exchange.model import (
    BasisKind,
    Grant,
    Outgoing,
    PackageKind,
    Receipt,
    SaltedPart,
    Statement,
)

RETRY_MAX = timedelta(seconds=30)
"""However long a peer was away, all that waits is with it within a minute of its return."""
LEASE = timedelta(seconds=120)
"""How long a queued package is left to the job that was enqueued with it."""
_BASES = {
    PackageKind.REFERRAL: {BasisKind.AGREEMENT, BasisKind.REQUEST},
    PackageKind.REQUEST: {BasisKind.OPEN},
    PackageKind.ANSWER: {BasisKind.REPLY},
    PackageKind.FEEDBACK: {BasisKind.REPLY},
    PackageKind.RECEIPT: {BasisKind.REPLY},
    PackageKind.STATUS: {BasisKind.REPLY},
    PackageKind.RECALL: {BasisKind.OPEN},
    PackageKind.NOTICE: {BasisKind.OPEN},
    PackageKind.NOTICE_ANSWER: {BasisKind.REPLY},
    PackageKind.SUSPENSION: {BasisKind.OPEN},
    PackageKind.CONSENT_REQUEST: {BasisKind.REPLY},
    PackageKind.CONSENT_ANSWER: {BasisKind.REPLY},
    PackageKind.DECONFLICTION_QUESTION: {BasisKind.OPEN},
    PackageKind.DECONFLICTION_ANSWER: {BasisKind.REPLY},
}
_SAID = frozenset({DataClass.INCIDENT, DataClass.MATERIAL_ADDRESS})
"""What messages between nodes are made of: their own words, and the address in a notice."""
_SAYING = frozenset(
    {
        "request",
        "feedback",
        "receipt",
        "referral",
        "consent",
        "removal",
        "deconfliction",
        "incident",
        "release",
        "agreement",
    }
)
"""How the labels of these words begin; under another one a class says nothing of its value."""
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Refused(StrEnum):
    """Why a verified package is not let in. Closed; for the log, never for the sender."""

    BASIS_KIND = "basis-of-another-kind"
    NO_AGREEMENT = "agreement-not-held"
    OTHER_PARTIES = "agreement-of-others"
    NOT_IN_FORCE = "agreement-not-in-force"
    NOT_YET = "agreement-not-yet-in-force"
    MARKED_LESS = "marked-less-than-agreed"
    NOT_GRANTED = "request-not-granted"
    GRANT_ENDED = "grant-ended"
    NOT_A_REPLY = "reply-to-nothing-sent"
    MORE_THAN_SAID = "more-than-a-message-without-basis"
    MORE_THAN_AGREED = "more-than-its-basis-lets-out"


def basis_kind_fits(statement: Statement) -> bool:
    """Whether this kind of package may travel on this kind of basis."""
    return statement.basis.kind in _BASES.get(statement.kind, set())


def agreement_refusal(
    agreement: Agreement | None, statement: Statement, recipient: str, *, at: datetime
) -> Refused | None:
    """Why a package under this agreement is not let in at the time of receipt, or None."""
    if agreement is None:
        return Refused.NO_AGREEMENT
    terms = agreement.terms
    named = (statement.sender, recipient, statement.purpose)
    if (terms.sender, terms.receiver, terms.purpose) != named:
        return Refused.OTHER_PARTIES
    if at < terms.starts_at():
        return Refused.NOT_YET
    if not in_force(agreement, at):
        return Refused.NOT_IN_FORCE
    return Refused.MARKED_LESS if lowers(marking_of(terms), statement.marking) else None


def grant_refusal(grant: Grant | None, statement: Statement, at: datetime) -> Refused | None:
    """Why a package answering a case-by-case request is not let in, or None when it is."""
    if grant is None or (grant.peer_id, grant.purpose) != (statement.sender, statement.purpose):
        return Refused.NOT_GRANTED
    return Refused.GRANT_ENDED if at >= grant.ends_at else None


def reply_refusal(
    sent: Outgoing | None, statement: Statement, parts: Iterable[SaltedPart]
) -> Refused | None:
    """Why a reply is not let in, or None when it answers what was sent to that peer."""
    fits = sent is not None and sent.recipient == statement.sender
    if not fits or statement.about != statement.basis.id:
        return Refused.NOT_A_REPLY
    return message_refusal(parts)


def message_refusal(parts: Iterable[SaltedPart]) -> Refused | None:
    """Why a package on no right of its own is not let in: it says something and hands over nothing.

    Shape: by class and by label; no personal data, no hash of content and no file, whatever the
    sender calls it.
    """
    more = any(
        item.part.data_class not in _SAID or item.part.label.partition("/")[0] not in _SAYING
        for item in parts
    )
    return Refused.MORE_THAN_SAID if more else None


def receipt_fits(receipt: Receipt, sent: Outgoing, sender: str, content_sha256: str) -> bool:
    """Whether a receipt is for exactly this package, with exactly this content."""
    return (
        receipt.package_id == sent.package_id
        and receipt.sender == sender
        and receipt.statement_sha256 == sent.statement_sha256
        and receipt.content_sha256 == content_sha256
    )


def retry_delay(attempts: int, base_seconds: float) -> timedelta:
    """How long to wait after so many failed attempts: doubling, at most half a minute."""
    doubled = timedelta(seconds=base_seconds) * 2 ** min(max(attempts - 1, 0), 16)
    return min(doubled, RETRY_MAX)


def missing_numbers(found: Iterable[int]) -> tuple[int, ...]:
    """The numbers from 1 to the highest that have not arrived."""
    arrived = set(found)
    return tuple(number for number in range(1, max(arrived, default=0)) if number not in arrived)


def check_peer_url(url: str, *, mutual: bool = False) -> str:
    """`url` itself when packages may be sent there: https, or http to this very machine.

    Shape: a `mutual` one is https everywhere.
    Errors: Invalid otherwise.
    """
    parts = urlsplit(url)
    if mutual and parts.scheme != "https":
        raise Invalid("The URL of a peer's gate is https://host[:port].")
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    bare = not (parts.query or parts.fragment or parts.username or parts.password)
    if not parts.hostname or not bare or not (plain or parts.scheme == "https"):
        raise Invalid("A peer's URL is https://host[:port][/path]; http only to this machine.")
    return url.rstrip("/")
