"""A module's own source run again with each condition watched: what it was, true and false.

More than each branch: the sides of and/or count one by one.
"""

import ast
from pathlib import Path
from typing import Any

Seen = dict[tuple[str, int, int], set[bool]]
"""What each condition was, by its file, line and column."""


class _Watched(ast.NodeTransformer):
    """Wraps each condition in a call that remembers what it was; a default, as in `x or {}`, is none."""

    def visit(self, node: ast.AST) -> Any:
        wrapped = (
            isinstance(node, ast.Compare)
            or (isinstance(node, ast.BoolOp) and not _is_literal(node.values[-1]))
            or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        )
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            node.test = self._watch(node.test)
        if isinstance(node, ast.BoolOp):
            node.values = [
                value if _is_literal(value) else self._watch(value) for value in node.values
            ]
        if isinstance(node, ast.comprehension):
            node.ifs = [self._watch(test) for test in node.ifs]
        node = self.generic_visit(node)
        return self._watch(node) if wrapped and isinstance(node, ast.expr) else node

    @staticmethod
    def _watch(node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_was":
            return node
        place = ast.Tuple([ast.Constant(node.lineno), ast.Constant(node.col_offset)], ast.Load())
        return ast.Call(ast.Name("_was", ast.Load()), [place, node], [])


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict | ast.Tuple | ast.Constant)


def watched(module: Any, seen: Seen) -> dict[str, Any]:
    """The module's own source run again, each condition watched; none is lost by the wrapping."""

    def was(place: tuple[int, int], value: object) -> object:
        seen[Path(module.__file__).name, *place].add(bool(value))
        return value

    tree = ast.parse(Path(module.__file__).read_text("utf-8"))
    changed = ast.fix_missing_locations(_Watched().visit(tree))
    for node in ast.walk(changed):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_was":
            place = ast.literal_eval(node.args[0])
            seen[Path(module.__file__).name, *place]
    space: dict[str, Any] = {"_was": was, "__name__": f"{module.__name__}_watched"}
    exec(compile(changed, module.__file__, "exec"), space)
    return space
