"""Lists for tests: prepared by one member of staff, put into effect by another."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from tests.nodes import add_staff
from tests.sharing.net import audit
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.engine import open_engine
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions
from tipbridge.knowledge.hashes.model import ImportCounts, Version


def as_lines(lines: Iterable[str]) -> list[bytes]:
    return [f"{line}\n".encode() for line in lines]


def opened(node: Node, name: str = "known", purpose: str = "known-material", **said: str) -> Actor:
    """An empty list, and the analyst who opened it."""
    one = add_staff(node, Role.ANALYST)
    with open_work(node, one) as work:
        actions.add_list(work, name=name, purpose=purpose, owner="a made-up body", **said)
    return one


def loaded(node: Node, actor: Actor, name: str, *lines: str, **how: object) -> ImportCounts:
    """Load lines into the version that waits."""
    with open_work(node, actor) as work:
        return actions.import_list(work, name=name, lines=as_lines(lines), **how)


def activated(node: Node, name: str) -> Version:
    """Put what waits into effect, by somebody who has done nothing else."""
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        return actions.activate_version(work, name=name)


def listed(
    node: Node, name: str, *lines: str, purpose: str = "known-material", **how: object
) -> Version:
    """A list in effect with these lines."""
    loaded(node, opened(node, name, purpose), name, *lines, **how)
    return activated(node, name)


def changed_behind_our_back(node: Node, *changes: str) -> None:
    """Statements by whoever owns the database, past every right that we have."""
    owner = node.engine.url.set(username="tipbridge_owner")
    engine = open_engine(owner.render_as_string(hide_password=False))
    with engine.begin() as db:
        db.execute(text("SELECT tb_begin('test', 'system', '{}')"))
        for change in changes:
            db.execute(text(change))
    engine.dispose()


@dataclass(frozen=True)
class Recorded:
    """One audit event of a test."""

    subject: str
    facts: dict[str, object]


def events(node: Node, name: str) -> list[Recorded]:
    """The node's audit events of this name, oldest first."""
    return [Recorded(subject, facts) for event, subject, facts in audit(node) if event == name]
