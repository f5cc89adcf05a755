"""A provider's word of urgency, on a node as it is run: seen before /finish, queued right after."""

from sqlalchemy import text

from tests.nodes import acting
from tests.tips.intake.ispws import client, code, open_report
from tests.tips.triage.filed import report_xml
from tests.upped import CONSOLE, upped
from tests.watching import until
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.tips.triage import actions
from tipbridge.tips.triage.model import Queue

URGENT = report_xml(summary="<escalateToHighPriority>Synthetic: now.</escalateToHighPriority>")
BACKLOG = 150


def pending(node: Node) -> list[str]:
    with open_work(node, CONSOLE) as work:
        return [line.report_id for line in actions.list_pending(work)]


def queue_of(node: Node, report_id: str) -> Queue | None:
    with open_work(node, CONSOLE) as work:
        lines = {line.report_id: line.queue for line in actions.list_tips(work)}
    return lines.get(report_id)


def seconds_to_queue(node: Node, report_id: str) -> float:
    """From /finish to the queue by the node's own log: looking takes time of its own."""
    asked = text("SELECT event, machine_at FROM audit_events WHERE subject = :id")
    with acting(node.engine, WORKER) as db:
        at = {row.event: row.machine_at for row in db.execute(asked, {"id": report_id})}
    return (at["triage.tip.triaged"] - at["intake.report.finished"]).total_seconds()


def test_an_escalated_report_is_pending_and_then_in_the_queue_within_a_second() -> None:
    with upped() as house, client(house.address) as esp:
        ordinary = open_report(esp, report_xml())
        assert code(esp.post("/finish", data={"id": ordinary})) == 0
        until(lambda: queue_of(house.node, ordinary))
        urgent = [open_report(esp, URGENT) for _ in range(5)]
        assert pending(house.node) == urgent
        with open_work(house.node, WORKER) as work:  # far more than its worker does in a second
            for _ in range(BACKLOG):
                work.emit("intake.report.finished", report_id=ordinary)
        for report_id in urgent:
            assert code(esp.post("/finish", data={"id": report_id})) == 0
            until(lambda each=report_id: queue_of(house.node, each) is Queue.URGENT)
        took = [seconds_to_queue(house.node, report_id) for report_id in urgent]
        assert max(took) < 1, took
        assert pending(house.node) == []
