"""Make a package out of a draft, and its sealed bytes out of the vault."""

import hashlib
import io
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol, cast
from weakref import WeakKeyDictionary

from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.sealing import seal_stream
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.vault import Sealed, Vault
from tipbridge.foundation.work import Work
from tipbridge.knowledge.agreements.actions import agreement_held
from tipbridge.knowledge.agreements.markings import Marking, strictest
from tipbridge.knowledge.agreements.rules import marking_of
from tipbridge.sharing.exchange import store
from tipbridge.sharing.exchange.model import (
    STATEMENT_TYPE,
    Basis,
    BasisKind,
    Draft,
    Header,
    OutboxState,
    Outgoing,
    Statement,
    VerifiedHeader,
)
from tipbridge.sharing.exchange.package import (
    file_slots,
    header_bytes,
    package_chunks,
    read_header,
    verify_header,
)
from tipbridge.sharing.exchange.rules import LEASE
from tipbridge.sharing.exchange.statement import (
    commitments_of,
    statement_payload,
)
from tipbridge.sharing.exchange.trusting import checking

SPOOL = "spool"
_verified: WeakKeyDictionary[Work, dict[str, VerifiedHeader]] = WeakKeyDictionary()
"""What was verified in units of work that still run; gone with them."""


class Digest(Protocol):
    """What `hashlib` gives: takes bytes as they pass."""

    def update(self, data: bytes, /) -> None:
        """Take the next bytes."""
        ...


def earlier_header(work: Work, package_id: str) -> VerifiedHeader:
    """A received package's front as it was verified, read back from its exact bytes.

    Shape: verified once in a unit of work, in which deciding and passing on ask for it.
    Errors: NotFound when no such package is here or its key was destroyed.
    """
    known = _verified.setdefault(work, {})
    if package_id not in known:
        known[package_id] = _verify_again(work, package_id)
    return known[package_id]


def _verify_again(work: Work, package_id: str) -> VerifiedHeader:
    package = store.incoming_by_id(work.db, package_id)
    if package is None:
        raise NotFound("package", package_id)
    header = read_header(work.node.vault.read(package.header))
    return checking.verified(work, header, seen_at=package.received_at)


def signed_header(
    work: Work, draft: Draft, package_id: str, sequence: int
) -> tuple[Header, Statement]:
    """The front of the package of `draft`, signed by this node, and what it states."""
    earlier = earlier_header(work, draft.passes_on) if draft.passes_on else None
    hop = len(earlier.statements) if earlier else 0
    own = [item for item in draft.parts if item.hop == hop]
    passed = [item for item in draft.parts if item.hop != hop]
    statement = Statement(
        kind=draft.kind,
        package_id=package_id,
        sender=work.node.id,
        recipient=draft.recipient,
        basis=draft.basis,
        purpose=draft.purpose,
        about=draft.about,
        sequence=sequence,
        sent_at=work.now,
        earlier=earlier.payload_sha256s[-1] if earlier else None,
        commitments=commitments_of(own),
        released=commitments_of(passed),
        marking=_marking(work, draft, earlier),
    )
    envelope = work.node.keys.sign(STATEMENT_TYPE, statement_payload(statement))
    envelopes = (*earlier.envelopes, envelope) if earlier else (envelope,)
    return Header(envelopes=envelopes, parts=draft.parts), statement


def _marking(work: Work, draft: Draft, earlier: VerifiedHeader | None) -> Marking:
    """How a package is marked: as the draft, its agreement and what it passes on say together."""
    agreement_id = _agreement_id(work, draft.basis)
    agreement = agreement_held(work, agreement_id) if agreement_id else None
    marking = draft.marking
    if agreement is not None:
        marking = strictest(marking, marking_of(agreement.terms))
    return marking if earlier is None else strictest(earlier.statement.marking, marking)


def _agreement_id(work: Work, basis: Basis) -> str | None:
    """The agreement under which a package travels, or came what it replies to."""
    if basis.kind is BasisKind.REPLY:
        answered = store.incoming_by_id(work.db, basis.id)
        basis = basis if answered is None else answered.basis
    return basis.id if basis.kind is BasisKind.AGREEMENT else None


def checked_header(work: Work, header: Header, recipient: str) -> bytes:
    """The header's bytes, once this node has verified them as the recipient will.

    Errors: Invalid when a value would not survive the journey or the files do not fit.
    """
    data = header_bytes(header)
    cards = checking.cards_known(work) | {work.node.id: work.node.card()}
    verify_header(read_header(data), recipient=recipient, cards=cards)
    return data


def ordered_files(draft: Draft) -> tuple[Sealed, ...]:
    """The sealed contents in package order.

    Errors: Invalid when a released content part has no file, or one of another size.
    """
    files: list[Sealed] = []
    for slot in file_slots(draft.parts):
        sealed = draft.files.get(slot.label)
        if sealed is None or sealed.size_bytes != slot.size_bytes:
            raise Invalid(f"Part {slot.label} has no file, or one of another size.")
        files.append(sealed)
    return tuple(files)


def compose(work: Work, draft: Draft) -> Outgoing:
    """A package of `draft`: numbered, signed, and its front sealed under a fresh group key.

    Errors: NotFound for what it passes on; Invalid when parts and files do not fit together.
    """
    package_id, key_id = work.ids.new(), work.ids.new()
    sequence = store.next_sequence(work.db, draft.recipient, draft.basis)
    header, statement = signed_header(work, draft, package_id, sequence)
    files = ordered_files(draft)
    data = checked_header(work, header, draft.recipient)
    vault = work.node.vault
    work.on_rollback(forgetting(vault, key_id))
    return Outgoing(
        package_id=package_id,
        recipient=draft.recipient,
        kind=draft.kind,
        basis=draft.basis,
        purpose=draft.purpose,
        about=draft.about,
        sequence=sequence,
        statement_sha256=hashlib.sha256(statement_payload(statement)).hexdigest(),
        key_id=key_id,
        header=vault.seal_first(key_id, "header", data),
        files=files,
        ends_at=draft.ends_at,
        state=OutboxState.QUEUED,
        queued_at=work.now,
        attempts=0,
        next_attempt_at=machine_now() + LEASE,
        last_outcome=None,
        content_sha256=None,
        receipt=None,
        settled_at=None,
    )


def forgetting(vault: Vault, key_id: str) -> Callable[[], None]:
    """What makes a group's files unreadable for ever, when it is called."""

    def forget() -> None:
        vault.destroy_key(key_id)
        vault.remove(key_id)

    return forget


@contextmanager
def sealed_package(
    node: Node, package: Outgoing, card: NodeCard
) -> Generator[tuple[BinaryIO, int, str]]:
    """The package sealed to the recipient: a file without a name, its size, the content digest.

    Only sealed bytes touch the disk; the file is gone when it is closed.
    Errors: NotFound when the source of a file was purged; IntegrityFailure when it changed.
    """
    folder = node.data / SPOOL
    folder.mkdir(mode=0o700, exist_ok=True)
    digest = hashlib.sha256()
    with TemporaryFile(dir=folder) as spool:
        seal_stream(card.exchange_recipient, _digested(node, package, digest), spool)
        size_bytes = spool.tell()
        spool.seek(0)
        yield cast("BinaryIO", spool), size_bytes, digest.hexdigest()


def sealed_bytes(node: Node, package: Outgoing, card: NodeCard) -> tuple[bytes, str]:
    """A small package sealed to the recipient, in memory, and the content digest.

    Errors: NotFound when the source of a file was purged; IntegrityFailure when it changed.
    """
    digest, sealed = hashlib.sha256(), io.BytesIO()
    seal_stream(card.exchange_recipient, _digested(node, package, digest), sealed)
    return sealed.getvalue(), digest.hexdigest()


def content_digest(node: Node, package: Outgoing) -> str | None:
    """The digest of what a package holds, made again; None when that is gone or changed."""
    digest = hashlib.sha256()
    try:
        for _ in _digested(node, package, digest):
            pass
    except (NotFound, IntegrityFailure):
        return None
    return digest.hexdigest()


def _digested(node: Node, package: Outgoing, digest: Digest) -> Iterator[bytes]:
    front = node.vault.read(package.header)
    for chunk in package_chunks(front, (node.vault.open(file) for file in package.files)):
        digest.update(chunk)
        yield chunk
