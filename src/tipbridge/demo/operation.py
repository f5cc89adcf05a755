"""The operation of twelve months: step by step, each only when everything due is done."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from pathlib import Path

from tipbridge.bulletin.actions import read_full_bulletin
from tipbridge.bulletin.model import Bulletin, Period
from tipbridge.demo.calendar import Calendar
from tipbridge.demo.clearing_desk import ClearingDesk
from tipbridge.demo.draw import Draw
from tipbridge.demo.establish import Established
from tipbridge.demo.filing import Services
from tipbridge.demo.liaison_desk import LiaisonDesk
from tipbridge.demo.nodes import CLEARING, LIAISON, POLICE, DemoNode, set_clocks, settle
from tipbridge.demo.people import DrawnPerson, DrawnReport, Population
from tipbridge.demo.police_desk import PoliceDesk
from tipbridge.demo.telling import Telling
from tipbridge.demo.world import World
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions as cases
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.outcomes.comparing import compare_with
from tipbridge.police.outcomes.model import Comparison, PersonOutcome
from tipbridge.tips.filing.client import FilingClient


class Operation:
    """Staff at their desks and services at theirs, over running nodes."""

    def __init__(
        self,
        nodes: Mapping[str, DemoNode],
        population: Population,
        established: Established,
        *,
        folder: Path,
        clients: Mapping[str, FilingClient],
        telling: Telling,
    ) -> None:
        self.nodes, self._population, self._telling = nodes, population, telling
        self.calendar = Calendar(population.starts_on, population.ends_on, population.step_days)
        self._established = established
        world = World(population, folder)
        staff = established.staff
        self._services = Services(clients, Draw(population.seed), telling.filed)
        self._unfiled = sorted(
            ((report.filed_on, person.id, report.number, person, report))
            for person in population.people
            for report in person.reports
        )
        self._clearing = ClearingDesk(
            nodes[CLEARING.node_id].node, world, analyst=staff[CLEARING.node_id, "analyst-1"]
        )
        self._liaison = LiaisonDesk(
            nodes[LIAISON.node_id].node,
            world,
            population,
            officer=staff[LIAISON.node_id, "liaison-1"],
        )
        self._police = PoliceDesk(
            nodes[POLICE.node_id].node,
            world,
            investigator=staff[POLICE.node_id, "investigator-1"],
            examiner=staff[POLICE.node_id, "examiner-1"],
            examined=telling.examined,
            asked=self._liaison.asked,
        )

    def run(self) -> None:
        """All steps, and the clock moved to the end."""
        for now in self.calendar.steps():
            self.step(now)
        self.close()

    def step(self, now: datetime, *, without: str | None = None) -> None:
        """One step: everybody does what has waited long enough; then all nodes come to rest.

        Shape: `without` names a node that is stopped, whose staff go home.
        """
        present = [node for node_id, node in self.nodes.items() if node_id != without]
        due = list(self._due(now))
        set_clocks(self.nodes.values(), now)  # time passes for a stopped node as well
        desks = [
            partial(self._services.file, due),
            partial(self._clearing.sit, now),
            partial(self._police.sit, now),
        ]
        if without != LIAISON.node_id:
            desks.append(partial(self._liaison.sit, now))
        # At the same time: nothing that reaches a desk is worked on in the step it came in.
        with ThreadPoolExecutor(len(desks)) as pool:
            for done in [pool.submit(desk) for desk in desks]:
                done.result()
        settle(present, all_due=without is not None)
        self._telling.stepped(now)

    def close(self) -> None:
        """Move the clocks to the moment at which the figures are taken."""
        set_clocks(self.nodes.values(), self.calendar.end())
        settle(list(self.nodes.values()))
        self._telling.over()

    def bulletin(self, *, until: date | None = None) -> Bulletin:
        """The full view of the whole operation, from the police node."""
        node = self.nodes[POLICE.node_id].node
        actor = self._established.staff[POLICE.node_id, "investigator-1"]
        last = until or self._population.ends_on
        period = Period(from_on=self._population.starts_on, to_on=last)
        with open_work(node, actor) as work:
            return read_full_bulletin(work, period)

    def comparison(self, year: int) -> Comparison:
        """The advice as dated beside that of another year's law, from the police node."""
        node = self.nodes[POLICE.node_id].node
        actor = self._established.staff[POLICE.node_id, "investigator-1"]
        with open_work(node, actor) as work:
            return compare_with(work, year=year)

    def decisions(self) -> list[PersonOutcome]:
        """Everybody with a standing decision, read case by case as an investigator does."""
        node = self.nodes[POLICE.node_id].node
        actor = self._established.staff[POLICE.node_id, "investigator-1"]
        with open_work(node, actor) as work:
            lines = cases.list_cases(work)
        found: list[PersonOutcome] = []
        for line in lines:
            with open_work(node, actor) as work:
                found += outcomes.read_outcomes(work, line.id)
        return [each for each in found if each.decision is not None]

    def referred_accounts(self) -> frozenset[tuple[str, str]]:
        """Service and account of everybody whom the liaison has referred to the police."""
        return self._liaison.referred

    def _due(self, now: datetime) -> Iterator[tuple[DrawnPerson, DrawnReport]]:
        while self._unfiled and self._unfiled[0][0] <= now.date():
            _, _, _, person, report = self._unfiled.pop(0)
            yield person, report
