"""What may not stand in committed text: figures of the operation, machines, addresses."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.lints.source import Finding, Source

COUNTED_PLACES = ("bulletin", "police", "tips", "sharing", "pipeline.py")
_FIGURES = re.compile(r"(?<![\w.#&])(33|74|117|28\.2|38[,_ ]?000|42[,_ ]?000)(?!\w|\.\d|[,_]\d)")
_MACHINE = re.compile(
    "|".join(
        (
            r"(?<![\w.])/root/\w",
            r"(?<![\w.])/home/(?!USER|you|user\b)\w",
            r"(?<![\w.])/Users/\w",
        )
    )
)
_REGISTRIES = re.compile(
    r"\b(pypi|files\.pythonhosted|registry\.npmjs|registry\.yarnpkg|deb\.debian)\.(org|com)\b"
)
_ADDRESS = re.compile(r"\b[a-z+]+://", re.IGNORECASE)
VENDORED = ("web/static/vendor",)
THIS_FILE = "tools/lints/words.py"
PLANTED = "tests/tools/test_lints.py"
_LOCKS = re.compile(r"\.lock$|(^|/)(package-lock|npm-shrinkwrap)\.json$|requirements.*\.txt$")


def check(source: Source) -> Iterator[Finding]:
    """All rules of words, for one text file."""
    if source.inside(*VENDORED) or str(source.path) in {THIS_FILE, PLANTED}:
        return
    yield from figures(source)
    yield from places(source)


def figures(source: Source) -> Iterator[Finding]:
    """The operation's figures are counted, never written."""
    if not source.inside(*COUNTED_PLACES):
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        for found in _FIGURES.finditer(line):
            yield source.finding(
                number, "figure", f"{found.group()} is a figure that must be counted, not written"
            )


def places(source: Source) -> Iterator[Finding]:
    """No path of a machine, no registry's host, and no address in a lock."""
    lock = _LOCKS.search(str(source.path)) is not None
    for number, line in enumerate(source.text.splitlines(), 1):
        if _MACHINE.search(line):
            yield source.finding(number, "machine", "names a path of somebody's machine")
        if _REGISTRIES.search(line):
            yield source.finding(number, "machine", "names a registry's host")
        if lock and _ADDRESS.search(line):
            yield source.finding(number, "lock", "a lock holds versions and hashes, no addresses")


def own_place(source: Source, top: Path) -> Iterator[Finding]:
    """No path of the machine that this runs on."""
    parent = top.resolve().parent
    if parent == Path(tempfile.gettempdir()):
        parent = top.resolve()  # a folder that every machine has says nothing of this one
    here = f"{parent}/"
    if len(here) <= len("/x/"):
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        if here in line:
            yield source.finding(number, "machine", "names a path of this machine")
