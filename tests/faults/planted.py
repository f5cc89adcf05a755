"""Faults planted by hand: what a lost, doubled or changed thing would look like afterwards."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import create_engine, text

from tests.faults.checks import check_packages, check_promises, check_rest
from tests.faults.playing import Played
from tests.nodes import acting
from tipbridge.demo.nodes import CLEARING, LIAISON, POLICE, NodePlan
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.storage.engine import driver_url, open_database

Plant = Callable[[Played], AbstractContextManager[None]]
Check = Callable[[Played], object]


@contextmanager
def changed(played: Played, plan: NodePlan, change: str, undo: str) -> Generator[None]:
    """A node's database with this change in it, as only its owner can make it."""
    server = open_database(played.nodes[plan.node_id].data)
    owner = create_engine(driver_url(server.owner_url))
    try:
        for statement, inside in ((change, True), (undo, False)):
            with acting(owner, WORKER) as db:
                assert db.execute(text(statement)).rowcount > 0, statement
            if inside:
                yield
    finally:
        owner.dispose()
        server.stop()


@contextmanager
def without_a_file(played: Played) -> Generator[None]:
    """A sealed file that was acknowledged is gone from the vault."""
    vault = played.nodes[CLEARING.node_id].node.vault
    file_id = next(filed.file_ids[0] for filed, _ in played.promises.filed if filed.file_ids)
    (path,) = vault.folder.rglob(f"{file_id}.age")
    aside = path.rename(path.with_suffix(".aside"))
    try:
        yield
    finally:
        aside.rename(path)


def _rows(plan: NodePlan, change: str, undo: str) -> Plant:
    return lambda played: changed(played, plan, change, undo)


def faults() -> Iterator[tuple[str, Plant, Check]]:
    """Each fault with the check that must see it."""
    first = "(SELECT min(id) FROM reports WHERE state = 'finished')"
    flipped = (
        "UPDATE audit_entries SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1)"
        " WHERE position = 3"
    )
    yield "an acknowledged file is gone", without_a_file, check_promises
    yield (
        "an acknowledged report is open again",
        _rows(
            CLEARING,
            "UPDATE reports SET state = 'open', expires_at = expires_at + interval '99 years'"
            f" WHERE id = {first}",  # later, or the node would let it run out meanwhile
            "UPDATE reports SET state = 'finished', expires_at = expires_at - interval '99 years'"
            " WHERE state = 'open'",
        ),
        check_promises,
    )
    yield (
        "a package was refused",
        _rows(
            LIAISON,
            "UPDATE outbox SET state = 'refused' WHERE package_id ="
            " (SELECT min(package_id) FROM outbox)",
            "UPDATE outbox SET state = 'delivered' WHERE state = 'refused'",
        ),
        check_packages,
    )
    yield (
        "a package arrived as another's",
        _rows(
            POLICE,
            "UPDATE inbox SET sender = 'us.clearing' WHERE package_id ="
            " (SELECT min(package_id) FROM inbox)",
            "UPDATE inbox SET sender = 'us.hsi' WHERE sender = 'us.clearing'",
        ),
        check_packages,
    )
    yield (
        "an entry of the log was changed",
        _rows(
            POLICE,
            flipped,
            flipped,
        ),
        check_rest,
    )
