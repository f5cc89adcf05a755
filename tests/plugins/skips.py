"""Turns every skip into a failure unless the committed list names what is missing and why."""

import fnmatch
import tomllib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

LIST = Path(__file__).parents[1] / "allowed_skips.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedSkip:
    """One line of the list: which tests, for want of what, and why that is tolerable."""

    tests: str
    missing: str
    reason: str


def read_list(path: Path = LIST) -> tuple[AllowedSkip, ...]:
    """The committed list; an unknown or absent key is an error."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := set(document) - {"skip"}:
        raise ValueError(f"{path.name}: unknown keys {sorted(unknown)}; only [[skip]] is allowed")
    return tuple(AllowedSkip(**entry) for entry in document.get("skip", []))


def is_allowed(entries: tuple[AllowedSkip, ...], node_id: str, said: str) -> bool:
    """Whether a skip of `node_id` is listed and says itself what it misses."""
    return any(
        fnmatch.fnmatchcase(node_id, entry.tests) and entry.missing in said for entry in entries
    )


def _said(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr
    return str(text[2]) if isinstance(text, tuple) else str(text)


def _judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Fail a skip that nobody committed to."""
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    said = _said(report)
    if not is_allowed(read_list(), report.nodeid, said):
        report.outcome = "failed"
        report.longrepr = f"{said}\nThis skip is not in tests/{LIST.name}."


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Judge each test's report after every other plugin has had its say."""
    report = yield
    _judge(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Judge whole files skipped while collecting, which xdist would not report at all."""
    report = yield
    _judge(report)
    return report
