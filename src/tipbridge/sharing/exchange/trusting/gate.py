"""The gate between peers: TLS in which both ends prove a pinned key, as keys are pinned now."""

import ssl
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from tipbridge.foundation.base.actors import DOORKEEPER
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.transport import (
    is_certified_by,
    key_id_of,
    mutual_context,
    own_transport_key,
)
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, open_work
from tipbridge.sharing.exchange.errors import damaged
from tipbridge.sharing.exchange.trusting import rules, store
from tipbridge.sharing.exchange.trusting.model import PeerKey

log = structlog.get_logger("tipbridge")


LOOK_SECONDS = 0.5
"""How long a handshake waits for the database to say whom to let in."""


class _Handshake(ssl.SSLObject):
    """One end of a connection, which says in the log why a handshake came to nothing."""

    def do_handshake(self) -> None:
        """Go on with the handshake."""
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            log.info("handshake refused at the gate", reason=error.reason or "broken off")
            raise


class Gate:
    """The listening end: whom it lets in is read anew for each connection.

    What is pinned, followed or revoked, and this node's own keys when they were rotated, count from the next connection on, without a restart;
    and what a connection asks is checked against the keys of that moment once more. While the
    database stands still, those come through the handshake whom it named last; it is asked
    beside the connections, and holds up none of them.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._keys: NodeKeys = node.keys
        self._own = own_transport_key(node.keys.signing_key)
        self._pinned: frozenset[bytes] = frozenset()
        self._current = mutual_context(self._own, self._pinned, server=True)
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="gate-reader")
        self._asked: Future[tuple[NodeKeys, frozenset[bytes]]] | None = None
        self.context = mutual_context(self._own, (), server=True)
        """What a listener listens with: it trusts nobody, and looks for each connection."""
        self.context.sni_callback = self._turn
        self.context.sslobject_class = _Handshake

    def _turn(
        self, connection: ssl.SSLObject, name: str | None, before: ssl.SSLContext
    ) -> int | None:
        """Go on with a connection as keys are pinned now; an alert when that can't be read."""
        del name, before
        try:
            connection.context = self._as_pinned_now()
        except SQLAlchemyError:
            log.exception("whom to let in could not be read")
            return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
        return None

    def _as_pinned_now(self) -> ssl.SSLContext:
        """Trust as keys are pinned, for a connection that begins now; as last read otherwise."""
        waiting = self._asked is not None and not self._asked.done()
        if not waiting:
            self._asked = self._reader.submit(self._read)
        assert self._asked is not None
        try:
            keys, pinned = self._asked.result(0 if waiting else LOOK_SECONDS)
        except TimeoutError:
            log.warning("whom to let in is not answered; as last read")
            return self._current
        if keys is not self._keys:
            self._own = own_transport_key(keys.signing_key)
        if keys is not self._keys or pinned != self._pinned:
            self._current = mutual_context(self._own, pinned, server=True)
            self._keys, self._pinned = keys, pinned
        return self._current

    def _read(self) -> tuple[NodeKeys, frozenset[bytes]]:
        with open_work(self._node, DOORKEEPER) as work:
            found = store.all_keys(work.db)
            pinned = frozenset(key.card.signing_key for key in found if _counts(work, key))
            return work.node.keys, pinned


def context_to(work: Work, node_id: str) -> ssl.SSLContext:
    """How to reach a peer's gate: it must show a certificate of one of its own keys."""
    keys = [key for key in store.keys_of(work.db, node_id) if _counts(work, key)]
    own = own_transport_key(work.node.keys.signing_key)
    return mutual_context(own, [key.card.signing_key for key in keys], server=False)


def caller(work: Work, certificate: bytes) -> str:
    """The peer whose certificate this is, by a key that still counts.

    Errors: IntegrityFailure, the same for every reason.
    """
    named = key_id_of(certificate)
    for key in store.all_keys(work.db):
        its_own = key.key_id == named and is_certified_by(key.card.signing_key, certificate)
        if its_own and _counts(work, key):
            return key.card.node_id
    raise damaged()


def _counts(work: Work, key: PeerKey) -> bool:
    return rules.counts(key.revoked_from, work.now)
