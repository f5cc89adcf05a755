"""The operation played on three real nodes, against what an outsider computes of its people."""

import contextlib
import io
import json
import threading
from collections import Counter
from collections.abc import Generator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import select

from tests.demo.expected import Figures, decided, expect, seen, todays_law, told
from tipbridge.bulletin.commands import Format, written
from tipbridge.demo.calendar import Calendar
from tipbridge.demo.nodes import CLEARING, LIAISON, POLICE
from tipbridge.demo.operation import Operation
from tipbridge.demo.people import Population
from tipbridge.demo.population import draw_population
from tipbridge.demo.record import write_decisions, write_people
from tipbridge.demo.run import prepared, run_demo, say, workshop
from tipbridge.demo.scenario import Scale, Wish, load_scenario
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.terminal import acting
from tipbridge.police.evidence import actions as evidence
from tipbridge.police.evidence.model import ExhibitView, FindingKind, Verdict
from tipbridge.sharing.exchange.model import OutboxState
from tipbridge.sharing.exchange.tables import outbox
from tipbridge.web.language import Language

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def quiet() -> Console:
    return Console(file=io.StringIO(), force_terminal=False)


def draw(
    *, scale: Scale = Scale.SMALL, seed: int | None = None, people: int | None = None
) -> Population:
    return draw_population(load_scenario(), Wish(scale=scale, seed=seed, people=people))


@contextlib.contextmanager
def operation_of(population: Population) -> Generator[Operation]:
    with workshop() as folder, prepared(load_scenario(), population, folder, quiet()) as ready:
        yield ready.operation


def figures(operation: Operation, until: date | None = None) -> Figures:
    bulletin = operation.bulletin(until=until)
    return seen(json.loads(written(bulletin, Format.JSON, Language.ENGLISH)))


def expected(population: Population) -> Figures:
    return expect(json.loads(write_people(population)))


def some_of(population: Population, count: int) -> Population:
    """Every few people and the seller, in months: for what happens, not for the figures."""
    people = population.people[:: max(len(population.people) // count, 1)]
    seller = population.people[-1]
    some = (*(p for p in people if p is not seller), seller)
    return replace(population, people=some, step_days=28)


def examined(operation: Operation) -> list[ExhibitView]:
    """The exhibits of the seller's case as the examiner reads them, by mark."""
    node = operation.nodes[POLICE.node_id].node
    with open_work(node, acting(node, "examiner-1")) as work:
        lines = evidence.list_exhibits(work)
    views: list[ExhibitView] = []
    for line in sorted(lines, key=lambda line: line.mark):
        with open_work(node, acting(node, "examiner-1")) as work:
            views.append(evidence.read_exhibit(work, line.id, findings_only=True))
    return views


def moves(compared: dict[str, Any]) -> dict[tuple[str, ...], int]:
    """People by first advised outcome and rule, as dated and in the other year."""
    return {
        (
            each["before"],
            each["before_source"]["rule"],
            each["after"],
            each["after_source"]["rule"],
        ): each["people"]
        for each in compared["shifts"]
    }


def decisions(out: Path) -> list[dict[str, Any]]:
    """What the police node decided about each person, by person."""
    written_out = json.loads((out / "decisions.json").read_text())
    return [told(line) for line in written_out["decisions"]]


def expected_decisions(record: dict[str, Any]) -> list[dict[str, Any]]:
    """What is to be decided about each, from the facts alone."""
    return sorted((decided(each) for each in record["people"]), key=lambda line: line["person"])


def test_the_operation_of_2014_comes_out_right_and_is_written_out(tmp_path: Path):
    console = quiet()
    run_demo(Wish(scale=Scale.SMALL), out=tmp_path, console=console)
    record = json.loads((tmp_path / "people.json").read_text())
    bulletin = json.loads((tmp_path / "bulletin.en.json").read_text())
    assert seen(bulletin) == expect(record)
    outcomes = seen(bulletin)["tables"]["outcomes"]
    assert bulletin["people"] == 117
    assert outcomes["booked", "not-detained", "suspicion"] == (74, 63.2)
    assert outcomes["not-booked", "not-detained", "below-age"] == (33, 28.2)
    assert outcomes["not-booked", "not-detained", "minor-violation"] == (10, 8.5)
    assert bulletin["items"]["largest_case"] == 400
    assert decisions(tmp_path) == expected_decisions(record)
    rules = Counter(each["rule"] for each in decisions(tmp_path))
    assert (rules["KR-CA-9-U10"], rules["KR-JA-4-2"], rules["KR-GUIDE-2012"]) == (3, 30, 10)
    assert rules["KR-JUV-14"] + rules["KR-ADULT"] == 74
    compared = json.loads((tmp_path / "then-and-now.json").read_text())
    assert compared["people"] == 117
    assert compared["before_laws"] == ["KR/2013-06-19"]
    assert compared["after_laws"] == ["KR/2021-01-01"]
    assert moves(compared) == todays_law(record)
    assert moves(compared)["guidance", "KR-GUIDE-2012", "booked-at-liberty", "KR-JUV-14"] == 10
    assert compared["left_out"] == []
    printed = console.file
    assert isinstance(printed, io.StringIO)
    assert (tmp_path / "bulletin.en.txt").read_text() in printed.getvalue()
    assert "28.2%" in printed.getvalue()
    assert "The same facts dated 2025" in printed.getvalue()
    assert "선도 조건 불입건 → 불구속 입건" in (tmp_path / "then-and-now.ko.txt").read_text()
    assert "불구속" in (tmp_path / "bulletin.ko.txt").read_text()
    assert not [
        each.name for each in tmp_path.iterdir() if each.is_file() if "://" in each.read_text()
    ]


def test_another_seed_with_a_birthday_moved_across_14_and_a_file_less_comes_out_right(
    capsys: pytest.CaptureFixture[str],
):
    drawn = draw(seed=7, people=43)
    seller = draw(scale=Scale.DEFAULT, seed=7, people=43).people[-1]
    population = replace(drawn, people=(*drawn.people[:-1], seller), step_days=28)
    child = max(
        (p for p in population.people if p.self_produced), key=lambda p: p.act_on - p.born_on
    )
    changed = {
        child.id: replace(child, born_on=child.act_on.replace(year=child.act_on.year - 14)),
        seller.id: replace(
            seller, devices=seller.devices | {"laptop": seller.devices["laptop"][1:]}
        ),
    }
    people = tuple(changed.get(p.id, p) for p in population.people)
    before, moved = expected(population), replace(population, people=people)
    with operation_of(moved) as operation:
        operation.run()
        console = quiet()
        say(operation.bulletin(), operation.comparison(2025), console, as_json=True)
        laptop, usb = examined(operation)
        told_out = json.loads(write_decisions(operation.decisions()))["decisions"]
    printed = json.loads(capsys.readouterr().out)  # standard output holds that and nothing else
    assert isinstance(console.file, io.StringIO)
    assert not console.file.getvalue()
    assert printed["synthetic"] is True
    assert printed["then_and_now"]["people"] == printed["bulletin"]["people"] == 43
    after = seen(printed["bulletin"])
    assert after == expected(moved)
    record = json.loads(write_people(moved))
    assert [told(line) for line in told_out] == expected_decisions(record)
    assert [event.kind.value for event in usb.custody] == [
        "seized", "handed-over", "received", "examined",
    ]  # fmt: skip
    for view, known in ((laptop, 26_499), (usb, 11_500)):
        (done,) = view.examinations
        assert (done.findings, done.items, done.unprocessed) == (known, known, 0)
        assert done.total > known * 1.2, "it lay among other files, deleted ones and free space"
        assert done.sha256_before == done.sha256_after
        assert (done.verdict, done.unread_bytes) == (Verdict.COMPLETE, 0)
        assert view.files, "the case shows them"
        assert {file.finding for file in view.files} == {FindingKind.LISTED}
        assert any(file.may_be_overwritten for file in view.files)
        assert any(file.path.endswith(".TXT") for file in view.files)
    assert (before["items"]["largest_case"], after["items"]["largest_case"]) == (38_000, 37_999)
    were, are = before["tables"]["outcomes"], after["tables"]["outcomes"]
    assert {
        values: count - were.get(values, (0, 0))[0]
        for values, (count, _) in are.items()
        if count != were.get(values, (0, 0))[0]
    } == {
        ("not-booked", "not-detained", "below-age"): -1,
        ("booked", "not-detained", "suspicion"): 1,
    }


def test_a_liaison_stopped_half_way_leaves_out_what_it_had_not_passed_on(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("TIPBRIDGE_RETRY_BASE_SECONDS", "0.01")
    monkeypatch.setenv("TIPBRIDGE_TICK_SECONDS", "0.5")
    population = some_of(draw(), 12)
    steps = list(Calendar(population.starts_on, population.ends_on, population.step_days).steps())
    half = len(steps) // 2
    with operation_of(population) as operation:
        for now in steps[:half]:
            operation.step(now)
        passed_on = operation.referred_accounts()
        operation.nodes[LIAISON.node_id].stop()
        for now in steps[half:]:
            operation.step(now, without=LIAISON.node_id)
        known = [p for p in population.people if (p.service, p.account) in passed_on]
        assert 0 < len(known) < len(population.people)
        assert figures(operation) == expected(replace(population, people=tuple(known)))

        operation.nodes[LIAISON.node_id].start()
        for node_id in (CLEARING.node_id, POLICE.node_id):
            wait_for_outbox(operation.nodes[node_id].node)
        first = steps[-1].date() + timedelta(days=population.step_days)
        later = Calendar(first, first + timedelta(days=170), population.step_days)
        for now in later.steps():
            operation.step(now)
        outcomes = figures(operation, until=later.ends_on)["tables"]["outcomes"]
        assert outcomes == expected(population)["tables"]["outcomes"]


def wait_for_outbox(node: Node):
    """Until every package that waited for the stopped node has been handed over."""
    deadline = monotonic_seconds() + 120
    while monotonic_seconds() < deadline:
        with open_work(node, WORKER) as work:
            states = work.db.execute(select(outbox.c.state)).scalars().all()
        if OutboxState.QUEUED.value not in states:
            return
        threading.Event().wait(0.2)
    raise AssertionError("the outbox did not empty")
