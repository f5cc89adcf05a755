"""Gates for peers on free ports, and whoever knocks at them."""

import contextlib
import ssl
from collections.abc import Generator
from dataclasses import replace

import httpx2

from tests.nodes import CONSOLE
from tests.sharing import net
from tipbridge.app import build_peer_app
from tipbridge.foundation.identity.transport import TransportKey, certify, mutual_context
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.trusting.gate import Gate
from tipbridge.web.serving import serving_beside


@contextlib.contextmanager
def gate_of(node: Node) -> Generator[str]:
    """The gate of `node`, as `tipbridge up` opens it; its URL."""
    app = build_peer_app(node)
    context = Gate(node).context
    with serving_beside(app, "127.0.0.1", 0, context=context, patience_seconds=10) as port:
        yield f"https://127.0.0.1:{port}"


def pin_gate(node: Node, other: Node, url: str) -> None:
    """Pin `other` at `node`, to be reached at its gate."""
    with open_work(node, CONSOLE) as work:
        actions.add_peer(work, card=net.card_of(other), url=url, mutual=True)


def showing(own: TransportKey, there: Node) -> ssl.SSLContext:
    """TLS of a client that shows this certificate and knows whose gate it is."""
    return mutual_context(own, [there.keys.public_signing_key], server=False)


def as_node(node: Node, there: Node) -> ssl.SSLContext:
    """TLS as `node` speaks it to another's gate."""
    return showing(certify(node.keys.signing_key), there)


@contextlib.contextmanager
def knocking(context: ssl.SSLContext) -> Generator[httpx2.Client]:
    """A client at a gate."""
    with httpx2.Client(verify=context, trust_env=False, timeout=10) as client:
        yield client


def with_gate_set(node: Node) -> Node:
    """The node as its settings name a gate."""
    return replace(node, settings=node.settings.model_copy(update={"peer_port": 8441}))
