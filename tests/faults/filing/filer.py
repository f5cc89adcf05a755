"""The process that is killed: it accepts reports and files them, and says what it accepted.

Started once; it forks a child for each order read from standard input, so that a child begins
at once and dies alone. An order is the number of reports to accept, with a first serial; a
child writes `accepted SERIAL ID` when, and only when, the library has accepted one.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from tipbridge import app, pipeline
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node, open_node
from tipbridge.foundation.storage.engine import open_engine
from tipbridge.tips.filing import documents as doc
from tipbridge.tips.filing.outbox import Enclosure, Outbox

FILES_OF_EACH = 2


def report_of(serial: int) -> doc.Report:
    """A report that names itself."""
    person = doc.Person(email=(doc.Email(address="ts@esp.example"),))
    return doc.Report(
        incident_summary=doc.IncidentSummary(incident_type="Child Sex Trafficking"),
        reporter=doc.Reporter(reporting_person=person),
        additional_info=f"serial {serial}",
    )


def files_of(serial: int) -> list[Enclosure]:
    """Its files; the first one is described."""
    details = doc.FileDetails(file_viewed_by_esp=False)
    return [
        Enclosure(
            source=f"synthetic {serial} {number}".encode(),
            details=details if number == 0 else None,
        )
        for number in range(FILES_OF_EACH)
    ]


def work_through(node: Node) -> None:
    """What a node's worker does when it is started again."""
    queue.give_back_stalled(node.engine)
    pipeline.tick(node)
    app.work_off(node, wait=False)


def child(opened: Callable[[], Node], first: int, count: int) -> None:
    """Accept, then send what is due, until killed."""
    node = opened()
    for serial in range(first, first + count):
        filing_id = Outbox(node).accept(report_of(serial), files_of(serial))
        print(f"accepted {serial} {filing_id}", flush=True)
    while True:
        work_through(node)


def main() -> None:
    """Fork a child for each order `FIRST COUNT`; `kill` ends it and says so."""
    data, url = Path(sys.argv[1]), sys.argv[2]
    pid = 0
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "kill":
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            print("killed", flush=True)
            continue
        first, count = map(int, line.split())
        pid = os.fork()
        if pid == 0:
            try:
                child(lambda: open_node(data, open_engine(url, pool_size=4)), first, count)
            finally:
                os._exit(1)
        print("begun", flush=True)


if __name__ == "__main__":
    main()
