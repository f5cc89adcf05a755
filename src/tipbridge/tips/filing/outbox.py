"""The outbox for programs: accept a report, and it is filed exactly once in effect.

from tipbridge.tips.filing import documents, outbox

with outbox.open_outbox(Path("/var/lib/tipbridge/provider")) as box:
filing_id = box.accept(documents.Report(...), [outbox.Enclosure(source=path)])
print(box.send(filing_id))
"""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from tipbridge.foundation.base.actors import WORKER, system_actor
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.terminal import opened_node
from tipbridge.tips.filing import actions, trying
from tipbridge.tips.filing.documents import Report
from tipbridge.tips.filing.errors import NoSuchFiling
from tipbridge.tips.filing.ledger import actions as ledger
from tipbridge.tips.filing.model import FilingLine, FilingState
from tipbridge.tips.filing.parcels import Enclosure

LIBRARY = system_actor("library")

__all__ = ["Enclosure", "Node", "Outbox", "open_outbox", "send_and_look", "send_now"]


class Outbox:
    """The durable outbox of one node."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def accept(
        self,
        report: Report | bytes,
        files: Iterable[Enclosure] = (),
        *,
        to: str | None = None,
        sandbox: bool = False,
    ) -> str:
        """Take a report in; when this returns, it is on disk and will be filed.

        Shape: returns the filing's id. The node's worker sends it; `send` does so here and now.
        Errors: MalformedDocument, InvalidDocument, Invalid, NoCredential; OutcomeUnknown when
        the database was lost meanwhile: look at the list before you repeat it.
        """
        with open_work(self._node, LIBRARY) as work:
            return actions.accept_filing(work, report, files, to=to, sandbox=sandbox)

    def send(self, filing_id: str) -> FilingState:
        """Send a filing as far as it goes now, and say where it then stands.

        Errors: NoSuchFiling.
        """
        return send_now(self._node, filing_id)

    def state(self, filing_id: str) -> FilingState:
        """Where a filing stands.

        Errors: NoSuchFiling.
        """
        with open_work(self._node, LIBRARY) as work:
            found = ledger.state_of(work, filing_id)
        if found is None:
            raise NoSuchFiling(filing_id)
        return found


def send_now(node: Node, filing_id: str) -> FilingState:
    """Do what the worker would do for this filing, in this process.

    Shape: where it then stands; still `sending` when it waits, or when the worker is at it.
    Errors: NoSuchFiling.
    """
    with open_work(node, WORKER) as work:
        trying.send_filing(work, filing_id=filing_id)
    with open_work(node, WORKER) as work:
        found = ledger.state_of(work, filing_id)
    if found is None:
        raise NoSuchFiling(filing_id)
    return found


def send_and_look(node: Node, filing_id: str) -> FilingLine:
    """Send a filing as far as it goes now, and how it then stands in the list.

    Errors: NoSuchFiling.
    """
    send_now(node, filing_id)
    with open_work(node, WORKER) as work:
        return ledger.line_of(work, filing_id)


@contextmanager
def open_outbox(data: Path) -> Generator[Outbox]:
    """The outbox of the node in this data folder; its database is started if need be.

    Errors: NotFound when no node was made there.
    """
    with opened_node(data) as node:
        yield Outbox(node)
