"""Every byte of 50 packages flipped: refused before any write, in one and the same way.

`make flips` flips every byte; the suite flips every so-manieth one of each package.
"""

import hashlib
import io
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.databases import fresh_database
from tests.nodes import CONSOLE, SERVER_FOLDER, build_node, run_server
from tests.sharing.exchange.packages import (
    CARDS,
    CLEARING,
    LIAISON,
    PARTS,
    POLICE,
    Built,
    Landing,
    build,
    salted,
    statement_of,
)
from tipbridge.foundation.base.actors import DOORKEEPER
from tipbridge.foundation.base.errors import IntegrityFailure
from tipbridge.foundation.identity.sealing import seal_stream
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass, Part
from tipbridge.sharing.exchange import store
from tipbridge.sharing.exchange.actions import add_peer, take_in
from tipbridge.sharing.exchange.errors import NotCovered
from tipbridge.sharing.exchange.model import VerifiedHeader
from tipbridge.sharing.exchange.statement import commitments_of, statement_payload
from tipbridge.sharing.exchange.unpacking import PackageReader

PACKAGES = 50
_CONTENT = DataClass.CONTENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Flipped:
    """How many flips there were, how many got through, and the refusals, sealed and inside.

    Shape: each layer has one refusal; the door answers the same for both.
    """

    count: int
    accepted: tuple[tuple[int, bool, int], ...]
    words: frozenset[tuple[bool, str]]


def package(number: int) -> Built:
    """The package of that number: other parts, other files, another sequence.

    Shape: every fifth was passed on: two nodes signed it, and the second lets the first's parts through.
    """
    plain = [part for part in PARTS if part.data_class is not _CONTENT][: 1 + number % 4]
    files = [bytes([number]) * (number * 7 % 90) for _ in range(number % 3)]
    contents = [
        Part(
            label=f"files/{index}/content",
            value={"sha256": hashlib.sha256(file).hexdigest(), "size_bytes": len(file)},
            data_class=_CONTENT,
        )
        for index, file in enumerate(files)
    ]
    parts = salted([*plain, *contents])
    named = {"package_id": f"{number:032x}", "sequence": number + 1}
    if number % 5:
        return build(statement_of(parts, **named), parts, files)
    first = build(
        statement_of(parts, sender="kr.knpa", recipient="us.clearing"), parts, files, signer=POLICE
    )
    onward = statement_of(
        (),
        earlier=hashlib.sha256(statement_payload(first.statement)).hexdigest(),
        released=commitments_of(parts),
        **named,
    )
    return build(onward, parts, files, earlier=first.header.envelopes)


def pin_senders(node: Node) -> None:
    """Pin whoever signed one of the packages at a node that takes them."""
    for keys, node_id in ((CLEARING, "us.clearing"), (POLICE, "kr.knpa")):
        with open_work(node, CONSOLE) as work:
            add_peer(work, card=keys.sign_card(CARDS[node_id]))


def flip_all(step: int, packages: int = PACKAGES) -> Flipped:
    """Flip every `step`th byte of each package, as it is sealed and as it is inside.

    Shape: each is read as a node reads it first: to its last byte, with nowhere to write.
    """
    count, accepted, words = 0, list[tuple[int, bool, int]](), set[tuple[bool, str]]()
    for number in range(packages):
        built, verify = package(number), verifying()
        _read(built.plain, verify, sealed=False)
        _read(built.sealed, verify, sealed=True)
        for data, sealed in ((built.plain, False), (built.sealed, True)):
            for place in range(number % step, len(data), step):
                count += 1
                damaged = bytearray(data)
                damaged[place] ^= 1 << (place % 8)
                try:
                    _read(bytes(damaged), verify, sealed=sealed)
                except IntegrityFailure as error:
                    words.add((sealed, error.public))
                else:
                    accepted.append((number, sealed, place))
    return Flipped(count=count, accepted=tuple(accepted), words=frozenset(words))


def verifying() -> Callable[[bytes], VerifiedHeader]:
    """Verifies as a node does; the same header, whose package has a flip elsewhere, only once."""
    known: dict[bytes, VerifiedHeader] = {}

    def verify(header: bytes) -> VerifiedHeader:
        if header not in known:
            known[header] = Landing("us.hsi").verify(header)
        return known[header]

    return verify


def _read(data: bytes, verify: Callable[[bytes], VerifiedHeader], *, sealed: bool) -> None:
    reader = PackageReader(verify)
    if sealed:
        LIAISON.open(io.BytesIO(data), reader)
    else:
        reader.write(data)
    reader.finish()


def flip_at_node(node: Node, step: int, packages: int = PACKAGES) -> Flipped:
    """Hand a real node each sealed package with every `step`th byte flipped.

    Shape: by the verb of its door, in a transaction that is kept, so that whatever a refused one
    wrote, in the database or in the vault, would still be there; the node pins the sender's card.
    """
    count, accepted, words = 0, list[tuple[int, bool, int]](), set[tuple[bool, str]]()
    for number in range(packages):
        sealed = _sealed_to(node, number)
        with open_work(node, DOORKEEPER) as work:
            with suppress(NotCovered):  # whole, it is refused for its agreement alone
                take_in(work, io.BytesIO(sealed))
            for place in range(number % step, len(sealed), step):
                count += 1
                damaged = bytearray(sealed)
                damaged[place] ^= 1 << (place % 8)
                try:
                    take_in(work, io.BytesIO(damaged))
                except IntegrityFailure as error:
                    words.add((True, error.public))
                else:
                    accepted.append((number, True, place))
    return Flipped(count=count, accepted=tuple(accepted), words=frozenset(words))


def _sealed_to(node: Node, number: int) -> bytes:
    """The package of that number, as a node would get it."""
    sink = io.BytesIO()
    seal_stream(node.keys.exchange_recipient, [package(number).plain], sink)
    return sink.getvalue()


def kept_by(node: Node) -> tuple[int, int]:
    """How many files the vault of a node has, and how many packages its inbox."""
    files = sum(1 for path in (node.data / "vault").rglob("*") if path.is_file())
    with open_work(node, DOORKEEPER) as work:
        return files, len(store.incoming_newest(work.db, limit=10**6))


def _long_form(step: int) -> bool:
    """Whether every flip was refused, in the reader alone and by a node that kept nothing."""
    read = flip_all(step)
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tbt-")))
        place.chmod(0o711)
        os.environ[SERVER_FOLDER], os.environ["XDG_STATE_HOME"] = str(place), f"{place}/state"
        server = stack.enter_context(run_server())
        database = stack.enter_context(fresh_database(server))
        node = build_node(place / "node", database, node_id="us.hsi")
        pin_senders(node)
        before = kept_by(node)
        came = flip_at_node(node, step)
        kept = kept_by(node) != before
    for name, done in (("read alone", read), ("at a node", came)):
        said = f"{len(done.accepted)} accepted, {sorted(done.words)}"
        print(f"{name}: {done.count} flips of {PACKAGES} packages: {said}")
    print("the node kept something" if kept else "the node kept nothing")
    return not (read.accepted or came.accepted or kept) and len(read.words) == 2


if __name__ == "__main__":
    sys.exit(0 if _long_form(int(sys.argv[1]) if len(sys.argv) > 1 else 1) else 1)
