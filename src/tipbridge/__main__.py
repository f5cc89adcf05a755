"""The whole program: the rooms' commands and the demo's."""

from tipbridge.cli.main import cli, run
from tipbridge.demo.commands import demo

cli.command("demo")(demo)


def main() -> None:
    """Run a command of `tipbridge`."""
    run()


if __name__ == "__main__":
    main()
