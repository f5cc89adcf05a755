"""Sizes, folders, and which file of a room may know which."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.lints.source import PACKAGE, Finding, Source, imported_names

FILE_LINES = 500
TEST_FILE_LINES = 600
FUNCTION_LINES = 60

PURE_FILES = frozenset({"model.py", "rules.py"})
_IMPURE = re.compile(
    r"(sqlalchemy|psycopg|fastapi|starlette|pydantic|logging|structlog|random|time|uuid|secrets"
    r"|os|subprocess|socket|pathlib|tipbridge\.foundation\.(storage|work|node|jobs|audit\.log)"
    r"|tipbridge\.foundation\.base\.clock"
    r"|tipbridge(\.\w+)+\.(store|tables|actions|api|pages|commands))(\.|$)"
)
DOORS = frozenset({"api", "pages", "commands", "jobs"})
OPEN_STORES = (
    "tipbridge.foundation.",  # the ground floor has no doors; its stores are its front
)
OPEN_RULES = (
    *OPEN_STORES,
    "tipbridge.knowledge.",  # knowledge is pure; its rules are what it is for
)
VALUES = frozenset({"tipbridge.foundation.storage.vault.Sealed"})  # a frozen value, no I/O
ROOM_DEPTH = 3  # tipbridge/WING/ROOM: deeper folders hold no rooms
IMPORT_PLACES = (
    "foundation/storage/migrations",  # the migration library loads by name
    "foundation/box/zygote.py",  # the warm process loads the tasks it was opened for, by name
    "cli/rooms.py",  # a word of the command line loads its room; this wing stands above them all
)


def check(source: Source) -> Iterator[Finding]:
    """All rules of shape, for one Python file."""
    if not source.is_python:
        return
    tree = source.tree()
    yield from sizes(source, tree)
    if source.in_package:
        yield from purity(source, tree)
        yield from fronts(source, tree)
        yield from quiet_packages(source, tree)
        yield from hidden_imports(source, tree)


def sizes(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """A file and a function have a wall."""
    wall = TEST_FILE_LINES if source.path.parts[0] == "tests" else FILE_LINES
    lines = len(source.text.splitlines())
    if lines > wall:
        yield source.finding(1, "size", f"{lines} lines; a file has at most {wall}")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield source.finding(
                    node.lineno,
                    "size",
                    f"{node.name} has {length} lines; a function has at most {FUNCTION_LINES}",
                )


def purity(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """`model.py` and `rules.py` know no database, door, log, clock or chance."""
    if source.path.name not in PURE_FILES:
        return
    for line, name in imported_names(tree):
        if _IMPURE.match(name) and name not in VALUES:
            yield source.finding(line, "pure", f"{source.path.name} may not know {name}")


def fronts(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """Another room is entered by its model, errors, actions or tables; inside, order holds."""
    own = _room(_module(source.path.parent))
    role = "store" if source.path.parent.name == "store" else source.path.stem
    for line, name in imported_names(tree):
        found = re.fullmatch(r"(tipbridge(?:\.\w+)+)\.(store|rules)(?:\.\w+)?", name)
        if found is None:
            continue
        room, part = _room(found[1]), found[2]
        if room != own and not room.startswith(OPEN_STORES if part == "store" else OPEN_RULES):
            yield source.finding(line, "front", f"{name}: another room's {part} is its own")
        elif room == own and (role, part) in {("store", "rules"), ("rules", "store")}:
            yield source.finding(line, "front", "store and rules do not see each other")
        elif room == own and part == "store" and role in DOORS:
            yield source.finding(line, "front", "a door calls actions, never the store")


def _room(module: str) -> str:
    """The room that a module is of: a folder below it is a part of the same room."""
    return ".".join(module.split(".")[:ROOM_DEPTH])


def quiet_packages(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """An `__init__.py` imports nothing: import contracts do not look inside a wing's own."""
    folder = source.path.parent.relative_to(PACKAGE.parent)
    if source.path.name == "__init__.py" and len(folder.parts) <= ROOM_DEPTH:
        for line, name in imported_names(tree):
            yield source.finding(line, "package", f"__init__.py may not import {name}")


def hidden_imports(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """No import by name at run time: import contracts cannot see it."""
    if source.inside(*IMPORT_PLACES):
        return
    for line, name in imported_names(tree):
        if name.startswith("importlib.import_module") or name in {"importlib", "runpy"}:
            yield source.finding(line, "import", f"{name} hides what is imported")
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"__import__", "eval", "exec"}
        ):
            yield source.finding(node.lineno, "import", f"{node.func.id}() hides what it does")


def missing_packages(paths: list[str]) -> Iterator[Finding]:
    """Every folder of the product with Python in it has an `__init__.py`."""
    files = {PurePosixPath(path) for path in paths}
    folders = {path.parent for path in files if path.suffix == ".py"}
    wanted = {
        folder
        for path in folders
        for folder in (path, *path.parents)
        if folder.is_relative_to(PACKAGE)
    }
    for folder in sorted(wanted):
        if folder / "__init__.py" not in files and folder.name != "versions":
            yield Finding(
                path=str(folder),
                line=1,
                rule="package",
                message="no __init__.py: unseen by contracts",
            )


def _module(folder: PurePosixPath) -> str:
    return ".".join(folder.relative_to(PACKAGE.parent).parts)
