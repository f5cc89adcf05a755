"""Unknown pictures, films and members of archives: looked at in the box, near hits are no findings."""

import json
from pathlib import Path

import pytest

from tests.knowledge.hashes.files.made import archive, damaged, film, picture, turned
from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE, add_staff
from tests.police.evidence.folders import examined
from tests.police.evidence.images import Maker
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_imaging import report
from tests.tips.enrichment.test_likeness import HEAD, moved
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.beside import store as beside
from tipbridge.knowledge.hashes.files import boxes
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.folder import is_archive
from tipbridge.police.evidence.hits import Looked
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import Verdict

FILES = {
    "A.JPG": picture(),
    "TURNED.PNG": turned(),
    "OTHER.PNG": picture(77, form="PNG"),
    "CUT.JPG": damaged(),
    "FILM.MP4": film(),
    "ALL.ZIP": archive(),
    "WORDS.TXT": b"words" * 9,
    "GOOD.JPG": picture(78),
    "LISTED.JPG": picture(79),
}
DEEP = picture(41, form="PNG")


@pytest.fixture(scope="module", autouse=True)
def one_box():
    """The box of this process ends with the module."""
    yield
    boxes.close_boxes()


@pytest.fixture(autouse=True)
def kernel_walls(monkeypatch) -> None:
    """The walls that start soonest."""
    monkeypatch.setenv("TIPBRIDGE_BOX_WALLS", "kernel")


@pytest.fixture
def lists(node) -> None:
    """A picture 10 bits away, a film's frames 5 bits away, two digests, and one known good."""
    box = boxes.box_of(node.settings)
    image = hash_file(box, "a", picture()).itself.picture
    video = hash_file(box, "a", film()).itself.video
    assert image is not None
    assert video is not None
    listed(
        node, "national", HEAD, f"pdq,{moved(image.pdq, 10)},A1,file 1,90,",
        f"sha256,{sha256(DEEP)},A1,,,", f"sha256,{sha256(picture(79))},B2,,,",
        *(f"vpdq,{moved(each.pdq, 5)},A2,film 1,90,{each.number}" for each in video.frames),
    )  # fmt: skip
    listed(node, "systems", sha256(picture(78)), purpose="known-good")


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    maker = Maker("fat16", tmp_path / "stick.img").make()
    for name, data in FILES.items():
        maker.write(name, data)
    return maker.path


def by_name(lines: list[dict]) -> dict[str, dict]:
    return {
        str(line["path"]).removeprefix("volume/"): line
        for line in lines
        if line["is"] in {"processed", "unprocessed"}
    }


def hits(line: dict) -> list[tuple]:
    names = ("list", "class", "confidence", "by", "distance_bits")
    return [tuple(each[name] for name in names) for each in line["hits"]]


def check_files(found: dict[str, dict]) -> None:
    near = [("national", "A1", "unvoted", "as-it-is", 10)]
    assert hits(found["A.JPG"]) == hits(found["ALL.ZIP!/a.jpg"]) == near
    assert found["A.JPG"]["finding"] is found["ALL.ZIP!/a.jpg"]["finding"] is None
    ((_, _, _, by, distance),) = hits(found["TURNED.PNG"])
    assert (by, 0 < distance <= 31) == ("turned", True)
    assert {hit[3:] for hit in hits(found["FILM.MP4"])} == {("frame", 5)}
    for name in ("ALL.ZIP!/in.zip!/deep.png", "LISTED.JPG"):
        assert found[name]["finding"] == "listed", name
        assert [hit[3:] for hit in hits(found[name])] == [("digest", 0)]
    assert [hits(found[name]) for name in ("OTHER.PNG", "WORDS.TXT", "GOOD.JPG")] == [[], [], []]
    looked = {name: found[name]["looked"] for name in FILES}
    assert looked == {
        "A.JPG": "compared", "TURNED.PNG": "compared", "OTHER.PNG": "compared",
        "CUT.JPG": "not-compared", "FILM.MP4": "compared", "ALL.ZIP": "compared",
        "WORDS.TXT": "nothing", "GOOD.JPG": "known-good", "LISTED.JPG": "known",
    }  # fmt: skip
    cut = found["ALL.ZIP!/cut.jpg"]
    assert cut["looked"] == "not-compared"
    assert cut["look_reasons"][0].startswith("picture: ")
    assert found["ALL.ZIP!/in.zip!/deep.png"]["place"] == "member"


def test_an_images_unknown_files_are_compared_and_near_is_no_finding(
    node, lists, medium: Path
) -> None:
    case = a_case(node)
    exhibit = an_exhibit(node, CONSOLE, case)
    before = sha256(medium.read_bytes())
    done = examine_image(node, CONSOLE, exhibit.id, image=medium)
    assert sha256(medium.read_bytes()) == before
    lines = report(node, exhibit.id)
    check_files(by_name(lines))
    assert (done.findings, done.items, done.verdict) == (2, 2, Verdict.COMPLETE)
    assert (done.near, done.not_compared) == (5, 2)
    counted = [line["is"] for line in lines]
    assert counted.count("processed") == done.processed
    assert counted.count("processed") + counted.count("unprocessed") == done.total
    counted_hits = json.loads(json.dumps(lines[0]["hits"]))
    near = {"list": "national", "class": "A1", "confidence": "unvoted", "is": "near", "files": 3}
    assert near in counted_hits
    again = an_exhibit(node, CONSOLE, case, mark="again")
    examine_image(node, CONSOLE, again.id, image=medium)
    assert report(node, again.id) == lines
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit.id)
    assert {file.path for file in view.near} == {
        f"volume/{name}"
        for name in ("A.JPG", "TURNED.PNG", "FILM.MP4", "ALL.ZIP!/a.jpg", "ALL.ZIP!/film.mp4")
    }


def test_a_folders_unknown_files_are_compared_as_well(node, lists, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    with open_work(node, CONSOLE) as work:
        done = examined(work, exhibit.id, folder=folder)
    check_files(by_name(report(node, exhibit.id)))
    assert (done.findings, done.near, done.not_compared) == (2, 5, 2)
    assert done.processed + done.unprocessed == done.total


def test_an_archive_is_a_source_by_itself(node, lists, tmp_path: Path) -> None:
    path, beside_it = tmp_path / "seized.zip", tmp_path / "beside.jpg"
    path.write_bytes(archive())
    beside_it.write_bytes(picture(1))
    assert is_archive(path)
    assert not is_archive(beside_it)
    assert not is_archive(tmp_path)
    exhibit = an_exhibit(node, CONSOLE, a_case(node), kind="account-export")
    with open_work(node, CONSOLE) as work:
        done = examined(work, exhibit.id, folder=path)
    found = by_name(report(node, exhibit.id))
    assert found["seized.zip!/in.zip!/deep.png"]["finding"] == "listed"
    assert all(name.startswith("seized.zip") for name in found)
    assert done.source == str(path)
    assert done.processed + done.unprocessed == done.total


def test_what_votes_say_of_an_entry_stands_with_its_hit(node, lists, medium: Path) -> None:
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        (list_id,) = work.db.exec_driver_sql(
            "SELECT id FROM hash_lists WHERE name = 'national'"
        ).scalars()
        place = (list_id, DigestKind.SHA256, bytes.fromhex(sha256(picture(79))))
        beside.note_vote(
            work.db,
            place,
            voter="person:1",
            affirmative=False,
            reason=None,
            at=work.now,
            pushed=True,
        )
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    examine_image(node, CONSOLE, exhibit.id, image=medium)
    found = by_name(report(node, exhibit.id))
    assert hits(found["LISTED.JPG"]) == [("national", "B2", "disputed", "digest", 0)]


def test_without_a_list_of_pictures_nothing_is_decoded_and_that_is_said(node, medium: Path) -> None:
    listed(node, "known", sha256(DEEP))
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=medium)
    found = by_name(report(node, exhibit.id))
    assert {found[name]["looked"] for name in ("A.JPG", "FILM.MP4")} == {Looked.NO_LIST.value}
    assert found["ALL.ZIP!/in.zip!/deep.png"]["finding"] == "listed"
    assert (done.findings, done.near) == (1, 0)
    assert json.dumps(found["ALL.ZIP"]["look_reasons"]) == "[]"
