"""The command that examines what of an exhibit can be read: one source, or several."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.base.errors import Invalid, TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, acting_node, show
from tipbridge.police.evidence import clusters
from tipbridge.police.evidence.examining import examine_folder
from tipbridge.police.evidence.folder import is_archive
from tipbridge.police.evidence.imaging import Engine as ImageEngine
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.marking import Progress, Tell
from tipbridge.police.evidence.media_commands import FormOption
from tipbridge.police.evidence.model import Examination
from tipbridge.police.evidence.readings import LISTINGS, Reading
from tipbridge.police.evidence.sources.sniffing import Form


class Engine(StrEnum):
    """Where an image's files are digested. Closed."""

    LOCAL = "local"
    RAY = "ray"


def examine(
    data: DataOption,
    exhibit: Annotated[str, typer.Argument(metavar="ID", help="The exhibit's id.")],
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE...",
            help="Folders, archives, or images by their first files; they are only read.",
        ),
    ],
    *,
    sorted_material: Annotated[
        bool, typer.Option("--sorted", help="It holds only files sorted as material.")
    ] = False,
    engine: Annotated[
        Engine, typer.Option(help="Who digests an image's files: this machine or a Ray cluster.")
    ] = Engine.LOCAL,
    cluster: Annotated[
        str, typer.Option(help="The cluster's address; local: one on this machine for so long.")
    ] = clusters.LOCAL,
    form: FormOption = None,
    reason: Annotated[
        str | None, typer.Option(help="Why the chain of custody has a gap or an overlap here.")
    ] = None,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Read every file of a folder, an archive or an image once: digests, list hits, what can't be read.

    An examination that was stopped goes on where it was when it is typed again. With
    the engine ray each host must see the image at the same path, and gets a copy of the lists in
    effect. Of several sources each is examined by itself, in the order typed, or over a cluster side
    by side; one that is refused is named, and the rest goes on.
    """
    _check_once(sources)
    wanted = _Wanted(
        exhibit=exhibit,
        sorted_material=sorted_material,
        form=form,
        reason=reason,
    )
    far = clusters.joined(cluster, len(sources)) if engine is Engine.RAY else nullcontext()
    with acting_node(data, as_) as (node, actor), far as reached:
        if reached is not None:
            wanted = replace(wanted, engine=reached.reading)
        if len(sources) == 1:
            done, refused = [wanted.examined(node, actor, sources[0])], []
        else:
            at_once = 1 if reached is None else reached.at_once
            done, refused = _each(node, actor, wanted, sources, at_once=at_once)
    _show(done, alone=len(sources) == 1, as_json=json)
    if refused:
        raise refused[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What holds for every source that was named."""

    exhibit: str
    sorted_material: bool
    form: Form | None
    reason: str | None
    engine: ImageEngine | None = None

    def examined(
        self, node: Node, actor: Actor, source: Path, *, quiet: bool = False
    ) -> Examination:
        line = _Line()
        seen = sys.stderr.isatty() and not quiet
        try:
            return self._examined(node, actor, source, line if seen else None)
        finally:
            line.end()

    def _examined(
        self, node: Node, actor: Actor, source: Path, telling: Tell | None
    ) -> Examination:
        if source.is_dir() or (is_archive(source) and self.form is None):
            return examine_folder(
                lambda: open_work(node, actor),
                self.exhibit,
                folder=source,
                sorted_material=self.sorted_material,
                reason=self.reason,
                tell=telling,
            )
        return examine_image(
            node,
            actor,
            self.exhibit,
            image=source,
            sorted_material=self.sorted_material,
            reason=self.reason,
            tell=telling,
            form=self.form,
            engine=self.engine,
        )


def _each(
    node: Node, actor: Actor, wanted: _Wanted, sources: list[Path], *, at_once: int
) -> tuple[list[Examination], list[TipbridgeError]]:
    """What each source became, and what refused the others, which are named as they come."""

    def one(source: Path) -> Examination | TipbridgeError:
        try:
            return wanted.examined(node, actor, source, quiet=at_once > 1)
        except TipbridgeError as error:
            sys.stderr.write(f"{str(source)!a}: {error.public}\n")
            return error

    with ThreadPoolExecutor(at_once) as pool:
        ended = list(pool.map(one, sources))
    done = [each for each in ended if isinstance(each, Examination)]
    return done, [each for each in ended if isinstance(each, TipbridgeError)]


def _check_once(sources: list[Path]) -> None:
    """Errors: Invalid for a source that is named twice."""
    seen = set[Path]()
    for source in sources:
        if source.absolute() in seen:
            raise Invalid(f"{str(source)[:200]!a} is named twice; each source is examined once.")
        seen.add(source.absolute())


def _show(done: list[Examination], *, alone: bool, as_json: bool) -> None:
    for each in done:
        where = "" if alone else f"{each.source!a}: "
        for doubt in each.doubts:
            said = f"{each.verdict.value}: {doubt.kind.value}: {doubt.detail}"
            sys.stderr.write(f"{where}{said}\n")
    show(done[0] if alone else done, as_json=as_json)


class _Line:
    """Tells progress on one line of the terminal for each reading of the source."""

    def __init__(self) -> None:
        self._at: Reading | None = None

    def __call__(self, progress: Progress) -> None:
        end = "\n" if self._at not in {None, progress.at} else ""
        self._at = progress.at
        sys.stderr.write(f"{end}\r{told(progress)}\x1b[K")
        sys.stderr.flush()

    def end(self) -> None:
        if self._at is not None:
            sys.stderr.write("\n")


def told(progress: Progress) -> str:
    """How far a reading is, in words."""
    name = progress.at.value.replace("-", " ")
    if progress.at in LISTINGS:
        return name
    left = progress.seconds_left
    return (
        f"{name}: {progress.bytes_read >> 20} of {progress.size_bytes >> 20} MiB,"
        f" {progress.entries} entries, {progress.findings} findings,"
        f" {progress.bytes_per_second / 2**20:.0f} MiB/s,"
        f" {'?' if left is None else f'{left:.0f}'} s left"
    )
