"""The `demo` command."""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from tipbridge.demo.run import run_demo
from tipbridge.demo.scenario import Scale, Wish
from tipbridge.office.terminal import JsonOption


def demo(
    scale: Annotated[Scale, typer.Option(help="How many files people have.")] = Scale.DEFAULT,
    seed: Annotated[int | None, typer.Option(help="Draw other birthdays, dates and files.")] = None,
    people: Annotated[
        int | None, typer.Option(min=1, max=2000, help="Draw so many people.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the people drawn and the bulletin here.")
    ] = None,
    *,
    json: JsonOption = False,
) -> None:
    """The 2014 operation on three synthetic nodes of this machine.

    As JSON, the way there is told on standard error and no page stays up.
    """
    signal.signal(signal.SIGTERM, _end)
    wish = Wish(scale=scale, seed=seed, people=people)
    run_demo(wish, out=out, console=Console(stderr=json), as_json=json)


def _end(number: int, frame: FrameType | None) -> None:
    """Leave by the way of an exception, so that the nodes end and their folder goes."""
    del number, frame
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: nothing may cut the end short
    sys.exit(1)
