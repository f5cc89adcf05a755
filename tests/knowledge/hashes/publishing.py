"""Another process that publishes versions of a list, as staff and worker do beside a web server.

`python -m tests.knowledge.hashes.publishing DATA ROWS`: for each number on standard input that version
is imported, activated by somebody else and built; its files are lost and built once more.
"""

import sys
from pathlib import Path

from tests.knowledge.hashes.lists import activated, loaded
from tests.knowledge.hashes.swapping import LIST, lines_of
from tests.knowledge.hashes.test_matching import build
from tests.nodes import add_staff
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions
from tipbridge.knowledge.hashes.indexes import folder_of
from tipbridge.office.terminal import opened_node


def publish(node: Node, keeper: Actor, version: int, rows: int) -> None:
    """One version, and its files twice."""
    loaded(node, keeper, LIST, *lines_of(version, rows))
    activated(node, LIST)
    assert build(node) == 1
    with open_work(node, keeper) as work:
        found = actions.find_list(work, LIST)
    folder_of(node, found.id, version).rename(node.data / f"lost-{version}")
    assert build(node) == 1


def main(data: str, rows: str) -> None:
    """Until standard input ends."""
    with opened_node(Path(data)) as node:
        keeper = add_staff(node, Role.ANALYST)
        for line in sys.stdin:
            publish(node, keeper, int(line), int(rows))
            print(f"published {line.strip()}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
