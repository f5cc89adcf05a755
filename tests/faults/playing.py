"""The operation played with kills in it; remembers everything that was acknowledged."""

import contextlib
import hashlib
import io
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx2
from rich.console import Console

from tests.faults.killing import Moment, killing
from tipbridge.bulletin.commands import Format, written
from tipbridge.demo.calendar import Calendar
from tipbridge.demo.establish import establish
from tipbridge.demo.filing import TRIES
from tipbridge.demo.nodes import CLEARING, DemoNode, running, set_clocks, settle
from tipbridge.demo.operation import Operation
from tipbridge.demo.people import Population
from tipbridge.demo.run import BEFORE, workshop
from tipbridge.demo.scenario import Scenario, load_scenario
from tipbridge.demo.telling import Telling, told
from tipbridge.tips.filing.client import Filed, FilingClient
from tipbridge.tips.report.model import FileDetails, Report
from tipbridge.web.language import Language


@dataclass(slots=True)
class Promises:
    """What the clearinghouse told providers; and how often an answer never came."""

    filed: list[tuple[Filed, tuple[str, ...]]] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)


class RememberingClient(FilingClient):
    """The provider's client, that keeps what it was told."""

    def __init__(self, address: str, username: str, password: str, promises: Promises) -> None:
        super().__init__(address, username, password, tries=TRIES)
        self._promises = promises

    def file(
        self, report: Report | bytes, files: Iterable[tuple[bytes, FileDetails | None]] = ()
    ) -> Filed:
        sent = list(files)
        filed = super().file(report, sent)
        digests = tuple(hashlib.sha256(data).hexdigest() for data, _ in sent)
        self._promises.filed.append((filed, digests))
        return filed

    def _try(self, verb: str, path: str, body: dict[str, object]) -> httpx2.Response | None:
        answer = super()._try(verb, path, body)
        if answer is None:
            self._promises.lost[path] += 1
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """An operation that was played to its end, on nodes that still run."""

    nodes: Mapping[str, DemoNode]
    bulletin: bytes
    promises: Promises


@contextlib.contextmanager
def played(population: Population, moments: Mapping[int, list[Moment]]) -> Generator[Played]:
    """The operation with these kills; the nodes run while the block does."""
    scenario = load_scenario()
    console = Console(file=io.StringIO(), force_terminal=False)
    with workshop() as folder, running(folder / "nodes") as nodes:
        promises = Promises()
        with contextlib.ExitStack() as stack:
            telling = stack.enter_context(told(population, console))
            operation, clients = _prepared(scenario, population, nodes, folder, telling, promises)
            for client in clients:
                stack.enter_context(client)
            _play(operation, nodes, moments)
        bulletin = written(operation.bulletin(), Format.JSON, Language.ENGLISH).encode()
        bulletin += written(operation.bulletin(), Format.TEXT, Language.KOREAN).encode()
        yield Played(nodes=nodes, bulletin=bulletin, promises=promises)


def _prepared(
    scenario: Scenario,
    population: Population,
    nodes: Mapping[str, DemoNode],
    folder: Path,
    telling: Telling,
    promises: Promises,
) -> tuple[Operation, list[RememberingClient]]:
    calendar = Calendar(population.starts_on, population.ends_on, population.step_days)
    set_clocks(nodes.values(), next(calendar.steps()) - BEFORE)
    established = establish(nodes, scenario, population)
    settle(list(nodes.values()))
    address = f"{nodes[CLEARING.node_id].url}/ispws"
    clients = {
        service: RememberingClient(address, service, password, promises)
        for service, password in established.provider_passwords.items()
    }
    devices = folder / "devices"
    operation = Operation(
        nodes, population, established, folder=devices, clients=clients, telling=telling
    )
    return operation, [*clients.values()]


def _play(
    operation: Operation, nodes: Mapping[str, DemoNode], moments: Mapping[int, list[Moment]]
) -> None:
    for number, now in enumerate(operation.calendar.steps()):
        with killing(nodes, moments.get(number, [])):
            operation.step(now)
    operation.close()
    # Whatever a lost answer left open expires after a day at the most.
    set_clocks(nodes.values(), operation.calendar.end() + timedelta(days=2))
    settle(list(nodes.values()))
