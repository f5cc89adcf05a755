"""The program as its definitions and what they refer to, and which of them a page can reach.

Shape: a definition is a function, a class or a constant at the top of a module. Whatever one
names, in its body or a type, it refers to, so that a class brings its methods along. A store that
is called through a value is reached by that value's type.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

Place = tuple[str, str]
"""A definition: its module and its name there. A module's loose statements are named `""`."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """Every module below one package, by its full name."""

    modules: dict[str, ast.Module]

    @cached_property
    def definitions(self) -> dict[Place, list[ast.stmt]]:
        """Every definition, with all that define it."""
        found: dict[Place, list[ast.stmt]] = {}
        for module, tree in self.modules.items():
            for statement in tree.body:
                for name in _names_given(statement):
                    found.setdefault((module, name), []).append(statement)
        return found

    @cached_property
    def imports(self) -> dict[str, dict[str, Place]]:
        """What each module's names mean that it took from another one; `""` is the whole."""
        return {module: dict(self._taken(tree)) for module, tree in self.modules.items()}

    def meaning(self, module: str, expression: ast.expr) -> Place | None:
        """The definition that `name` or `module.name` stands for, if it is one of the program."""
        match expression:
            case ast.Name(id=name):
                if (module, name) in self.definitions:
                    return module, name
                return self.imports[module].get(name)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                there, whole = self.imports[module].get(name, ("", "none"))
                return (there, attribute) if not whole else None
            case _:
                return None

    def class_at(self, place: Place) -> ast.ClassDef | None:
        """The class of this name."""
        found = self.definitions.get(place, ())
        return next((each for each in found if isinstance(each, ast.ClassDef)), None)

    def reached(self, entries: Callable[[str], bool]) -> set[Place]:
        """All that the modules which are `entries` refer to, directly or further on."""
        waiting = [place for place in self.definitions if entries(place[0])]
        found: set[Place] = set()
        while waiting:
            place = waiting.pop()
            if place in found or place not in self.definitions:
                continue
            found.add(place)
            waiting.extend(self._referred(place))
        return found

    def _referred(self, place: Place) -> Iterator[Place]:
        for statement in self.definitions[place]:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name | ast.Attribute):
                    meant = self.meaning(place[0], node)
                    if meant is not None:
                        yield meant

    def _taken(self, tree: ast.Module) -> Iterator[tuple[str, Place]]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    is_module = whole in self.modules
                    meant = (whole, "") if is_module else (node.module, alias.name)
                    yield alias.asname or alias.name, meant


def read_program(source: Path, package: str, *, without: Iterable[str] = ()) -> Program:
    """The package in `source`, but for folders of these names."""
    modules: dict[str, ast.Module] = {}
    for path in sorted((source / package).rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        if not set(without) & set(parts):
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            modules[name] = ast.parse(path.read_text("utf-8"))
    return Program(modules=modules)


def _names_given(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [
                each.id for one in targets for each in ast.walk(one) if isinstance(each, ast.Name)
            ]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return [""]
