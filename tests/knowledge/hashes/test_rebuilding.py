"""Index files are held against the database, and rebuilt for every process that has them open."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tests.knowledge.hashes.lists import events, listed
from tests.knowledge.hashes.test_matching import HEAD, MD5, PDQ, a_query, build, matched
from tests.nodes import add_staff
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions, history
from tipbridge.knowledge.hashes.engine import near as near_files
from tipbridge.knowledge.hashes.indexes import folder_of

FOREIGN = "3c" * 32


def folder(node: Node) -> Path:
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        return folder_of(node, actions.find_list(work, "national").id, 1)


def faults(node: Node) -> list[str]:
    with open_work(node, add_staff(node, Role.AUDITOR)) as work:
        return [each.what for each in history.verify_lists(work).faults]


def known(node: Node) -> list[int]:
    """How many entries are found of the list's digest, its picture and a foreign picture."""
    answers = matched(node, a_query(md5=MD5), a_query(pdq=PDQ), a_query(pdq=FOREIGN)).answers
    return [len(each.hits) for each in answers]


def rebuilt(node: Node, name: str = "national") -> int:
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        return actions.rebuild_list(work, name=name)


@pytest.fixture
def national(node) -> Node:
    listed(node, "national", HEAD, f"md5,{MD5},A1,file 1,", f"pdq,{PDQ},B2,file 2,90")
    build(node)
    assert known(node) == [1, 1, 0]
    return node


def swap_in_foreign_files(at: Path, *, said: bool) -> None:
    """Other files in the place of those that were built; with `said`, the manifest names them."""
    path = at / "near"
    path.unlink()
    hashes = np.frombuffer(bytes.fromhex(FOREIGN), np.uint8).reshape(1, 32)
    near_files.build(path, hashes, np.zeros(1, np.uint32))
    manifest = json.loads((at / "manifest.json").read_text())
    if said:
        sums = manifest["parts"]["near"]["sums"]
        sums[""] = hashlib.sha256(path.read_bytes()).hexdigest()
    (at / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize("said", [False, True])
def test_foreign_files_are_found_and_a_process_that_has_them_open_goes_over_to_rebuilt_ones(
    national, said
) -> None:
    at = folder(national)
    swap_in_foreign_files(at, said=said)
    assert known(national) == [1, 0, 1], "this process has gone over to what lies there"
    (fault,) = faults(national)
    assert ("the database gives" if said else "not what was built") in fault
    assert build(national) == 0, "from outside they look like files of this version"
    assert rebuilt(national) == 2
    assert known(national) == [1, 1, 0]
    assert faults(national) == []
    assert {each.name for each in at.parent.iterdir()} == {"000001"}, "nothing is left over"
    (event,) = events(national, "hashes.list.rebuilt")
    assert event.facts == {"version": 1, "rows": 2}


def test_files_of_another_content_do_not_answer_and_are_built_again(national) -> None:
    """As after a data folder and a database of different days were put together."""
    manifest = json.loads((folder(national) / "manifest.json").read_text())
    manifest["content_sha256"] = "0" * 64
    (folder(national) / "manifest.json").write_text(json.dumps(manifest))
    assert any("other content" in what for what in faults(national))
    assert build(national) == 1
    assert known(national) == [1, 1, 0]
    assert faults(national) == []


def test_files_that_are_gone_go_on_in_a_process_that_has_them_open(national) -> None:
    at = folder(national)
    at.rename(at.with_name("moved"))
    assert known(national) == [1, 1, 0]
    at.with_name("moved").rename(at)


def test_only_a_list_in_effect_is_rebuilt(national) -> None:
    with pytest.raises(NotFound):
        rebuilt(national, "absent")
    with open_work(national, add_staff(national, Role.ANALYST)) as work:
        actions.add_list(work, name="empty", purpose="own-cases", owner="a made-up body")
    with pytest.raises(NotFound, match="in effect"):
        rebuilt(national, "empty")
