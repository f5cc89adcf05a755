"""What is found on an exhibit is held against the node's other cases, as what was reported is."""

from collections.abc import Callable
from pathlib import Path

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts, part, taken
from tests.police.evidence.folders import examined as examined_in
from tests.police.evidence.test_actions import an_exhibit
from tests.police.folk import file_of
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import Part
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.asking import actions as asking
from tipbridge.police.cases.asking.model import Hit
from tipbridge.police.cases.model import IdentifierKind

MATERIAL, OWN = b"synthetic material", b"a letter of their own"


def reported(content: bytes) -> Part:
    """A part of a referral that reports this file."""
    digests = {"sha256": digest_bytes(content).sha256, "sha1": None, "md5": None}
    return part("files/0/digests", {**digests, "size_bytes": len(content)})


def examined(node: Node, case_id: str, folder: Path, *contents: bytes, sorted_: bool) -> None:
    """An exhibit of a case that holds such files is examined, and everything that follows done."""
    folder.mkdir()
    for number, content in enumerate(contents):
        (folder / f"{number}.bin").write_bytes(content)
    exhibit = an_exhibit(node, CONSOLE, case_id)
    with open_work(node, CONSOLE) as work:
        examined_in(work, exhibit.id, folder=folder, sorted_material=sorted_)
    run_followups(node)


def links(node: Node, case_id: str) -> set[tuple[str, IdentifierKind]]:
    """The other end and the kind of each link of a case."""
    return {(each.other_id, each.kind) for each in file_of(node, case_id).links}


def test_a_finding_links_the_cases_that_reported_it_or_found_it(node: Node, tmp_path: Path) -> None:
    reporting = taken(node, [*account_parts("a"), reported(MATERIAL)]).case_id
    first = taken(node, account_parts("b")).case_id
    examined(node, first, tmp_path / "first", MATERIAL, sorted_=True)
    assert links(node, first) == {(reporting, IdentifierKind.FILE)}
    second = taken(node, account_parts("c")).case_id
    examined(node, second, tmp_path / "second", MATERIAL, sorted_=True)
    assert links(node, second) == {
        (reporting, IdentifierKind.FILE),
        (first, IdentifierKind.FILE),
    }
    later = taken(node, [*account_parts("d"), reported(MATERIAL)]).case_id
    assert links(node, later) == {
        (each, IdentifierKind.FILE) for each in (reporting, first, second)
    }


def test_what_is_no_finding_is_looked_for_nowhere(node: Node, tmp_path: Path) -> None:
    reporting = taken(node, [*account_parts("a"), reported(OWN)]).case_id
    mine = taken(node, account_parts("b")).case_id
    examined(node, mine, tmp_path / "usb", OWN, sorted_=False)
    assert links(node, mine) == links(node, reporting) == set()


def test_who_asks_hears_of_a_finding_and_of_a_restricted_case_only_that_it_has_it(
    node: Node, staff: Callable[..., Actor], tmp_path: Path
) -> None:
    secret = taken(node, account_parts("a")).case_id
    examined(node, secret, tmp_path / "usb", MATERIAL, sorted_=True)
    with open_work(node, CONSOLE) as work:
        cases.restrict_case(work, secret, members=())
    outsider = staff(node, Role.INVESTIGATOR)
    mine = taken(node, [*account_parts("b"), reported(MATERIAL)]).case_id
    with open_work(node, outsider) as work:
        asking.ask_others(work, mine, grounds="The same file.")
    run_followups(node)
    view = file_of(node, mine, outsider)
    assert view.askings[0].asking.hits == (Hit(kind=IdentifierKind.FILE, unit_id=None),)
    assert view.links == ()
    assert [(n.about_case_id, n.kind) for n in file_of(node, secret).notices] == [
        (mine, IdentifierKind.FILE)
    ]
