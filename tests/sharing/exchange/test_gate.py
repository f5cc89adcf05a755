"""Mutual TLS between peers: who is let in, by which certificate, and what is served there."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text
from structlog.testing import capture_logs

from tests.access import program
from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.exchange.gates import (
    as_node,
    gate_of,
    knocking,
    pin_gate,
    showing,
    with_gate_set,
)
from tests.sharing.exchange.pairs import START, Pair
from tipbridge.app import build_peer_app, peers_let_in
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.identity import transport
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.transport import TransportKey, certify
from tipbridge.foundation.node import Node, open_node
from tipbridge.foundation.storage.engine import open_engine
from tipbridge.foundation.storage.launcher import OWNER_ROLE
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.carrying import fetching
from tipbridge.sharing.exchange.carrying.messages import FETCH_TYPE, Fetch, fetch_payload
from tipbridge.sharing.exchange.client import CARD_PATH, PACKAGES_PATH, WAITING_PATH
from tipbridge.sharing.exchange.convoying.framing import CONVOYS_PATH, joined, read_answers
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.trusting import actions as trusting

OK = 200
REFUSED = 422
MISDIRECTED = 421


def _revoke(node: Node, other: Node) -> None:
    with open_work(node, CONSOLE) as work:
        fingerprint = other.keys.fingerprint
        trusting.revoke_key(work, other.id, fingerprint=fingerprint, since=work.now)


def _again(node: Node) -> Node:
    return open_node(node.data, node.engine, ids=node.ids)


def _knocks(url: str, context: ssl.SSLContext) -> bool:
    """Whether a gate lets somebody in who asks for its card."""
    with knocking(context) as client:
        try:
            return client.get(url + CARD_PATH).status_code == OK
        except httpx2.TransportError:
            return False


def _plain(*, least: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """A client without a certificate that trusts whoever answers."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = least
    return context


def _of_an_authority_below(key: Ed25519PrivateKey, named: bytes) -> TransportKey:
    """A certificate of an authority that a pinned key made, which calls itself another peer's."""
    own, between = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    other = transport.anchor_of(named).subject
    authority = (
        _builder(other, transport.anchor_of(key.public_key().public_bytes_raw()).subject, between)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, None)
    )
    leaf = _builder(other, other, own).sign(between, None)
    return _Chained(private_key=own, certificate=leaf, above=authority)


@dataclass(frozen=True, kw_only=True)
class _Chained(TransportKey):
    """A certificate that is shown with the authority above it."""

    above: x509.Certificate

    def pem(self) -> bytes:
        shown = TransportKey(private_key=self.private_key, certificate=self.certificate).pem()
        return shown + self.above.public_bytes(Encoding.PEM)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Ed25519PrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(1999, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2001, 1, 1, tzinfo=UTC))
    )


def _out_of_date(key: Ed25519PrivateKey) -> TransportKey:
    own = Ed25519PrivateKey.generate()
    issuer = transport.anchor_of(key.public_key().public_bytes_raw()).subject
    made = _builder(transport.certify(key).certificate.subject, issuer, own).sign(key, None)
    return TransportKey(private_key=own, certificate=made)


def test_only_a_pinned_key_comes_through_the_handshake(
    pair: Pair, make_node: Callable[..., Node]
) -> None:
    there, pinned = pair.receiver, pair.sender.keys.signing_key
    stranger = make_node("us.stranger")
    with gate_of(there) as url:
        assert _knocks(url, as_node(pair.sender, there))
        assert _knocks(url, showing(_out_of_date(pinned), there))  # a pin ends it, not a clock
        assert not _knocks(url, _plain())
        assert not _knocks(url, as_node(stranger, there))
        old = as_node(pair.sender, there)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
        assert not _knocks(url, old)
        net.pin(there, stranger)  # while it listens
        assert _knocks(url, as_node(stranger, there))
        under = _of_an_authority_below(
            stranger.keys.signing_key, pair.sender.keys.public_signing_key
        )
        assert not _knocks(url, showing(under, there))
        _revoke(there, stranger)
        assert not _knocks(url, as_node(stranger, there))
        assert _knocks(url, as_node(pair.sender, there))


def test_a_database_that_stands_still_holds_up_no_handshake(pair: Pair) -> None:
    there = pair.receiver
    with gate_of(there) as url:
        assert _knocks(url, as_node(pair.sender, there))
        owner = open_engine(str(there.engine.url.set(username=OWNER_ROLE)), pool_size=1)
        with owner.begin() as db:
            db.execute(text("LOCK TABLE peer_keys IN ACCESS EXCLUSIVE MODE"))
            assert _knocks(url, as_node(pair.sender, there))
            assert not _knocks(url, _plain())
        owner.dispose()
        assert _knocks(url, as_node(pair.sender, there))


def test_a_refused_handshake_leaves_a_line_in_the_log(
    pair: Pair, make_node: Callable[..., Node]
) -> None:
    with gate_of(pair.receiver) as url, capture_logs() as lines:
        assert not _knocks(url, _plain())
        assert not _knocks(url, as_node(make_node("us.stranger"), pair.receiver))
        assert _knocks(url, as_node(pair.sender, pair.receiver))
    refused = [each["reason"] for each in lines if each["event"].startswith("handshake refused")]
    assert refused == ["PEER_DID_NOT_RETURN_A_CERTIFICATE", "CERTIFICATE_VERIFY_FAILED"]


def test_a_client_of_a_gate_answers_to_nobody_else(
    pair: Pair, make_node: Callable[..., Node]
) -> None:
    other = make_node("us.other")
    net.pin(other, pair.sender)
    waiting = pair.queue()
    with gate_of(other) as wrong:
        pin_gate(pair.sender, pair.receiver, wrong)
        assert pair.send(waiting) is OutboxState.QUEUED
        assert pair.sent(waiting).last_outcome == "another-certificate"


def test_a_package_goes_through_the_gate_and_its_receipt_comes_back(pair: Pair) -> None:
    waiting = pair.queue()
    with gate_of(pair.receiver) as url:
        pin_gate(pair.sender, pair.receiver, url)
        assert pair.send(waiting) is OutboxState.DELIVERED
    assert pair.inbox_count() == 1


def test_what_is_asked_at_the_gate_is_signed_by_whose_certificate_it_is(
    pair: Pair, make_node: Callable[..., Node]
) -> None:
    """Neither what a peer posts nor what it fetches is another peer's, though it signed it."""
    there, other = pair.receiver, make_node("us.other")
    net.pin(there, other)
    sealed, fetch = pair.sealed(pair.queue()), _fetch_by(pair.sender, there)
    with gate_of(there) as url:
        with knocking(as_node(other, there)) as thief:
            assert thief.post(url + PACKAGES_PATH, content=sealed).status_code == REFUSED
            assert thief.post(url + WAITING_PATH, content=fetch).status_code == REFUSED
            stolen = thief.post(url + CONVOYS_PATH, content=joined([sealed, sealed]))
            assert [each.refused for each in read_answers(stolen.content, 2)] == [True, True]
        assert pair.inbox_count() == 0
        with knocking(as_node(pair.sender, there)) as owner:
            taken = owner.post(url + PACKAGES_PATH, content=sealed)
            assert taken.status_code == OK
            assert owner.post(url + WAITING_PATH, content=fetch).status_code == 204
            convoy = owner.post(url + CONVOYS_PATH, content=joined([sealed]))
            assert read_answers(convoy.content, 1)[0].receipt == taken.content
            _revoke(there, pair.sender)  # while the connection is open
            for path, content in (
                (PACKAGES_PATH, sealed),
                (CONVOYS_PATH, joined([sealed])),
                (WAITING_PATH, fetch),
            ):
                assert owner.post(url + path, content=content).status_code == REFUSED
    assert pair.inbox_count() == 1


def _fetch_by(node: Node, there: Node) -> bytes:
    fetch = Fetch(sender=node.id, recipient=there.id, at=START)
    return node.keys.sign(FETCH_TYPE, fetch_payload(fetch))


def test_a_rotated_key_opens_the_gate_while_packages_travel(pair: Pair) -> None:
    """The gate stays open throughout; at each step the certificate of then is let in."""
    with gate_of(pair.receiver) as url:
        pin_gate(pair.sender, pair.receiver, url)

        def sends() -> bool:
            return pair.send(pair.queue()) is OutboxState.DELIVERED

        assert sends()
        before = as_node(pair.sender, pair.receiver)
        with open_work(pair.sender, CONSOLE) as work:
            succession = trusting.prepare_keys(work)
        pair.sender = _again(pair.sender)
        assert sends()
        with open_work(pair.receiver, CONSOLE) as work:
            trusting.follow_peer(work, succession=succession)
        assert sends()
        fingerprint = pair.sender.keys.fingerprint
        with open_work(pair.sender, CONSOLE) as work:
            trusting.use_next_keys(work)
        pair.sender = _again(pair.sender)
        assert sends()
        assert _knocks(url, before)  # both count, until one is revoked
        with open_work(pair.receiver, CONSOLE) as work:
            trusting.revoke_key(work, pair.sender.id, fingerprint=fingerprint, since=work.now)
        assert not _knocks(url, before)
        assert sends()
    assert pair.inbox_count() == 5


def test_the_gates_own_key_rotates_without_a_peer_losing_it(pair: Pair) -> None:
    with open_work(pair.receiver, CONSOLE) as work:
        succession = trusting.prepare_keys(work)
    prepared = _again(pair.receiver)
    with open_work(pair.sender, CONSOLE) as work:
        trusting.follow_peer(work, succession=succession)
    with open_work(prepared, CONSOLE) as work:
        trusting.use_next_keys(work)
    finished = _again(pair.receiver)
    for node in (prepared, finished):
        with gate_of(node) as url:
            pin_gate(pair.sender, node, url)
            assert pair.send(pair.queue()) is OutboxState.DELIVERED
    assert finished.keys.fingerprint != prepared.keys.fingerprint


def test_a_peer_fetches_through_the_gate_what_waits_there(pair: Pair) -> None:
    waiting = pair.queue()
    with gate_of(pair.sender) as url:
        with open_work(pair.receiver, CONSOLE) as work:
            card = net.card_of(pair.sender)
            actions.add_peer(work, card=card, url=url, fetches=True, mutual=True)
        with open_work(pair.receiver, WORKER) as work:
            fetching.fetch_package(work, peer_id=pair.sender.id)
        with open_work(pair.receiver, WORKER) as work:
            fetching.fetch_package(work, peer_id=pair.sender.id, taken=waiting)
    assert pair.sent(waiting).state is OutboxState.DELIVERED


def test_a_gate_serves_the_exchange_and_no_page(pair: Pair) -> None:
    there = pair.receiver
    assert set(program.routes(build_peer_app(there))) == {
        f"POST {PACKAGES_PATH}",
        f"POST {CONVOYS_PATH}",
        f"POST {WAITING_PATH}",
        f"GET {CARD_PATH}",
    }
    with gate_of(there) as url, knocking(as_node(pair.sender, there)) as peer:
        for path in ("/", "/sign-in", "/exchange", "/static/tipbridge.css", "/api/v1/referrals"):
            answer = peer.get(url + path, headers={"accept": "text/html"})
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/json"


def test_a_node_with_a_gate_takes_nothing_at_its_ordinary_door(pair: Pair) -> None:
    sealed, fetch = pair.sealed(pair.queue()), _fetch_by(pair.sender, pair.receiver)
    waiting = pair.queue()
    with net.listening(with_gate_set(pair.receiver)) as url:
        with httpx2.Client(trust_env=False) as client:
            convoy = joined([sealed, sealed])
            for path, content in (
                (PACKAGES_PATH, sealed),
                (CONVOYS_PATH, convoy),
                (WAITING_PATH, fetch),
            ):
                answer = client.post(url + path, content=content)
                assert (answer.status_code, answer.json()["error"]) == (MISDIRECTED, "misdirected")
            assert client.get(url + CARD_PATH).status_code == OK
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(waiting) is OutboxState.QUEUED  # it waits until staff name the gate
        assert pair.sent(waiting).last_outcome == "status-421"
    assert pair.inbox_count() == 0


def test_the_address_of_a_gate_is_told_apart(pair: Pair) -> None:
    card = net.card_of(pair.receiver)
    for url in (None, "http://127.0.0.1:8441"):
        with pytest.raises(Invalid), open_work(pair.sender, CONSOLE) as work:
            actions.add_peer(work, card=card, url=url, mutual=True)
    with gate_of(pair.receiver) as url:
        port = int(url.rpartition(":")[2])
        taken = pair.sender.settings.model_copy(update={"peer_port": port})
        with pytest.raises(Conflict), peers_let_in(replace(pair.sender, settings=taken)):
            raise AssertionError("two listened on one address")


def test_a_transport_key_is_made_anew_and_written_nowhere() -> None:
    keys = NodeKeys.generate()
    one, two = certify(keys.signing_key), certify(keys.signing_key)
    assert one.pem() != two.pem()
    shown = one.certificate.public_bytes(Encoding.DER)
    assert transport.is_certified_by(keys.public_signing_key, shown)
    assert not transport.is_certified_by(NodeKeys.generate().public_signing_key, shown)
    assert not transport.is_certified_by(keys.public_signing_key, b"no certificate")
    assert one.certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=365_000)
