"""Which facts a timeline tells: named ones, and no number."""

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

import tipbridge.police
from tipbridge.police.cases.diary.telling import TOLD, facts_told

_UNTOLD = """
acts added age_resolved allowed asked back bad_bytes bad_ranges by bytes bytes_read cases changed cleared
corrected count deleted demands differing doubts due elsewhere ended_on entries exhibits facts faults files
files_shown findings fresh given here hits holds items kept kept_again kept_by_law keys labels left
lines members moved near needed noted notes opened overdue own page parts people photographs points
position problem processed proved questions reading referrals returned rows running sealed segments
size_bytes status taken_back tasks to total tries unfit unit unprocessed unread votes votes_against
votes_in_favour waiting was welfare whose year
"""
UNTOLD = frozenset(_UNTOLD.split())
"""Counts, what was said before, and what says who acted or which unit: not for every reader of a case."""


def recorded() -> Iterator[str]:
    """The name of every fact that the police wing records."""
    for path in Path(tipbridge.police.__path__[0]).rglob("*.py"):
        if "work.record(" in (source := path.read_text("utf-8")):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "work.record":
                    yield from (each.arg for each in node.keywords if each.arg is not None)


def test_of_every_fact_that_is_recorded_it_is_said_whether_a_timeline_tells_it() -> None:
    assert set(recorded()) - TOLD == UNTOLD


def test_a_timeline_tells_named_facts_and_no_number() -> None:
    facts = {"person": "a", "made": 3, "confirmed": True, "matches": "x", "why": None, "other": "b"}
    told = (("confirmed", "True"), ("other", "b"), ("person", "a"), ("why", "None"))
    assert facts_told(facts, hidden=()) == told
    assert facts_told(facts, hidden={"b"}) == tuple(each for each in told if each[0] != "other")
    numbers = dict.fromkeys(itertools.chain(TOLD, UNTOLD), 2)
    assert facts_told(numbers, hidden=()) == ()
