"""Two nodes that exchange packages."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.sharing import net
from tests.sharing.exchange.packages import FILE, PARTS, salted
from tipbridge.foundation.base.actors import DOORKEEPER, WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Purpose
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange import actions, outgoing, store
from tipbridge.sharing.exchange.model import (
    Basis,
    BasisKind,
    Draft,
    OutboxState,
    Outgoing,
    PackageKind,
)

START = datetime(2013, 11, 2, tzinfo=UTC)
AGREEMENT = template_text("standing-referral", sender="us.clearing", receiver="us.hsi").encode()


@dataclass
class Pair:
    """Two nodes that know each other and hold the same agreement."""

    sender: Node
    receiver: Node
    agreement: str

    def draft(self) -> Draft:
        """All parts and files, under the agreement."""
        with open_work(self.sender, WORKER) as work:
            vault, key_id = work.node.vault, work.ids.new()
            vault.create_key(key_id)
            files = {
                "files/0/content": vault.seal(key_id, "a", FILE),
                "files/1/content": vault.seal(key_id, "b", b""),
            }
        return Draft(
            kind=PackageKind.REFERRAL,
            recipient=self.receiver.id,
            basis=Basis(kind=BasisKind.AGREEMENT, id=self.agreement),
            purpose=Purpose.INVESTIGATION,
            parts=salted(PARTS),
            files=files,
        )

    def queue(self, draft: Draft | None = None) -> str:
        """Queue a package and leave it to the test to send it."""
        with open_work(self.sender, WORKER) as work:
            package_id = actions.queue_package(work, draft or self.draft())
        net.events(self.sender)
        return package_id

    def send(self, package_id: str) -> OutboxState | None:
        """One attempt."""
        with open_work(self.sender, WORKER) as work:
            return actions.send_package(work, package_id)

    def sent(self, package_id: str) -> Outgoing:
        """The outbox row."""
        with open_work(self.sender, WORKER) as work:
            found = actions.sent_package(work, package_id)
        assert found is not None
        return found

    def sealed(self, package_id: str) -> bytes:
        """The sealed bytes as they would be sent."""
        package = self.sent(package_id)
        card = self.receiver.card()
        with outgoing.sealed_package(self.sender, package, card) as (spool, _, _):
            return spool.read()

    def receive(self, sealed: bytes) -> bytes:
        """Hand sealed bytes to the receiver's action."""
        with open_work(self.receiver, DOORKEEPER) as work:
            return actions.receive_package(work, io.BytesIO(sealed))

    def inbox_count(self) -> int:
        """How many packages the receiver keeps."""
        with open_work(self.receiver, WORKER) as work:
            return len(store.incoming_newest(work.db, limit=1000))
