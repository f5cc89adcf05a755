"""Running the demo: draw, start, play the twelve months, print, and keep the pages up."""

import json
import os
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from tipbridge.bulletin.commands import Format, written
from tipbridge.bulletin.model import Bulletin
from tipbridge.demo import then_and_now
from tipbridge.demo.calendar import Calendar
from tipbridge.demo.establish import STAFF, Established, establish
from tipbridge.demo.filing import connected
from tipbridge.demo.nodes import CLEARING, POLICE, DemoNode, running, set_clocks, settle
from tipbridge.demo.operation import Operation
from tipbridge.demo.people import Population
from tipbridge.demo.population import draw_population
from tipbridge.demo.record import write_decisions, write_people
from tipbridge.demo.scenario import Scenario, Wish, load_scenario
from tipbridge.demo.telling import told
from tipbridge.office.terminal import plain
from tipbridge.police.outcomes.model import Comparison
from tipbridge.web.language import Language

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - only if it is there and has room
ROOM_BYTES = 3 * 1024**3
TODAYS_LAW = 2025
"""The year to which the operation's facts are moved to ask today's law about them."""
BEFORE = timedelta(days=1)
"""Nodes are set up the day before the operation begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Nodes that run and are set up, and the operation that is to be played on them."""

    operation: Operation
    nodes: Mapping[str, DemoNode]
    established: Established


def run_demo(wish: Wish, *, out: Path | None, console: Console, as_json: bool = False) -> None:
    """The whole demo; on a terminal the pages stay up until the user ends it."""
    scenario = load_scenario()
    population = draw_population(scenario, wish)
    console.print(f"[bold]{scenario.title}[/bold]: {len(population.people)} made-up people")
    with workshop() as folder, prepared(scenario, population, folder, console) as ready:
        ready.operation.run()
        bulletin = ready.operation.bulletin()
        comparison = ready.operation.comparison(TODAYS_LAW)
        say(bulletin, comparison, console, as_json=as_json)
        if out is not None:
            _write_out(out, population, bulletin)
            _write_comparison(out, comparison)
            text = write_decisions(ready.operation.decisions())
            (out / "decisions.json").write_text(text, "utf-8")
        if console.is_terminal and not as_json:
            _keep_up(ready, console)


def say(bulletin: Bulletin, comparison: Comparison, console: Console, *, as_json: bool) -> None:
    """Print the figures: as text, or as JSON to standard output, where nothing else goes."""
    if as_json:
        print(_as_json(bulletin, comparison))
        return
    console.file.write(f"\n{written(bulletin, Format.TEXT, Language.ENGLISH)}")
    console.file.write(f"\n{then_and_now.told(comparison, Language.ENGLISH)}")


@contextmanager
def workshop() -> Generator[Path]:
    """A folder for the nodes and devices, in memory where there is room; removed afterwards."""
    roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="tipbridge-demo-", dir=IN_MEMORY if roomy else None))
    folder.chmod(0o711)  # an embedded server's own account must pass through
    before = dict(os.environ)
    # Keys, and as root the database servers too, lie beside the data folders.
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    os.environ["STATE_DIRECTORY"] = str(folder / "servers")
    try:
        yield folder
    finally:
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def prepared(
    scenario: Scenario, population: Population, folder: Path, console: Console
) -> Generator[Prepared]:
    """Three nodes of the operation's own, set up, which run while the block does."""
    console.print("Starting three nodes, each with a database of its own …")
    with running(folder / "nodes") as nodes:
        calendar = Calendar(population.starts_on, population.ends_on, population.step_days)
        set_clocks(nodes.values(), next(calendar.steps()) - BEFORE)
        established = establish(nodes, scenario, population)
        settle(list(nodes.values()))
        address = nodes[CLEARING.node_id].url
        with (
            connected(address, established.provider_passwords) as clients,
            told(population, console) as telling,
        ):
            operation = Operation(
                nodes,
                population,
                established,
                folder=folder / "devices",
                clients=clients,
                telling=telling,
            )
            yield Prepared(operation=operation, nodes=nodes, established=established)


def _write_out(out: Path, population: Population, bulletin: Bulletin) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / "people.json").write_text(write_people(population), "utf-8")
    for language in Language:
        for form, suffix in ((Format.TEXT, "txt"), (Format.JSON, "json")):
            name = f"bulletin.{language}.{suffix}"
            (out / name).write_text(written(bulletin, form, language), "utf-8")


def _as_json(bulletin: Bulletin, comparison: Comparison) -> str:
    told = json.loads(written(bulletin, Format.JSON, Language.ENGLISH))
    found = {"synthetic": True, "bulletin": told, "then_and_now": plain(comparison)}
    return json.dumps(found, ensure_ascii=False, indent=2)


def _write_comparison(out: Path, comparison: Comparison) -> None:
    for language in Language:
        told = then_and_now.told(comparison, language)
        (out / f"then-and-now.{language}.txt").write_text(told, "utf-8")
    text = json.dumps(plain(comparison), ensure_ascii=False, indent=2)
    (out / "then-and-now.json").write_text(f"{text}\n", "utf-8")


def _keep_up(end: Prepared, console: Console) -> None:
    console.print("\n[bold]The pages stay up until you press Ctrl-C.[/bold]")
    for node_id, node in end.nodes.items():
        names = ", ".join(username for username, _ in STAFF[node_id])
        console.print(f"  {node.plan.name}: {node.url}  sign in as {names}", soft_wrap=True)
    police = end.nodes[POLICE.node_id].url
    console.print(
        f"  The same facts under the law of {TODAYS_LAW}: {police}{then_and_now.PAGE}"
        f"?year={TODAYS_LAW} (as investigator-1)",
        soft_wrap=True,
    )
    console.print(f"  Password of everybody: {end.established.password}")
    try:
        for node in end.nodes.values():
            node.process.wait()
    except KeyboardInterrupt:
        console.print("Ending the nodes …")
