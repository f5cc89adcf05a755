"""What is missing in the catalogues of refusals, as entries to be filled in: `python -m tools.refusals`."""

import sys
from pathlib import Path

from tools.refusals.catalogues import findings, needed_texts

TOP = Path(__file__).resolve().parents[2]


def main() -> int:
    """Print the findings; 1 when there are any."""
    found = findings(TOP, needed_texts(TOP), "ko")
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
