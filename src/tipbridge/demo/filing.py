"""The made-up services at their desks: each files its reports by the provider's client."""

from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from tipbridge.demo.draw import Draw
from tipbridge.demo.files import picture
from tipbridge.demo.people import DrawnPerson, DrawnReport
from tipbridge.demo.services import details_of, report_on
from tipbridge.tips.filing.client import FilingClient
from tipbridge.tips.report.model import FileDetails

AT_ONCE = 3
"""Services that file at the same time."""

TRIES = 25
"""A service waits up to two minutes for a clearinghouse that is being started again."""

Due = tuple[DrawnPerson, DrawnReport]
Told = Callable[[int], None]


class Services:
    """Every service of the scenario with its client of the clearinghouse."""

    def __init__(self, clients: Mapping[str, FilingClient], draw: Draw, told: Told) -> None:
        self._clients, self._draw, self._told = clients, draw, told

    def file(self, due: Iterable[Due]) -> None:
        """File these reports, each service its own one after another.

        Errors: FilingRefused, ClearinghouseSilent.
        """
        by_service: dict[str, list[Due]] = {}
        for person, report in due:
            by_service.setdefault(person.service, []).append((person, report))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(self._file_all, *each) for each in by_service.items()]:
                done.result()

    def _file_all(self, service: str, due: list[Due]) -> None:
        for person, report in due:
            files = self._files(person, report)
            self._clients[service].file(report_on(person, self._draw), files)

    def _files(
        self, person: DrawnPerson, report: DrawnReport
    ) -> Generator[tuple[bytes, FileDetails | None]]:
        for number, name in enumerate(report.files):
            details = details_of(person, report, number) if number < person.described else None
            yield picture(self._draw, name), details
            self._told(1)


@contextmanager
def connected(address: str, passwords: Mapping[str, str]) -> Generator[Mapping[str, FilingClient]]:
    """A client for each service, kept while the block runs."""
    with ExitStack() as stack:
        yield {
            service: stack.enter_context(
                FilingClient(f"{address}/ispws", service, password, tries=TRIES)
            )
            for service, password in passwords.items()
        }
