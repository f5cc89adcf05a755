"""The whole program, the demo too, for `python -m tipbridge`."""

from tipbridge.cli.main import cli, run
from tipbridge.cli.rooms import COMMANDS

__all__ = ["cli", "main"]

COMMANDS["demo"] = "demo.commands:demo"


def main() -> None:
    """Run a command of `tipbridge`."""
    run()


if __name__ == "__main__":
    main()
