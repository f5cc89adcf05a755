"""The table of differences from other tools that the guide shows is the one that the tests hold."""

import re
from pathlib import Path

from tests.police.evidence import test_cross_tools
from tipbridge.police.evidence.reading.model import EntryFault

GUIDE = Path(__file__).parents[3] / "docs" / "examining.md"


def rows(heading: str) -> dict[str, str]:
    """A table of the guide, by what stands in its first column between backticks."""
    _, _, below = GUIDE.read_text("utf-8").partition("\n## Against other tools\n")
    section = below.partition("\n## ")[0]
    table = section.partition(f"| {heading} |")[2].partition("\n\n")[0]
    found = re.findall(r"^\| `(.+)` \| (.+) \|$", table, re.MULTILINE)
    return {name.replace("\\|", "|"): why for name, why in found}


def test_every_difference_stands_in_the_guide_with_its_reason_and_no_other() -> None:
    shown = rows("only on one side (a pattern of names) | why")
    assert shown == test_cross_tools.EXPLAINED


def test_every_difference_of_the_apfs_container_stands_in_the_guide() -> None:
    assert rows("of the APFS container") == test_cross_tools.APFS_EXPLAINED


def test_every_reason_for_no_digest_beside_icat_stands_in_the_guide() -> None:
    shown = rows("reason | what icat gives")
    assert set(shown) == {fault.value for fault in test_cross_tools.WITHOUT_DIGEST}
    assert set(shown) <= {fault.value for fault in EntryFault}
