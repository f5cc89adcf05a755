"""Disclosures through the actions: from an examined image to a bundle that anybody can check."""

import json
import shutil
from pathlib import Path

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE, add_staff, add_unit
from tests.police.disclosure.verdicts import both
from tests.police.evidence.images import Maker, bmp
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tipbridge.foundation.audit.log import sequence
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Forbidden, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.numbers import actions as numbers
from tipbridge.police.disclosure import actions
from tipbridge.police.disclosure.errors import ContentChanged, NotApproved, OwnProposal
from tipbridge.police.disclosure.folder import write_folder
from tipbridge.police.disclosure.graph import actions_without_record
from tipbridge.police.disclosure.model import Disclosure, DisclosureLine
from tipbridge.police.evidence import actions as evidence
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.marking import Progress
from tipbridge.police.evidence.readings import Reading


def examined_case(node: Node, folder: Path) -> str:
    """A case with a stick that was examined and holds one known picture, and one exhibit more."""
    maker = Maker("fat12", folder / "stick.img").make()
    maker.write("P000.BMP", bmp(100))
    maker.write("P001.BMP", bmp(101))
    listed(node, "national", sha256(bmp(100)))
    case = a_case(node)
    with open_work(node, CONSOLE) as work:
        numbers.add_foreign_number(work, case, agency="us.hsi", number="HSI-77")
    stick = an_exhibit(node, CONSOLE, case, mark="E1", identifiers="serial 7")
    an_exhibit(node, CONSOLE, case, mark="E2", description="a phone")
    examine_image(node, CONSOLE, stick.id, image=maker.path)
    sequence(node.engine, node.id, node.sign_checkpoint)
    return case


def propose(node: Node, actor: Actor, case: str, **chosen: object) -> Disclosure:
    values = {"recipient": "Example District Court", "purpose": "court"} | chosen
    with open_work(node, actor) as work:
        return actions.propose_disclosure(work, case, **values)


def approve(node: Node, actor: Actor, disclosure_id: str) -> DisclosureLine:
    with open_work(node, actor) as work:
        return actions.approve_disclosure(work, disclosure_id)


def write(node: Node, actor: Actor, disclosure_id: str, folder: Path) -> Path:
    with open_work(node, actor) as work:
        files = actions.write_disclosure(work, disclosure_id)
    write_folder(folder, files)
    return folder


def test_an_examined_stick_leaves_for_court_once_two_people_approve(
    node: Node, tmp_path: Path
) -> None:
    case = examined_case(node, tmp_path)
    one, two = add_staff(node, Role.INVESTIGATOR), add_staff(node, Role.EXAMINER)
    proposer = add_staff(node, Role.INVESTIGATOR)
    proposed = propose(node, proposer, case)
    with pytest.raises(OwnProposal, match="two other people"):
        approve(node, proposer, proposed.id)
    with pytest.raises(NotApproved, match="2 people must approve exactly this content; 0 did"):
        write(node, one, proposed.id, tmp_path / "early")
    for _ in range(2):  # a second time by the same person adds nothing
        assert len(approve(node, one, proposed.id).approvals) == 1
    with pytest.raises(NotApproved, match="1 did"):
        write(node, one, proposed.id, tmp_path / "early")
    assert len(approve(node, two, proposed.id).approvals) == 2
    folder = write(node, two, proposed.id, tmp_path / "bundle")
    assert not (tmp_path / "early").exists()
    assert both(folder, node.keys.fingerprint) == []

    def said(name: str):
        return json.loads((folder / "data" / name).read_bytes())

    assert said("case.json")["case"]["numbers"][1] == ["us.hsi", "HSI-77"]
    (done,) = said("examinations.json")["examinations"]
    medium = done["medium"]
    assert medium["digests"]["sha256"] == done["sha256_before"]
    assert [*map(len, medium["digests"].values())] == [32, 40, 64]
    (finding,) = (folder / "data" / "findings" / f"{done['id']}.jsonl").read_text().splitlines()
    assert json.loads(finding)["sha256"] == sha256(bmp(100))
    assert json.loads(finding)["lists"] == ["national"]
    (hit,) = json.loads(finding)["hits"]
    assert (hit["list"], hit["by"], hit["distance_bits"]) == ("national", "digest", 0)
    assert (folder / "data" / "near" / f"{done['id']}.jsonl").read_bytes() == b""
    (found,) = [
        node["uco-core:hasFacet"][0]["uco-observable:filePath"]
        for node in said("case.jsonld")["@graph"]
        if any("filePath" in name for facet in node.get("uco-core:hasFacet", ()) for name in facet)
    ]
    assert found == json.loads(finding)["path"]
    assert said("referrals.json") == []
    assert [event["kind"] for event in said("custody.json")] == ["seized", "examined", "seized"]
    quoted = [json.loads(entry["entry"])["event"] for entry in said("audit.json")["entries"]]
    assert {"evidence.exhibit.added", "evidence.pass.finished"} <= set(quoted)
    assert not list(actions_without_record(said("case.jsonld")))
    limits = [
        node["uco-core:description"]
        for node in said("case.jsonld")["@graph"]
        if node["@type"] == "uco-tool:Tool"
    ]
    assert any("pieces are not found" in each for each in limits[0])
    assert bmp(100)[60:90] not in b"".join(p.read_bytes() for p in folder.rglob("*.*"))
    with open_work(node, one) as work:
        (line,) = actions.list_disclosures(work, case=case)
    assert [each.written_by for each in line.written] == [two.id]
    again = write(node, one, proposed.id, tmp_path / "again")
    assert (again / "manifest-sha256.txt").read_bytes() == (
        folder / "manifest-sha256.txt"
    ).read_bytes()
    shutil.rmtree(folder)


@pytest.mark.parametrize("reading", [Reading.BEFORE, Reading.FILES])
def test_an_examination_that_was_not_finished_is_in_the_bundle(
    node: Node, tmp_path: Path, reading: Reading
) -> None:
    case = examined_case(node, tmp_path)
    with open_work(node, CONSOLE) as work:
        phone = next(each for each in evidence.list_exhibits(work, case=case) if each.mark == "E2")

    def stop(progress: Progress) -> None:
        if progress.at is reading:
            raise KeyboardInterrupt

    image = tmp_path / "stick.img"
    with pytest.raises(KeyboardInterrupt):
        examine_image(node, CONSOLE, phone.id, image=image, tell=stop, checkpoint_entries=1)
    proposed = propose(node, add_staff(node, Role.INVESTIGATOR), case)
    approvers = [add_staff(node, Role.INVESTIGATOR) for _ in range(2)]
    for each in approvers:
        approve(node, each, proposed.id)
    folder = write(node, approvers[0], proposed.id, tmp_path / "bundle")
    assert both(folder, node.keys.fingerprint) == []
    said = json.loads((folder / "data/examinations.json").read_bytes())
    (left,) = said["unfinished"]
    assert (left["exhibit_id"], left["source"]) == (phone.id, str(image))
    is_begun = reading is Reading.FILES
    assert (left["entries"] > 0, left["sha256_before"] is not None) == (is_begun, is_begun)
    assert left["id"] not in {each["id"] for each in said["examinations"]}


def test_what_changed_since_is_neither_approved_nor_written(node: Node, tmp_path: Path) -> None:
    case = examined_case(node, tmp_path)
    one, two = add_staff(node, Role.INVESTIGATOR), add_staff(node, Role.EXAMINER)
    proposed = propose(node, CONSOLE, case, marks=["E1"])
    for actor in (one, two):
        approve(node, actor, proposed.id)
    an_exhibit(node, CONSOLE, case, mark="E3")  # is not in it: nothing changes
    sequence(node.engine, node.id, node.sign_checkpoint)
    write(node, one, proposed.id, tmp_path / "bundle")
    exhibit = proposed.exhibit_ids[0]
    with open_work(node, CONSOLE) as work:
        evidence.return_exhibit(work, exhibit, to="somebody", reason="it goes back")
    with pytest.raises(ContentChanged):
        write(node, one, proposed.id, tmp_path / "other")
    with pytest.raises(ContentChanged):
        approve(node, two, proposed.id)
    later = propose(node, one, case, marks=["E1"])
    assert later.content_sha256 != proposed.content_sha256
    with pytest.raises(NotApproved, match="0 did"):
        write(node, one, later.id, tmp_path / "other")


def test_what_a_preview_shows_is_what_leaves(node: Node, tmp_path: Path) -> None:
    case = examined_case(node, tmp_path)
    proposed = propose(node, CONSOLE, case)
    with open_work(node, CONSOLE) as work:
        shown = actions.preview_disclosure(work, proposed.id)
    for actor in (add_staff(node, Role.INVESTIGATOR), add_staff(node, Role.EXAMINER)):
        approve(node, actor, proposed.id)
    folder = write(node, CONSOLE, proposed.id, tmp_path / "bundle")
    payload = {p.relative_to(folder).as_posix(): p for p in (folder / "data").rglob("*.*")}
    assert shown.keys() == payload.keys()
    assert all(payload[path].read_bytes() == data for path, data in shown.items())


def test_only_who_sees_the_case_proposes_sees_or_approves(node: Node, tmp_path: Path) -> None:
    north = add_unit(node, "north")
    case = examined_case(node, tmp_path)
    proposed = propose(node, CONSOLE, case)
    elsewhere = add_staff(node, Role.INVESTIGATOR, unit=north)
    with pytest.raises(NotFound):
        propose(node, elsewhere, case)
    with pytest.raises(NotFound):
        approve(node, elsewhere, proposed.id)
    with open_work(node, elsewhere) as work:
        assert actions.list_disclosures(work) == []
    with pytest.raises(Forbidden):
        approve(node, add_staff(node, Role.AUDITOR), proposed.id)
    with pytest.raises(Invalid, match="named member of staff"):
        approve(node, CONSOLE, proposed.id)


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"purpose": "curiosity"}, "purpose is one of: court"),
        ({"recipient": " "}, "A recipient has 1 to 200"),
        ({"marks": ["E9"]}, "no exhibit marked E9; it has: USB-1"),
    ],
)
def test_what_is_not_clear_is_not_proposed(node: Node, chosen: dict[str, object], why: str) -> None:
    case = a_case(node)
    with pytest.raises(Invalid, match="nothing to disclose"):
        propose(node, CONSOLE, case)
    an_exhibit(node, CONSOLE, case)
    with pytest.raises(Invalid, match=why):
        propose(node, CONSOLE, case, **chosen)
    with pytest.raises(NotFound):
        propose(node, CONSOLE, "2014-000999")
