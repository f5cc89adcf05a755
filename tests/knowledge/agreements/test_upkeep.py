"""Every clause of an agreement is kept by the program, or shown to people as theirs to keep."""

import dataclasses
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tipbridge
from tipbridge.cli.main import cli
from tipbridge.knowledge.agreements import clauses, model
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.templates import TEMPLATES, template_text
from tipbridge.knowledge.agreements.upkeep import PEOPLE, PROGRAM, for_people

_HOLDERS = {"terms.clauses", "terms.minimum_age", "agreement.terms"}
_TELLING = {
    "clausereading", "commands", "comparing", "contradicting", "checking", "document", "inputs",
    "pages", "reading", "sentences", "trying", "upkeep",
}  # fmt: skip
"""What reads, says, shows or keeps a document, and does nothing by it."""
_WITHIN = {"agreement": model.Agreement, "terms": model.Terms, "minimum_age": model.MinimumAge}


def _fields() -> set[str]:
    """Each field of the document, as `clause.field`; a clause that holds others is none itself."""
    kinds = [each.name for each in dataclasses.fields(clauses.Clauses)]
    held = {
        name: type(getattr(clauses.PLAIN, name))
        for name in kinds
        if dataclasses.is_dataclass(getattr(clauses.PLAIN, name))
    }
    every = {**_WITHIN, **held, "desk": clauses.Desk}
    names = {
        f"{name}.{each.name}" for name, kind in every.items() for each in dataclasses.fields(kind)
    }
    plain = {f"clauses.{name}" for name in kinds if name not in held}
    return (names - _HOLDERS) | plain


def test_each_clause_has_exactly_one_keeper() -> None:
    assert set() == PROGRAM & PEOPLE
    assert _fields() == PROGRAM | PEOPLE


@pytest.mark.parametrize("clause", sorted(PROGRAM))
def test_what_the_program_keeps_is_read_by_more_than_its_words(clause: str) -> None:
    """A clause that only the parser and the sentences know is kept by nobody."""
    root = Path(tipbridge.__file__).parent
    acting = (path for path in root.rglob("*.py") if path.stem not in _TELLING)
    kind, _, name = clause.partition(".")
    whole = re.compile(rf"\b({kind}|self)\.{name}\b" if kind == "terms" else rf"\b{kind}\.{name}\b")
    assert any(whole.search(path.read_text("utf-8")) for path in acting), clause


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_check_tells_what_people_keep(name: str, tmp_path: Path) -> None:
    file = tmp_path / "agreement.toml"
    file.write_text(template_text(name), "utf-8")
    said = CliRunner().invoke(cli, ["agreements", "check", str(file)])
    agreement, _ = load_agreement(file.read_bytes())
    lines = [str(line) for line in for_people(agreement)]
    assert lines[0].startswith("legal_basis: ")
    assert f"for people to keep, no rule does ({len(lines)})" in said.output
    assert all(line in said.output for line in lines)
