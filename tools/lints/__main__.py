"""Runs our own lints over every file that is committed or about to be: `python -m tools.lints`."""

import subprocess
import sys
from pathlib import Path

from tools.lints import ground, shape, words
from tools.lints.source import Finding, read_sources

TOP = Path(__file__).resolve().parents[2]


def committed(top: Path) -> list[str]:
    """The files that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=top,
        check=True,
        capture_output=True,
        text=True,
    )
    return sorted(path for path in listed.stdout.split("\0") if path)


def lint(top: Path, paths: list[str]) -> list[Finding]:
    """Everything the lints find in these files."""
    found = list(shape.missing_packages(paths))
    for source in read_sources(top, paths):
        for check in (ground.check, shape.check, words.check):
            found.extend(check(source))
        found.extend(words.own_place(source, top))
    return sorted(found)


def main() -> int:
    """Print the findings; 1 when there are any."""
    found = lint(TOP, committed(TOP))
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
