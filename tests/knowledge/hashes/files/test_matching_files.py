"""Files against lists: by digests, near, turned, by frames and by what archives hold."""

import functools
import json

import pytest
from typer.testing import CliRunner

from tests.knowledge.hashes.files.made import archive, damaged, film, picture, turned, zipped
from tests.knowledge.hashes.lists import events, listed
from tests.knowledge.hashes.test_matching import build
from tests.nodes import add_staff
from tests.web.pages import add_member
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Forbidden, Invalid, NotFound
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.files import actions, commands
from tipbridge.knowledge.hashes.files.boxes import close_boxes
from tipbridge.knowledge.hashes.files.contents import FileHashes
from tipbridge.knowledge.hashes.files.reading import hash_batch, hash_file
from tipbridge.knowledge.hashes.indexes import indexes_of

HEAD = "kind,digest,mark,item,quality,frame"


def moved(pdq: bytes, bits: int) -> str:
    return f"{int.from_bytes(pdq) ^ ((1 << bits) - 1):064x}"


def pdq_of(box, data: bytes) -> bytes:
    found = hash_file(box, "a", data).itself.picture
    assert found
    return found.pdq


def frames_of(box, data: bytes):
    found = hash_file(box, "a", data).itself.video
    assert found
    return found.frames


@pytest.fixture
def known(node, box):
    """A list with a picture 10 bits away, a video's frames and one digest."""
    pdq = pdq_of(box, picture())
    frames = frames_of(box, film())
    listed(
        node, "national", HEAD, f"pdq,{moved(pdq, 10)},A1,file 1,90,",
        *(f"vpdq,{moved(each.pdq, 5)},A2,film 1,90,{each.number}" for each in frames),
        f"md5,{digest_bytes(b'words' * 9).md5},B1,file 2,,",
    )  # fmt: skip
    build(node)
    return node


def matched(node, box, *files: bytes, **how):
    hashed = [hash_file(box, str(number), data) for number, data in enumerate(files)]
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        return actions.match_files(work, hashed, **how)


def test_a_picture_is_matched_near_and_turned_within_the_radius(known, box) -> None:
    found = matched(known, box, picture(), turned(), picture(42))
    as_it_is, by_turn, none = (file.parts[0].hits for file in found.files)
    assert [(hit.by, hit.hit.distance_bits) for hit in as_it_is] == [("as-it-is", 10)]
    assert [hit.by for hit in by_turn] == ["turned"]
    assert by_turn[0].hit.distance_bits <= 31
    assert none == ()
    nearer = matched(known, box, picture(), radius=9)
    assert not nearer.files[0].hit
    (event, _) = events(known, "hashes.files.matched")
    assert event.facts == {"files": 3, "parts": 3, "hits": 2, "not_searched": 0}


def test_a_video_is_matched_by_its_frames_and_told_how_many(known, box) -> None:
    (hit,) = matched(known, box, film()).files[0].parts[0].hits
    frames = len(frames_of(box, film()))
    assert (hit.by, hit.hit.item, hit.hit.distance_bits) == ("frame", "film 1", 5)
    assert (hit.frames_matched, hit.frames_compared) == (frames, frames)


def test_members_of_archives_are_matched_by_path(known, box) -> None:
    (file,) = matched(known, box, archive()).files
    hit = {part.path: [each.hit.classification for each in part.hits] for part in file.parts}
    assert hit["a.jpg",] == ["A1"]
    assert hit["words.txt",] == ["B1"]
    assert hit["film.mp4",] == ["A2"]
    assert hit["in.zip", "deep.png"] == []
    assert [left.path for left in file.left_out] == [("cut.jpg",)]


def test_what_the_fast_lane_flags_is_hashed_again_and_the_report_says_so(node, box) -> None:
    large, other = picture(50, 1400), picture(51, 1400)
    pdq = pdq_of(box, large)
    listed(node, "national", moved(pdq, 31), kind="pdq")
    build(node)
    catalogue = indexes_of(node).catalogue()
    found = list(
        hash_batch(
            box, [("a", large), ("b", other)], fast=True,
            flagged=lambda each: actions.is_flagged(catalogue, each),
        )
    )  # fmt: skip
    assert [(each.again, each.itself.lane) for each in found] == [
        (True, "reference"),
        (False, "fast"),
    ]
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        told = actions.match_files(work, found)
    (hit,) = told.files[0].parts[0].hits
    assert (hit.hit.distance_bits, told.files[0].again, told.files[0].parts[0].lane) == (
        31, True, "reference",
    )  # fmt: skip
    assert told.files[1].parts[0].lane == "fast"


def fast_of(box, data: bytes) -> FileHashes:
    found = hash_file(box, "a", data, fast=True)
    assert found.itself.lane == "fast"
    return found


@pytest.mark.parametrize(
    ("bits", "radius", "flagged"),
    [
        (31 + actions.FAST_DRIFT_BITS, 31, True),
        (32 + actions.FAST_DRIFT_BITS, 31, False),
        (33 + actions.FAST_DRIFT_BITS, 33, True),  # as far as an index can be asked
        (34 + actions.FAST_DRIFT_BITS, 34, True),  # further: everything is looked at again
        (120, 34, True),
        (120, 47, True),
        (120, 33, False),
    ],
)
def test_what_may_be_a_match_is_flagged_up_to_radius_and_drift_and_beyond_the_index_always(
    node, box, bits, radius, flagged
) -> None:
    found = fast_of(box, large())
    picture_ = found.itself.picture
    assert picture_
    listed(node, "national", moved(picture_.pdq, bits), kind="pdq")
    build(node)
    catalogue = indexes_of(node).catalogue()
    turned_ = [int.from_bytes(each) for each in picture_.turned]
    there = int(moved(picture_.pdq, bits), 16)
    assert min((each ^ there).bit_count() for each in turned_) == bits
    assert actions.is_flagged(catalogue, found, radius=radius) is flagged


@functools.cache
def large() -> bytes:
    """A picture that the fast lane decodes at a quarter."""
    return picture(50, 1400)


def test_other_rooms_are_told_lists_and_classes_once(known, box) -> None:
    catalogue = indexes_of(known).catalogue()
    hashed = hash_file(box, "a", zipped({"a": picture(), "b": turned(), "c": film()}))
    found = actions.near_hits(catalogue.indexes, actions.likenesses_of(hashed))
    assert [(each.hit.list_name, each.hit.mark) for each in found] == [
        ("national", "A1"),
        ("national", "A2"),
    ]


@pytest.fixture
def console(known, monkeypatch) -> None:
    """Commands find the node's database; what is decoded needs a box beside."""
    url = known.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))


@pytest.fixture
def kernel_walls(console, monkeypatch):
    """The walls that start soonest; the box of this process ends with the test."""
    monkeypatch.setenv("TIPBRIDGE_BOX_WALLS", "kernel")
    yield
    close_boxes()


@pytest.fixture
def no_box(console, monkeypatch) -> None:
    """For words, which nothing decodes."""
    monkeypatch.setattr(commands, "box_of", lambda _: None)


def run(*words: str):
    found = CliRunner().invoke(cli, [*words])
    assert found.stdout, found.output
    return found.exit_code, json.loads(found.stdout)


def test_the_commands_hash_and_match_through_the_box(known, kernel_walls, tmp_path) -> None:
    for name, data in {"a.jpg": picture(), "a.zip": archive(), "n.png": picture(42)}.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "cut.jpg").write_bytes(damaged())
    data = ("--data", str(known.data))
    code, (told,) = run("hash", *data, str(tmp_path / "a.jpg"))
    assert code == 0
    assert told["parts"][0]["picture"]["quality"] == 100
    assert told["parts"][0]["digests"]["md5"] == digest_bytes(picture()).md5
    code, (told,) = run("hash", *data, str(tmp_path / "cut.jpg"))
    assert (code, told["left_out"][0]["reason"]) == (1, "undecodable")
    code, told = run("match", *data, str(tmp_path / "a.zip"))
    assert code == 0
    parts = {"/".join(part["path"]): part["hits"] for part in told["files"][0]["parts"]}
    assert parts["a.jpg"][0]["hit"]["distance_bits"] == 10
    assert run("match", *data, str(tmp_path / "a.zip"), "--radius", "4")[0] == 0  # words
    assert run("match", *data, str(tmp_path / "n.png"))[0] == 1
    assert run("match", *data, str(tmp_path / "cut.jpg"))[0] == 9


def test_more_files_than_one_unit_of_work_takes_are_matched_and_one_is_known(
    known, no_box, tmp_path
) -> None:
    paths = [tmp_path / f"{number}" for number in range(1_001)]
    for number, path in enumerate(paths):
        path.write_bytes(f"file {number}".encode())
    paths[700].write_bytes(b"words" * 9)
    code, told = run("match", "--data", str(known.data), *map(str, paths))
    assert code == 0
    assert [each["file"] for each in told["files"]] == [*map(str, paths)]
    assert [place for place, each in enumerate(told["files"]) if each["parts"][0]["hits"]] == [700]
    matched_ = events(known, "hashes.files.matched")
    assert [each.facts["files"] for each in matched_] == [100] * 10 + [1]


def test_what_can_not_be_read_is_a_line_of_its_own_and_the_others_are_told(
    known, no_box, tmp_path
) -> None:
    (tmp_path / "a").write_bytes(b"words" * 9)
    (tmp_path / "d").write_bytes(b"other words")
    (tmp_path / "folder").mkdir()
    paths = [str(tmp_path / name) for name in ("a", "none", "folder", "d")]
    unread = [("unreadable", "No such file or directory"), ("unreadable", "Is a directory")]
    for command, code in (("hash", 1), ("match", 0)):
        found, told = run(command, "--data", str(known.data), *paths)
        told = told["files"] if command == "match" else told
        assert (found, [each["file"] for each in told]) == (code, paths)
        left = [left for each in told for left in each["left_out"]]
        assert [(each["reason"], each["detail"]) for each in left] == unread
        assert [len(each["parts"]) for each in told] == [1, 0, 0, 1]
    assert run("match", "--data", str(known.data), *paths[1:])[0] == 9
    assert run("match", "--data", str(known.data), paths[3])[0] == 1


def test_what_can_not_be_asked_is_refused_before_any_file_is_read(
    known, console, monkeypatch
) -> None:
    add_member(known, "investigator-1", Role.INVESTIGATOR)
    read = list[object]()
    monkeypatch.setattr(commands, "hashed_paths", lambda *given: read.append(given))
    for how, refused in {
        ("--list", "absent"): NotFound,
        ("--radius", "48"): Invalid,
        ("--most", "0"): Invalid,
        ("--as", "investigator-1"): Forbidden,
    }.items():
        told = CliRunner().invoke(cli, ["match", "--data", str(known.data), *how, "a"])
        assert isinstance(told.exception, refused), how
        assert not read
        assert "files" not in told.stdout.splitlines()


def test_files_and_digests_are_told_in_one_document(known, no_box, tmp_path) -> None:
    (tmp_path / "a\u2028b").write_bytes(b"other words")
    data = ("--data", str(known.data))
    code, told = run("match", *data, str(tmp_path / "a\u2028b"), "--digest", "0" * 32)
    assert (code, {*told}) == (1, {"files", "not_searched", "answers"})
    assert told["files"][0]["file"] == str(tmp_path / "a\u2028b")
    words = digest_bytes(b"words" * 9).md5
    code, told = run("match", *data, "--digest", words)
    assert (code, {*told}) == (0, {"not_searched", "answers"})
    assert run("match", *data, str(tmp_path / "a\u2028b"), "--digest", words)[0] == 0


def test_a_triage_hashes_again_what_it_flags_and_says_what_had_a_first_look(
    known, kernel_walls, box, tmp_path
) -> None:
    listed(known, "large", moved(pdq_of(box, large()), 31), kind="pdq")
    build(known)
    files = {"known.jpg": large(), "new.jpg": picture(51, 1400), "film.mp4": film()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in files]
    code, told = run("match", "--triage", "--data", str(known.data), *paths)
    assert code == 0
    assert [(each["again"], each["parts"][0]["lane"]) for each in told["files"]] == [
        (True, "reference"),
        (False, "fast"),
        (True, "vpdq"),
    ]
    (hit,) = told["files"][0]["parts"][0]["hits"]
    assert hit["hit"]["distance_bits"] == 31
    assert run("match", "--triage", "--data", str(known.data), paths[1])[0] == 1


def test_a_first_look_at_a_film_and_at_one_in_an_archive_are_its_key_frames(box) -> None:
    for content in (film(), zipped({"film.mp4": film()})):
        looked = hash_file(box, "a", content, fast=True)
        assert [part.lane for part in looked.parts if part.video] == ["key-frames"]
        assert looked.is_first_look
