"""What every command shares: the node, who acts, and how an answer is printed."""

import dataclasses
import json
import sys
from collections.abc import Callable, Collection, Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, cast

import typer

from tipbridge.foundation.access import store
from tipbridge.foundation.access.actors import actor_of, console_actor
from tipbridge.foundation.base.actors import DOORKEEPER, Actor
from tipbridge.foundation.base.defanging import defang_text
from tipbridge.foundation.base.errors import Invalid, NotFound
from tipbridge.foundation.node import Node, load_settings, open_node
from tipbridge.foundation.storage.engine import open_database, open_engine
from tipbridge.foundation.storage.launcher import Server
from tipbridge.foundation.work import Work, open_work

DataOption = Annotated[
    Path, typer.Option("--data", envvar="TIPBRIDGE_DATA", help="The node's data folder.")
]
AsOption = Annotated[
    str | None, typer.Option("--as", help="Act as this member of staff.", show_default=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]

DoneAtOption = Annotated[
    str | None,
    typer.Option("--done-at", help="When it was done, such as 2014-03-01T09:00 (UTC); else now."),
]


def say_synthetic(*, synthetic: bool) -> None:
    """On standard error, for all that a synthetic node is about to print (house law 16)."""
    if synthetic:
        print("tipbridge: a synthetic node; nothing here is real", file=sys.stderr)


@contextmanager
def opened_node(data: Path) -> Generator[Node]:
    """The node in `data` with its database running; starts it for this command if need be."""
    with _opened(data) as (node, _):
        yield node


@contextmanager
def _opened(data: Path) -> Generator[tuple[Node, Server]]:
    load_settings(data)
    server = open_database(data)
    try:
        engine = open_engine(server.app_url, pool_size=2)
        try:
            yield open_node(data, engine), server
        finally:
            engine.dispose()
    finally:
        server.stop()


def acting(node: Node, as_: str | None) -> Actor:
    """Who types: the member of staff named, or the console.

    Errors: NotFound when nobody active has that name.
    """
    with open_work(node, DOORKEEPER) as work:
        if as_ is None:
            return console_actor(work.db, synthetic=node.synthetic)
        member = store.staff_by_username(work.db, as_)
        if member is None or not member.active:
            raise NotFound("active member of staff", as_)
        return actor_of(work.db, member)


@contextmanager
def command_work(data: Path, as_: str | None = None) -> Generator[Work]:
    """One unit of work for a command."""
    say_synthetic(synthetic=load_settings(data).synthetic)
    with opened_node(data) as node, open_work(node, acting(node, as_)) as work:
        yield work


@contextmanager
def acting_node(data: Path, as_: str | None = None) -> Generator[tuple[Node, Actor]]:
    """The node and who types, for a command of several units of work."""
    say_synthetic(synthetic=load_settings(data).synthetic)
    with opened_node(data) as node:
        yield node, acting(node, as_)


@contextmanager
def owner_work(data: Path, as_: str | None = None) -> Generator[tuple[Work, str]]:
    """One unit of work for a command, and the address of the database's owner."""
    say_synthetic(synthetic=load_settings(data).synthetic)
    with _opened(data) as (node, server), open_work(node, acting(node, as_)) as work:
        yield work, server.owner_url


def password_from_stdin(*, given: bool) -> str:
    """The password on standard input: never an argument, which others can see."""
    if not given:
        raise Invalid("Give the password on standard input, with --password-stdin.")
    return sys.stdin.readline().rstrip("\r\n")


def plain(value: object) -> object:
    """`value` as JSON can say it: dataclasses as objects, times in ISO form, bytes as hex."""
    match value:
        case str() | int() | float() | None:
            found = value
        case bytes():
            found = value.hex()
        case datetime() | date():
            found = value.isoformat()
        case dict():
            items = cast("dict[object, object]", value).items()
            found = {str(key): plain(item) for key, item in items}
        case set() | frozenset():
            found = sorted((plain(item) for item in cast("set[object]", value)), key=str)
        case list() | tuple():
            found = [plain(item) for item in cast("list[object]", value)]
        case _:
            found = _fields(value)
    return found


def _fields(value: object) -> object:
    if not dataclasses.is_dataclass(value):
        return str(value)
    return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}


def show(value: object, *, as_json: bool, ours: Collection[str] = ()) -> None:
    """Print an answer: JSON for scripts, indented lines for people.

    Shape: every web address in it is defanged, whoever typed it; but for the fields named in
    `ours`, which hold addresses of machines that we talk to.
    """
    found = _without_links(plain(value), ours)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for line in _lines(found, ""):
        print(line)


def _without_links(value: object, ours: Collection[str]) -> object:
    if isinstance(value, str):
        return defang_text(value)
    if isinstance(value, dict):
        items = cast("dict[str, object]", value).items()
        return {
            defang_text(name): item if name in ours else _without_links(item, ours)
            for name, item in items
        }
    if isinstance(value, list):
        return [_without_links(each, ours) for each in cast("list[object]", value)]
    return value


def show_as_it_comes(
    items: Iterable[object],
    *,
    field: str = "",
    rest: Callable[[], Mapping[str, object]] = dict[str, object],
) -> None:
    """Print a list as JSON, each item once it is there: by itself, or as `field` of an object.

    Shape: `rest` gives that object's other fields, after the last item. Names of the caller's own
    files stay as they are, for scripts.
    """
    margin = "\n    " if field else "\n  "
    print(f"{{\n  {json.dumps(field)}: [" if field else "[", end="")
    empty = True
    for item in items:
        text = json.dumps(plain(item), ensure_ascii=False, indent=2).replace("\n", margin)
        print(f"{'' if empty else ','}{margin}{text}", end="", flush=True)
        empty = False
    end = "" if empty else margin[:-2]
    if not field:
        print(f"{end}]")
        return
    print(f"{end}]", end="")
    for name, value in rest().items():
        text = json.dumps(plain(value), ensure_ascii=False, indent=2).replace("\n", "\n  ")
        print(f",\n  {json.dumps(name)}: {text}", end="")
    print("\n}")


def _lines(value: object, indent: str) -> Generator[str]:
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            if item and isinstance(item, dict | list):
                yield f"{indent}{key}:"
                yield from _lines(cast("object", item), indent + "  ")
            else:
                yield f"{indent}{key}: {_word(item)}"
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            first, *rest = list(_lines(item, "")) or [""]
            yield f"{indent}- {first}"
            yield from (f"{indent}  {line}" for line in rest)
    else:
        yield f"{indent}{_word(value)}"


def _word(value: object) -> str:
    if value is None or value in ([], {}):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
