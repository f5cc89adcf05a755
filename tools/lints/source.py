"""A file under lint, and a finding in one."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PACKAGE = PurePosixPath("src/tipbridge")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One place that breaks a rule of the house."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        """As editors and people read it."""
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One text file: its path from the top of the repository, and its text."""

    path: PurePosixPath
    text: str

    def inside(self, *places: str) -> bool:
        """Whether this file is, or lies under, one of these places of the package."""
        return any(
            self.path == PACKAGE / place or self.path.is_relative_to(PACKAGE / place)
            for place in places
        )

    @property
    def in_package(self) -> bool:
        """Whether this file is part of the product."""
        return self.path.is_relative_to(PACKAGE)

    @property
    def is_python(self) -> bool:
        """Whether this is a Python file."""
        return self.path.suffix == ".py"

    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text, filename=str(self.path))

    def finding(self, line: int, rule: str, message: str) -> Finding:
        """A finding in this file."""
        return Finding(path=str(self.path), line=line, rule=rule, message=message)


def read_sources(top: Path, paths: list[str]) -> Iterator[Source]:
    """The text files among `paths`; what is not UTF-8 text is left out."""
    for path in paths:
        try:
            text = (top / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        yield Source(path=PurePosixPath(path), text=text)


def imported_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported name in full (`os.urandom` for `from os import urandom`), with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def dotted(node: ast.AST) -> str:
    """`a.b.c` for such an expression, else the last name of it."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else node.attr
    return ""
