"""A bundle says that a list for named people only was looked into, or has a hit, and not which."""

import json
from pathlib import Path

import pytest

from tests.knowledge.hashes.lists import activated, loaded, opened
from tests.nodes import CONSOLE, add_staff
from tests.police.disclosure.test_actions import approve, examined_case, propose, write
from tests.police.disclosure.verdicts import both
from tests.police.evidence.images import bmp
from tests.police.evidence.test_images import sha256
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.police.disclosure.naming import UNNAMED, ListsTold
from tipbridge.tips.enrichment import sentences

HIT, SILENT = "list-of-a-hit", "list-without-one"


def with_lists(node: Node, handling: str) -> None:
    purposes = {HIT: "own-cases", SILENT: "victim-identification"}
    for name, digest in ((HIT, sha256(bmp(101))), (SILENT, "5" * 64)):
        loaded(node, opened(node, name, purposes[name], handling=handling), name, digest)
        activated(node, name)


def bundle(node: Node, folder: Path) -> Path:
    case = examined_case(node, folder)
    proposed = propose(
        node, add_staff(node, Role.INVESTIGATOR), case, recipient="HSI", purpose="other-agency"
    )
    for _ in range(2):
        approve(node, add_staff(node, Role.EXAMINER), proposed.id)
    return write(node, add_staff(node, Role.EXAMINER), proposed.id, folder / "bundle")


def told(folder: Path, word: str) -> list[str]:
    files = [each for each in folder.rglob("*") if each.is_file()]
    return [each.name for each in files if word.encode() in each.read_bytes()]


@pytest.mark.parametrize("handling", ["TLP:RED", "TLP:AMBER+STRICT"])
def test_a_list_for_named_people_is_in_no_file_of_a_bundle(
    node: Node, tmp_path: Path, handling: str
) -> None:
    with_lists(node, handling)
    folder = bundle(node, tmp_path)
    for word in (HIT, SILENT, "own-cases", "victim-identification"):
        assert told(folder, word) == []
    assert both(folder, node.keys.fingerprint) == []
    (done,) = json.loads((folder / "data/examinations.json").read_bytes())["examinations"]
    assert done["lists"] == [UNNAMED, "national"]
    (searched,) = done["searched"]
    said = [(each["list"], each["version"], each["purpose"]) for each in searched["lists"]]
    assert sorted(said, key=str) == sorted(
        [(UNNAMED, 1, None), (UNNAMED, 1, None), ("national", 1, "known-material")], key=str
    )
    assert all(len(each["sha256"]) == 64 for each in searched["lists"])
    lines = (folder / f"data/findings/{done['id']}.jsonl").read_bytes().splitlines()
    hits = [hit for line in lines for hit in json.loads(line)["hits"]]
    assert [each["list"] for each in hits] == ["national", UNNAMED]


def test_another_list_is_named(node: Node, tmp_path: Path) -> None:
    with_lists(node, "TLP:AMBER")
    folder = bundle(node, tmp_path)
    assert "examinations.json" in told(folder, HIT)
    assert "case.jsonld" in told(folder, SILENT)


def test_a_sentence_that_favours_names_no_such_list_either(node: Node) -> None:
    with_lists(node, "TLP:RED")
    with open_work(node, CONSOLE) as work:
        lists = ListsTold(hashes.all_lists(work))
    for form, more in ((sentences.EXACT, {}), (sentences.NEAR, {"bits": 9})):
        told = lists.sentence(form.format(lists=f"national, {HIT}", **more))
        assert HIT not in told
        own = form.format(lists="national", **more)
        assert lists.sentence(own) == own
    assert lists.sentence(sentences.SHARED) == sentences.SHARED
