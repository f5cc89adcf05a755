"""The command that erases now what the worker erases from time to time."""

from typing import Annotated

import typer

from tipbridge import pipeline
from tipbridge.foundation.storage.erasing import Erasure
from tipbridge.office import actions
from tipbridge.office.terminal import AsOption, DataOption, JsonOption, owner_work, show

group = typer.Typer(help="What was deleted, or never kept.", no_args_is_help=True)


@group.command("run")
def run_erasure(
    data: DataOption,
    *,
    leftovers: Annotated[
        bool,
        typer.Option("--leftovers", help="Remove sealed files that no row names; see the manual."),
    ] = False,
    as_: AsOption = None,
    json: JsonOption = False,
) -> None:
    """Take deleted text out of the database's files and log now; `up` does it by itself.

    Tables named under `put_off` were in use: run it again. What stands under `log` is left
    to whoever runs the server. `leftovers` counts groups of sealed files, older than a day,
    that no row names: their writer was cut off before anything was acknowledged.
    """
    with owner_work(data, as_) as (work, owner_url):
        done = actions.erase_text(work, owner_url=owner_url)
        found = pipeline.leftovers(work)
        for key_id in found if leftovers else ():
            work.node.vault.destroy_key(key_id)
            work.node.vault.remove(key_id)
    erased = done or Erasure()
    told: dict[str, object] = {
        "tables": erased.tables,
        "put_off": erased.put_off,
        "log": erased.log,
        "leftovers": len(found),
        "removed": len(found) if leftovers else 0,
    }
    show(told, as_json=json)
