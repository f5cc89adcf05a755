"""SQL, commits, clock, randomness and broad catches: each only where the house has a place."""

import ast
import re
from collections.abc import Iterator

from tools.lints.source import Finding, Source, dotted, imported_names

SQL_FILES = frozenset({"store.py", "tables.py"})
SQL_FOLDER = "store"  # a room's store that was split by what its statements are about
SQL_PLACES = (
    "foundation/storage",  # opens, migrates and scopes the database
    "foundation/jobs/queue.py",  # the queue's library speaks SQL by itself
)
SQL_TYPES = frozenset({"sqlalchemy.Connection", "sqlalchemy.Engine"})  # to pass on, not to ask
SQL_ERRORS = ("sqlalchemy.exc.",)  # translated where they enter
_SQL_CALLS = frozenset({"execute", "executemany", "exec_driver_sql", "scalar", "scalars"})
_SQL_TEXT = re.compile(
    r"\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(CREATE|ALTER|DROP)\s+"
    r"(TABLE|ROLE|POLICY|INDEX)|TRUNCATE|SET\s+LOCAL)\b",
    re.DOTALL,
)

COMMIT_PLACES = (
    "foundation/work.py",  # the one edge of a unit of work
    "foundation/storage",  # launcher and migrations, before there is a Work
    "foundation/audit/log.py",  # the sequencer's own transaction
    "foundation/audit/store.py",  # many works' events, each in its actor's name, in one
    "foundation/jobs/queue.py",  # the queue gives back stalled jobs by itself
)
_COMMIT_CALLS = frozenset({"commit", "rollback", "begin", "begin_nested"})

CLOCK_PLACES = ("foundation/base/clock.py",)
_CLOCK_CALLS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today"
    r"|time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|localtime|gmtime))$"
)
_CLOCK_IMPORTS = re.compile(r"time\.(time|monotonic|perf_counter)(_ns)?$")

RANDOM_PLACES = (
    "foundation/base/ids.py",  # the one door
    "foundation/identity",  # keys
    "foundation/storage/vault.py",  # keys
    "foundation/storage/launcher.py",  # the server's own passwords and names
    "demo",  # draws a made-up world from a seed
)
_RANDOM_IMPORTS = re.compile(r"(random|uuid|secrets)(\.|$)|os\.urandom$|numpy\.random")

EDGES = (
    "foundation/work.py",  # the unit of work: a lost answer to a commit is asked after
    "foundation/grouping.py",  # the group: nobody is answered what was not recorded
    "web/errors.py",  # the request
    "web/provider_gate.py",  # a provider's request, answered in its own protocol
    "up.py",  # the periodic work
    "foundation/jobs/queue.py",  # the job
    "cli/main.py",  # the command line
    "foundation/box/decoder.py",  # the task over a hostile file, in a process of its own
    "foundation/box/zygote.py",  # the warm process: the node is told why it can't start
    "foundation/storage/sealer.py",  # the cipher's thread: hands what happened to the writer
    "sharing/exchange/delivery.py",  # the call to a peer
)


def check(source: Source) -> Iterator[Finding]:
    """All rules of the ground, for one file of the product."""
    if not (source.in_package and source.is_python):
        return
    tree = source.tree()
    yield from sql(source, tree)
    yield from commits(source, tree)
    yield from clock(source, tree)
    yield from randomness(source, tree)
    yield from broad_catches(source, tree)


def sql(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """SQL stands in `store.py` or the files of `store/`, `tables.py` and migrations only."""
    in_store = source.path.name in SQL_FILES or source.path.parent.name == SQL_FOLDER
    if in_store or source.inside(*SQL_PLACES):
        return
    for line, name in imported_names(tree):
        if name.startswith(SQL_ERRORS) or name in SQL_TYPES:
            continue
        if name.split(".")[0] in {"sqlalchemy", "psycopg"}:
            yield source.finding(line, "sql", f"{name} belongs in store.py or tables.py")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _SQL_CALLS:
                yield source.finding(node.lineno, "sql", f".{node.func.attr}() belongs in store.py")
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and _SQL_TEXT.match(node.value)
        ):
            yield source.finding(node.lineno, "sql", "SQL text belongs in store.py")


def commits(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """A transaction begins and ends at the edge of a unit of work only."""
    if source.inside(*COMMIT_PLACES):
        return
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in _COMMIT_CALLS
        ):
            yield source.finding(
                node.lineno, "commit", f".{node.func.attr}() belongs to foundation/work.py"
            )


def clock(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """Nobody asks the machine for the time but `foundation/base/clock.py`."""
    if source.inside(*CLOCK_PLACES):
        return
    for line, name in imported_names(tree):
        if _CLOCK_IMPORTS.match(name):
            yield source.finding(line, "clock", f"{name}: take work.now or machine_now()")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _CLOCK_CALLS.search(dotted(node.func)):
            yield source.finding(
                node.lineno, "clock", f"{dotted(node.func)}(): take work.now or machine_now()"
            )


def randomness(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """Ids and random bytes come through `work.ids`; keys are made where keys are kept."""
    if source.inside(*RANDOM_PLACES):
        return
    for line, name in imported_names(tree):
        if _RANDOM_IMPORTS.match(name):
            yield source.finding(line, "random", f"{name}: take work.ids")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func) == "os.urandom":
            yield source.finding(node.lineno, "random", "os.urandom(): take work.ids")


def broad_catches(source: Source, tree: ast.Module) -> Iterator[Finding]:
    """Everything is caught at the edges only; elsewhere a catch-all must raise again."""
    if source.inside(*EDGES):
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.ExceptHandler) or not _is_broad(node.type):
            continue
        if not any(isinstance(inner, ast.Raise) and inner.exc is None for inner in node.body):
            yield source.finding(
                node.lineno, "catch", "a catch-all outside the edges must raise again"
            )


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(one) for one in caught.elts)
    return dotted(caught) in {"Exception", "BaseException"}
