"""Take a sealed package in: check all of it first, then keep it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from tipbridge.foundation.base.errors import IntegrityFailure, NotFound
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_held, held_up
from tipbridge.knowledge.agreements.labels import mislabelled
from tipbridge.knowledge.agreements.model import Agreement, DataClass
from tipbridge.knowledge.agreements.receiving import never_agreed, never_granted
from tipbridge.sharing.exchange import outgoing, rules, store
from tipbridge.sharing.exchange.granting import store as granting
from tipbridge.sharing.exchange.landing import Ahead, read_again
from tipbridge.sharing.exchange.model import (
    RECEIPT_TYPE,
    BasisKind,
    Incoming,
    Receipt,
    RelayedReceipt,
    VerifiedHeader,
)
from tipbridge.sharing.exchange.outgoing import forgetting
from tipbridge.sharing.exchange.package import read_header
from tipbridge.sharing.exchange.rules import Refused
from tipbridge.sharing.exchange.statement import claimed_receipt, read_receipt, receipt_payload
from tipbridge.sharing.exchange.told import answers_said, handed_over, report_said, told_by
from tipbridge.sharing.exchange.trusting import checking
from tipbridge.sharing.exchange.trusting.model import PeerKey
from tipbridge.sharing.exchange.unpacking import PackageReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A package of which every byte was seen and fits; nothing is kept yet.

    Shape: `ahead` holds its files, which leave with `abort` unless they are kept.
    """

    header: bytes
    verified: VerifiedHeader
    content_sha256: str
    key_id: str
    ahead: Ahead


def check_package(
    work: Work, sealed: BinaryIO, *, keys: Sequence[PeerKey] | None = None
) -> Checked:
    """Open and verify a sealed package to its last byte, keeping nothing.

    Shape: `keys` are those that are pinned, where several packages are checked in this work.
    Errors: IntegrityFailure, the same for every reason.
    """
    found: list[tuple[bytes, VerifiedHeader]] = []
    key_id = work.ids.new()
    ahead = Ahead(work.node.vault, key_id)

    def verify(data: bytes) -> VerifiedHeader:
        verified = checking.verified(work, read_header(data), seen_at=work.now, keys=keys)
        found.append((data, verified))
        ahead.look_at(verified.files)
        return verified

    reader = PackageReader(verify, ahead.sink_for)
    sealed.seek(0)
    try:
        work.node.keys.open(sealed, reader)
        content_sha256 = reader.finish()
    except BaseException:
        ahead.abort()
        raise
    header, verified = found[0]
    return Checked(
        header=header,
        verified=verified,
        content_sha256=content_sha256,
        key_id=key_id,
        ahead=ahead,
    )


class Agreements:
    """The agreements held here, each looked up once in a work."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._found: dict[str, Agreement | None] = {}

    def held(self, sha256: str) -> Agreement | None:
        """The agreement of this name; None when it is not held."""
        if sha256 not in self._found:
            self._found[sha256] = agreement_held(self._work, sha256)
        return self._found[sha256]


def basis_refusal(work: Work, checked: Checked, agreements: Agreements) -> Refused | None:
    """Why a verified package is not let in now, or None when it is."""
    statement = checked.verified.statement
    if not rules.basis_kind_fits(statement):
        return Refused.BASIS_KIND
    if statement.basis.kind is BasisKind.AGREEMENT:
        agreement = agreements.held(statement.basis.id)
        return rules.agreement_refusal(agreement, statement, work.node.id, at=work.now)
    if statement.basis.kind is BasisKind.REQUEST:
        parties = {"sender": statement.sender, "receiver": work.node.id}
        if held_up(work, **parties, purpose=statement.purpose):
            return Refused.NOT_IN_FORCE
        grant = granting.grant_by_id(work.db, statement.basis.id)
        return rules.grant_refusal(grant, statement, work.now)
    if statement.basis.kind is BasisKind.REPLY:
        sent = store.outgoing_by_id(work.db, statement.basis.id)
        return rules.reply_refusal(sent, statement, checked.verified.parts)
    return rules.message_refusal(checked.verified.parts)


def beyond_basis(work: Work, checked: Checked, agreements: Agreements) -> tuple[str, ...]:
    """What of a package its basis never let out: labels with the reason, or why all of it.

    Shape: asked once its basis is known to hold; messages are held to their classes before. A
    class is believed where the label says the same, the sender's own marks included.
    """
    said = [(item.part.label, item.part.data_class) for item in checked.verified.parts]
    if wrong := mislabelled(said):
        return wrong
    header, basis = checked.verified, checked.verified.statement.basis
    told = told_by(header, _asked(work, header))
    parts = handed_over(header)
    if basis.kind is BasisKind.AGREEMENT:
        agreement = agreements.held(basis.id)
        return () if agreement is None else never_agreed(agreement.terms, parts, told)
    if basis.kind is BasisKind.REQUEST:
        grant = granting.grant_by_id(work.db, basis.id)
        return () if grant is None else never_granted(grant.allowed, grant.offences, parts, told)
    return ()


def _asked(work: Work, header: VerifiedHeader) -> frozenset[DataClass]:
    """What its sender was asked for, by the return of packages that this one answers.

    Shape: one that tells of another report answers nothing here, whatever its sender says.
    """
    asked = granting.asked_of(work.db, header.statement.sender, answers_said(header))
    packages = {package_id for package_id, _ in asked}
    answered = {each for each in packages if _may_answer(work, header, each)}
    return frozenset(data_class for package_id, data_class in asked if package_id in answered)


def _may_answer(work: Work, header: VerifiedHeader, package_id: str) -> bool:
    try:
        returned = outgoing.earlier_header(work, package_id)
    except (NotFound, IntegrityFailure):
        return True  # its content or its key is gone by now, and tells of no other report
    reports = (report_said(item.part for item in each.parts) for each in (header, returned))
    return len({each for each in reports if each is not None}) < 2


def keep_package(work: Work, checked: Checked, sealed: BinaryIO) -> Incoming:
    """Keep a checked package in the vault, and sign for it."""
    statement = checked.verified.statement
    header, files = _keep_files(work, checked, sealed)
    return Incoming(
        package_id=statement.package_id,
        sender=statement.sender,
        kind=statement.kind,
        basis=statement.basis,
        purpose=statement.purpose,
        about=statement.about,
        sequence=statement.sequence,
        sent_at=statement.sent_at,
        received_at=work.now,
        content_sha256=checked.content_sha256,
        key_id=checked.key_id,
        header=header,
        files=files,
        receipt=_sign_receipt(work, checked),
    )


def match_receipt(work: Work, envelope: bytes) -> RelayedReceipt | None:
    """A final receiver's receipt with the package of ours it is for; None when for none.

    Errors: IntegrityFailure when its signer's card is pinned here and did not sign it.
    """
    claimed = claimed_receipt(envelope)
    package = store.outgoing_by_statement(work.db, claimed.earlier)
    if package is None:
        return None
    card = checking.card_for(work, claimed.recipient, envelope)
    if card is not None:
        read_receipt(card, envelope)
    return RelayedReceipt(
        package_id=package.package_id,
        signer=claimed.recipient,
        envelope=envelope,
        verified=card is not None,
        kept_at=work.now,
    )


def seen_again(work: Work, kept: RelayedReceipt) -> RelayedReceipt:
    """A kept receipt; one that was not verified is, if its signer's card is pinned by now."""
    if kept.verified:
        return kept
    card = checking.card_for(work, kept.signer, kept.envelope)
    try:
        if card is not None:
            read_receipt(card, kept.envelope)
    except IntegrityFailure:
        return kept
    return replace(kept, verified=card is not None)


def _keep_files(work: Work, checked: Checked, sealed: BinaryIO) -> tuple[Sealed, dict[str, Sealed]]:
    """Put the package's front and files into the vault under a fresh group key."""
    vault, verified = work.node.vault, checked.verified
    work.on_rollback(forgetting(vault, checked.key_id))
    if checked.ahead.takes:
        return checked.ahead.keep(checked.header)
    front = vault.seal_first(checked.key_id, "header", checked.header)
    files = read_again(work, verified, sealed, checked.key_id, checked.content_sha256)
    return front, files


def _sign_receipt(work: Work, checked: Checked) -> bytes:
    """This node's receipt for a package, bound to its content."""
    statement = checked.verified.statement
    receipt = Receipt(
        package_id=statement.package_id,
        sender=statement.sender,
        recipient=work.node.id,
        statement_sha256=checked.verified.payload_sha256s[-1],
        earlier=checked.verified.payload_sha256s[:-1],
        content_sha256=checked.content_sha256,
        received_at=work.now,
    )
    return work.node.keys.sign(RECEIPT_TYPE, receipt_payload(receipt))
