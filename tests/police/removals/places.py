"""Cases with places of material, for tests of the removals room."""

from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network

from tests.nodes import CONSOLE, run_followups
from tests.police.folk import a_case
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.actions import set_clock
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import actions, hosts
from tipbridge.police.removals.model import (
    Channel,
    NoticeLanguage,
    PlaceForm,
    Removal,
    RemovalFile,
)

ADDRESS = "https://host.example/posts/1?a=b"


def near(node: Node, **settings: object) -> Node:
    """The node with loopback allowed, and other settings."""
    update = {"removal_private_networks": (ip_network("127.0.0.0/8"),)} | settings
    return replace(node, settings=node.settings.model_copy(update=update))


def add(node: Node, file: CaseFile, address: str = ADDRESS) -> Removal:
    """A place that staff found."""
    with open_work(node, CONSOLE) as work:
        return actions.add_place(work, file.case.id, address=address, form=PlaceForm.URL)


def a_place(node: Node, address: str = ADDRESS) -> Removal:
    """A place in a case of its own."""
    return add(node, a_case(node), address)


def know(
    node: Node,
    host: str,
    channel: Channel = Channel.BY_HAND,
    contact: str = "",
    language: NoticeLanguage = NoticeLanguage.ENGLISH,
    *,
    checks: bool = False,
) -> None:
    """Write down how a host is reached, and whether it may be checked."""
    with open_work(node, CONSOLE) as work:
        hosts.write_host(work, host, channel=channel, contact=contact, language=language)
        hosts.allow_checks(work, host, allowed=checks)


def tasks_about(node: Node, removal: Removal) -> list[TaskKind]:
    """The open tasks of a case that name a place."""
    with open_work(node, CONSOLE) as work:
        tasks = diary.tasks_of(work, removal.case_id)
    return [each.kind for each in tasks if each.title == removal.address and each.done_at is None]


def file_of(node: Node, removal: Removal) -> RemovalFile:
    """A removal with everything that happened."""
    with open_work(node, CONSOLE) as work:
        found = actions.list_removals(work, removal.case_id)
    return next(each for each in found if each.removal.id == removal.id)


def clock(node: Node, *when: int) -> None:
    """Move the node's clock."""
    with open_work(node, CONSOLE) as work:
        set_clock(work, at=datetime(*when, tzinfo=UTC))  # type: ignore[arg-type,misc]


__all__ = ["CONSOLE", "WORKER", "run_followups"]
