"""A version that changes little goes on with the files of the one before, and answers the same."""

import random
from pathlib import Path

import pytest

from tests.knowledge.hashes.lists import activated, listed, loaded
from tests.knowledge.hashes.test_matching import a_query, build, matched
from tests.nodes import add_staff
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions, history
from tipbridge.knowledge.hashes.indexes import folder_of, open_index
from tipbridge.knowledge.hashes.model import DigestKind, Mode

HEAD = "kind,digest,mark,item,quality"
ROWS = 300
"""Three changes of these stand beside."""


def sha1(number: int) -> str:
    return f"{random.Random(number).getrandbits(160):040x}"


def pdq(number: int) -> str:
    return f"{random.Random(number).getrandbits(256):064x}"


def lines(*numbers: int, mark: str = "A1") -> list[str]:
    return [
        f"{kind},{digest(number)},{mark},,"
        for number in numbers
        for kind, digest in (("sha1", sha1), ("pdq", pdq))
    ]


@pytest.fixture
def big(node) -> Node:
    listed(node, "national", HEAD, *lines(*range(ROWS)))
    build(node)
    return node


def change(node: Node, *numbers: int, mode: str = Mode.ADD, mark: str = "A1") -> None:
    """The next version: these entries added or removed, and built."""
    loaded(
        node, add_staff(node, Role.ANALYST), "national", HEAD, *lines(*numbers, mark=mark),
        mode=mode,
    )  # fmt: skip
    activated(node, "national")
    build(node)


def files(node: Node) -> tuple[Path, dict[str, int]]:
    """The folder of the version in effect, and which files on the disk its indexes are."""
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        found = actions.find_list(work, "national")
    assert found.active_version
    folder = folder_of(node, found.id, found.active_version)
    return folder, {name: (folder / name).stat().st_ino for name in ("sha1", "near")}


def known(node: Node, number: int) -> set[tuple[str, str | None, int]]:
    """By which kinds an entry is found, with what mark, in which version."""
    (answer,) = matched(node, a_query(sha1=sha1(number), pdq=pdq(number))).answers
    return {(hit.kind, hit.classification, hit.version) for hit in answer.hits}


def faults(node: Node) -> list[str]:
    with open_work(node, add_staff(node, Role.AUDITOR)) as work:
        return [each.what for each in history.verify_lists(work).faults]


def test_up_to_one_change_in_a_hundred_stands_beside_and_then_the_files_are_built_anew(big) -> None:
    _, first = files(big)
    change(big, 1_000)
    change(big, 5, mode=Mode.REMOVE)
    assert files(big)[1] == first, "no file was copied or written again"
    assert known(big, 1_000) == {("sha1", "A1", 3), ("pdq", "A1", 3)}
    assert known(big, 5) == set()
    assert known(big, 6) == {("sha1", "A1", 3), ("pdq", "A1", 3)}
    change(big, 1_001, 1_002)
    assert not set(files(big)[1].values()) & set(first.values()), "four changes in 300 are more"
    for number, there in ((1_000, 2), (1_001, 2), (5, 0), (6, 2)):
        assert len(known(big, number)) == there
    assert faults(big) == []


def test_another_mark_and_an_entry_that_comes_back_are_changes_like_others(big) -> None:
    _, first = files(big)
    change(big, 7, mark="B2")
    assert known(big, 7) == {("sha1", "B2", 2), ("pdq", "B2", 2)}
    assert files(big)[1] == first
    change(big, 7, mode=Mode.REMOVE)
    assert known(big, 7) == set()
    change(big, 7)
    assert known(big, 7) == {("sha1", "A1", 4), ("pdq", "A1", 4)}


def test_each_version_of_many_answers_as_its_content_says(big) -> None:
    rng = random.Random(11)
    there = set(range(ROWS))
    for step in range(5):
        if step % 2:
            gone = rng.sample(sorted(there), 2)
            change(big, *gone, mode=Mode.REMOVE)
            there -= set(gone)
        else:
            change(big, 2_000 + step)
            there.add(2_000 + step)
        with open_work(big, add_staff(big, Role.ANALYST)) as work:
            national = actions.find_list(work, "national")
        index = open_index(big, national, national.active_version or 0)
        assert index is not None
        for number in (*range(ROWS), *range(2_000, 2_006)):
            wanted = int(number in there)
            assert len(index.find(DigestKind.SHA1, bytes.fromhex(sha1(number))).rows) == wanted
            assert len(index.search(bytes.fromhex(pdq(number)), 31, 10).rows) == wanted
    assert faults(big) == []


@pytest.mark.parametrize(
    "ending", [".ids.npy", ".marks.npy", ".added.npy", ".added.ids.npy", ".removed.npy"]
)
def test_damage_to_any_file_beside_an_index_is_found_and_mended(big, ending: str) -> None:
    change(big, 1_000, mark="B1")
    change(big, 5, mode=Mode.REMOVE)
    folder, _ = files(big)
    path = folder / f"sha1{ending}"
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.unlink()  # the version before has another name for the same file
    path.write_bytes(damaged)
    assert any("index" in what for what in faults(big))
    path.unlink()
    assert any("index" in what for what in faults(big))
    assert build(big) == 1
    assert faults(big) == []
    assert known(big, 1_000) == {("sha1", "B1", 3), ("pdq", "B1", 3)}
