"""Index files are built for each list by itself: one that can't be built stops no other."""

import json

from structlog.testing import capture_logs

from tests.knowledge.hashes.lists import (
    activated,
    changed_behind_our_back,
    listed,
    loaded,
    opened,
)
from tests.knowledge.hashes.test_matching import MD5, PDQ, a_query, build, matched
from tests.nodes import add_staff
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions, indexes
from tipbridge.knowledge.hashes.files import actions as files
from tipbridge.knowledge.hashes.indexes import folder_of
from tipbridge.police.evidence.looking import begun_looking

HEAD = "kind,digest,mark"
MARKS = 65_537


def test_a_list_that_cannot_be_built_is_named_and_all_others_answer(node, monkeypatch) -> None:
    """Its entry has a digest of the wrong width, as after damage in the database."""
    listed(node, "a-broken", MD5)
    listed(node, "b-sound", HEAD, f"md5,{MD5},A1", f"pdq,{PDQ},B2")
    broken = "(SELECT id FROM hash_lists WHERE name = 'a-broken')"
    changed_behind_our_back(
        node, rf"UPDATE hash_list_entries SET digest = '\x0a0a' WHERE list_id = {broken}"
    )
    with capture_logs() as logs:
        assert build(node) == 1
        found = matched(node, a_query(md5=MD5), build=True)
        with open_work(node, WORKER) as work:
            assert begun_looking(work) == (True, ("a-broken",))
            sound = actions.find_list(work, "b-sound")
            assert files.list_in_effect(work, sound.id) is not None
    assert [[hit.list_name for hit in each.hits] for each in found.answers] == [["b-sound"]]
    assert found.not_searched == ("a-broken",)
    said = [each["list"] for each in logs if each["event"] == "index not built"]
    assert len(said) == 1, "it is not tried again with each question"
    changed_behind_our_back(
        node, rf"UPDATE hash_list_entries SET digest = '\x{MD5}' WHERE list_id = {broken}"
    )
    assert build(node) == 0
    later = indexes.monotonic_seconds() + indexes.RETRY_SECONDS
    monkeypatch.setattr(indexes, "monotonic_seconds", lambda: later)
    assert build(node) == 1
    assert matched(node, a_query(md5=MD5)).not_searched == ()


def test_a_list_may_have_as_many_marks_as_it_has_entries(node) -> None:
    analyst = opened(node, "marked")
    loaded(node, analyst, "marked", HEAD, f"md5,{1:032x},mark 1")
    changed_behind_our_back(
        node,
        f"""INSERT INTO hash_list_entries (list_id, kind, digest, mark, added_in)
            SELECT id, 'md5', decode(lpad(to_hex(n), 32, '0'), 'hex'), 'mark ' || n, 1
              FROM hash_lists, generate_series(2, {MARKS}) n""",
    )
    assert activated(node, "marked").entry_count == MARKS
    assert build(node) == 1
    numbers = (1, 256, MARKS - 1, MARKS)
    answers = matched(node, *(a_query(md5=f"{number:032x}") for number in numbers)).answers
    said = [hit.classification for each in answers for hit in each.hits]
    assert said == [f"mark {number}" for number in numbers]


def test_marks_that_are_gone_are_forgotten(node) -> None:
    """An entry has another mark in each version: none of them is kept beside the newest."""
    lines = [f"md5,{number:032x},A{number}" for number in range(1, 301)]
    listed(node, "national", HEAD, *lines)
    build(node)
    for number in range(5):
        loaded(node, add_staff(node, Role.ANALYST), "national", HEAD, f"md5,{1:032x},new {number}")
        activated(node, "national")
        build(node)
    assert words(node, 6) == [None, *sorted(f"A{number}" for number in range(1, 301)), "new 4"]
    fewer = [f"md5,{number:032x},B2" for number in range(1, 301)]
    loaded(node, add_staff(node, Role.ANALYST), "national", HEAD, *fewer)
    activated(node, "national")
    build(node)
    assert words(node, 7) == [None, "B2"]


def words(node: Node, version: int) -> list[str | None]:
    """The marks that the manifest of a version names for its MD5s."""
    with open_work(node, WORKER) as work:
        found = actions.find_list(work, "national")
    manifest = json.loads((folder_of(node, found.id, version) / "manifest.json").read_text())
    return manifest["parts"]["md5"]["words"]
