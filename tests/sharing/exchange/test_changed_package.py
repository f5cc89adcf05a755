"""What was queued and offered once is never sent in another form."""

from dataclasses import replace

from tests.sharing import net
from tests.sharing.exchange.packages import FILE
from tests.sharing.exchange.pairs import Pair
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.engine import open_engine
from tipbridge.foundation.storage.launcher import OWNER_ROLE
from tipbridge.foundation.storage.scope import set_actor
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange.model import OutboxState


def _as_owner(node: Node, statement: str, values: tuple[str, ...]) -> None:
    """What the program itself has no right to do."""
    owner = open_engine(str(node.engine.url.set(username=OWNER_ROLE)), pool_size=1)
    with owner.begin() as db:
        set_actor(db, actor_id=WORKER.id, kind=WORKER.kind, units="{}")
        assert db.exec_driver_sql(statement, values).rowcount == 1
    owner.dispose()


def test_a_package_that_changed_between_two_attempts_is_never_sent(pair: Pair) -> None:
    package_id, draft = pair.queue(), pair.draft()
    with open_work(pair.sender, WORKER) as work:
        key_id = draft.files["files/0/content"].key_id
        swapped = work.node.vault.seal(key_id, "c", b"x" * len(FILE))
    other = pair.queue(replace(draft, files={**draft.files, "files/0/content": swapped}))
    assert pair.send(package_id) is OutboxState.QUEUED
    _as_owner(
        pair.sender,
        "UPDATE outbox SET files = (SELECT files FROM outbox WHERE package_id = %s)"
        " WHERE package_id = %s",
        (other, package_id),
    )
    with net.listening(pair.receiver) as url:
        net.pin(pair.sender, pair.receiver, url)
        assert pair.send(package_id) is OutboxState.LAPSED
    assert pair.sent(package_id).last_outcome == "content-gone"
    assert pair.inbox_count() == 0
