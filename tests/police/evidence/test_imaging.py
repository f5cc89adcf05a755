"""Images examined through the database: findings, accounts, and the same report every time."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.images import KIB, Maker, bmp, read, run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import KNOWN, sha256
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions, passes, reporting
from tipbridge.police.evidence.errors import CustodyBroken, NoImage, OutOfTurn, SourceChanged
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.marking import Progress
from tipbridge.police.evidence.model import FindingKind, Taking, Verdict
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.readings import Reading
from tipbridge.police.evidence.sources.opening import opened_image


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    maker = Maker("fat16", tmp_path_factory.mktemp("stick") / "stick.img").make()
    for number in range(40):
        maker.write(f"P{number:03}.BMP", bmp(100 + number))
    maker.write("COPY.BMP", bmp(100))
    maker.write("GONE.BMP", KNOWN)
    maker.remove("GONE.BMP")
    return maker.path


def report(node: Node, exhibit: str) -> list[dict[str, object]]:
    with open_work(node, CONSOLE) as work:
        return [json.loads(line) for line in reporting.read_report(work, exhibit).lines]


def test_what_is_known_is_found_and_the_source_is_what_it_was(node, medium: Path) -> None:
    listed(node, "known", sha256(bmp(100)), sha256(bmp(101)), sha256(KNOWN))
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    told = []
    done = examine_image(node, CONSOLE, exhibit.id, image=medium, tell=told.append)
    assert (done.findings, done.items, done.verdict) == (4, 3, Verdict.COMPLETE)
    assert done.sha256_before == done.sha256_after == sha256(medium.read_bytes())
    assert (done.medium_bytes, done.unread_bytes) == (medium.stat().st_size, 0)
    assert done.processed + done.unprocessed == done.total
    assert told[-1].bytes_read == told[-1].size_bytes
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit.id, findings_only=True)
    assert {file.finding for file in view.files} == {FindingKind.LISTED}
    (gone,) = [file for file in view.files if file.may_be_overwritten]
    assert gone.path == "volume/_ONE.BMP"
    assert not view.running
    first, *lines = report(node, exhibit.id)
    assert first["copies"] == {sha256(bmp(100)): 2}
    assert first["read_bytes"] == done.medium_bytes
    assert sum(line["is"] == "processed" for line in lines) == done.processed
    assert sum(line["is"] == "unprocessed" for line in lines) == done.unprocessed
    assert [line["may_be_overwritten"] for line in lines if line.get("finding")].count(True) == 1
    assert any(line["is"] == "moment" for line in lines)


def test_two_runs_and_a_stopped_one_give_the_same_report(node, medium: Path) -> None:
    listed(node, "known", sha256(bmp(100)))
    case = a_case(node)
    reports = []
    for mark in ("first", "second"):
        exhibit = an_exhibit(node, CONSOLE, case, mark=mark)
        examine_image(node, CONSOLE, exhibit.id, image=medium)
        reports.append(report(node, exhibit.id))
    stopped = an_exhibit(node, CONSOLE, case, mark="stopped")

    class Pulled(Exception):
        pass

    def pull(progress: Progress) -> None:
        if progress.at is Reading.FILES:
            raise Pulled

    for _ in range(2):
        with pytest.raises(Pulled):
            examine_image(node, CONSOLE, stopped.id, image=medium, tell=pull, checkpoint_entries=1)
    with open_work(node, CONSOLE) as work:
        (running,) = actions.read_exhibit(work, stopped.id).running
    assert running.reached is not None
    examine_image(node, CONSOLE, stopped.id, image=medium)
    reports.append(report(node, stopped.id))
    assert reports[0] == reports[1] == reports[2]
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, stopped.id)
    assert [event.kind.value for event in view.custody] == ["seized", "examined"]


def test_slack_of_zeros_is_said_together_and_other_slack_file_by_file(node, tmp_path: Path) -> None:
    maker = Maker("fat16", tmp_path / "slack.img").make()
    for number in range(6):
        maker.write(f"P{number:03}.BMP", bmp(300 + number, 700))
    slack = next(each.entry for each in read(maker.path) if "P003.BMP/$Slack" in each.entry.path)
    maker.patch(slack.first_byte, b"left over")
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=maker.path)
    lines = [line for line in report(node, exhibit.id) if line.get("place") == "slack"]
    told = {str(line["path"]).partition("@")[0]: line["size_bytes"] for line in lines}
    assert told == {"volume/P003.BMP/$Slack": 324, "volume/$Slack": 5 * 324}
    assert any("zeros behind 5 files" in str(line["path"]) for line in lines)
    assert (done.unread_bytes, done.verdict) == (0, Verdict.COMPLETE)


def test_a_case_that_had_an_item_before_is_named(node, medium: Path) -> None:
    listed(node, "known", sha256(bmp(100)))
    first, second = a_case(node), a_case(node)
    examine_image(node, CONSOLE, an_exhibit(node, CONSOLE, first).id, image=medium)
    later = an_exhibit(node, CONSOLE, second)
    examine_image(node, CONSOLE, later.id, image=medium)
    with open_work(node, CONSOLE) as work:
        number = actions.list_exhibits(work, case=first)[0].case_number
    found = [line for line in report(node, later.id) if line.get("finding")]
    assert {line["first_seen_in"] for line in found} == {number}
    with open_work(node, CONSOLE) as work:
        (earlier,) = actions.list_exhibits(work, case=first)
    given = report(node, earlier.id)
    assert {line["first_seen_in"] for line in given if line.get("finding")} == {None}
    third = an_exhibit(
        node, CONSOLE, second, mark="OLD", taking=Taking(at=earlier.seized_at - timedelta(days=1))
    )
    examine_image(node, CONSOLE, third.id, image=medium, reason="it lay in a cupboard")
    assert report(node, earlier.id) == given, "seized earlier, examined later: the report stays"
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, earlier.id)
        (late,) = {line.case_number for line in actions.list_exhibits(work, case=second)}
        since = reporting.read_report(work, earlier.id).known_since
    assert (view.first_seen, view.seen_since, since) == ({}, {sha256(bmp(100)): late}, 1)


def test_an_image_that_changed_is_not_gone_on_with(node, medium: Path, tmp_path: Path) -> None:
    image = tmp_path / "stick.img"
    image.write_bytes(medium.read_bytes())
    exhibit = an_exhibit(node, CONSOLE, a_case(node))

    def stop(progress: Progress) -> None:
        if progress.at is Reading.FILES:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        examine_image(node, CONSOLE, exhibit.id, image=image, tell=stop, checkpoint_entries=1)
    with image.open("r+b") as file:
        file.seek(3000 * KIB)
        file.write(b"\1")
    with pytest.raises(SourceChanged):
        examine_image(node, CONSOLE, exhibit.id, image=image)


def test_an_image_that_is_not_what_its_maker_wrote_down_is_altered(
    node, medium: Path, tmp_path: Path
) -> None:
    run("ewfacquire", "-q", "-u", "-S", "8MiB", "-d", "sha1", "-t", tmp_path / "set", medium)
    path = tmp_path / "set.E01"
    good = an_exhibit(node, CONSOLE, a_case(node))
    assert examine_image(node, CONSOLE, good.id, image=path).verdict is Verdict.COMPLETE
    _rewrite_stored(path)
    wrong = an_exhibit(node, CONSOLE, a_case(node))
    assert examine_image(node, CONSOLE, wrong.id, image=path).verdict is Verdict.ALTERED


def _rewrite_stored(path: Path) -> None:
    """Another stored digest under a checksum that is right."""
    import zlib

    image = bytearray(path.read_bytes())
    for name, length in ((b"digest\0", 80), (b"hash\0", 36)):
        at = image.rindex(name) + 76
        image[at] ^= 1
        body = bytes(image[at : at + length - 4])
        image[at + length - 4 : at + length] = zlib.adler32(body).to_bytes(4, "little")
    path.write_bytes(image)


def test_a_broken_image_is_finished_and_its_gaps_are_located(
    node, medium: Path, tmp_path: Path
) -> None:
    run(
        "ewfacquire", "-q", "-u", "-S", "8MiB", "-c", "deflate:none", "-t", tmp_path / "set", medium
    )
    path = tmp_path / "set.E01"
    image = bytearray(path.read_bytes())
    image[700_000] ^= 1
    path.write_bytes(image)
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=path)
    assert done.verdict is Verdict.INCOMPLETE
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit.id)
    assert sum(each.length for each in view.unread) == done.unread_bytes > 0
    assert "wrong-checksum" in {each.reason for each in view.unread}
    assert view.skipped_by_reason["unreadable"] >= 1


def test_a_pass_goes_on_in_one_place_only(node, medium: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=medium)
    with pytest.raises(OutOfTurn), open_work(node, CONSOLE) as work:
        passes.keep_found(work, done.id, [], position=99, bytes_read=0)
    begun = an_exhibit(node, CONSOLE, a_case(node))

    def other(progress: Progress) -> None:
        """Another program, which went on from the same place and came further."""
        if progress.at is not Reading.FILES:
            return
        with open_work(node, CONSOLE) as work:
            (running,) = actions.read_exhibit(work, begun.id).running
        assert running.reached is not None
        with pytest.raises(OutOfTurn), open_work(node, CONSOLE) as work:
            passes.keep_found(work, running.begun.id, [], position=running.reached.position + 5,
                              bytes_read=0)  # fmt: skip

    examine_image(node, CONSOLE, begun.id, image=medium, tell=other, checkpoint_entries=1)
    with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
        passes.finish_pass(work, "0" * 32, sha256_after="", unread=[])


def test_what_is_no_image_and_who_does_not_hold_it_is_refused(
    node, staff, medium: Path, tmp_path: Path
) -> None:
    officer, lab = staff(node, Role.INVESTIGATOR), staff(node, Role.EXAMINER)
    exhibit = an_exhibit(node, officer, a_case(node))
    with pytest.raises(NoImage):
        examine_image(node, lab, exhibit.id, image=tmp_path / "nothing")
    with pytest.raises(CustodyBroken):
        examine_image(node, lab, exhibit.id, image=medium)


def test_what_lies_nowhere_has_no_first_byte(node, tmp_path: Path) -> None:
    maker = Maker("ext4", tmp_path / "image").make()
    maker.write("n.bin", b"")
    run("debugfs", "-w", maker.path, "-R", "sif n.bin size 300000")
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    examine_image(node, CONSOLE, exhibit.id, image=maker.path)
    (line,) = [each for each in report(node, exhibit.id) if each.get("path") == "volume/n.bin"]
    assert (line["reason"], line["first_byte"]) == ("nothing-stored", None)


def test_a_digest_of_the_whole_medium_says_how_far_it_is(
    node, medium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size, read_at, told = medium.stat().st_size, list[int](), list[Progress]()
    with opened_image(medium) as image, Reader(image) as reader:
        reader.media("sha256", tell=read_at.append, every=1024 * KIB)
    assert read_at == list(range(1024 * KIB, size, 1024 * KIB))
    assert read_at
    media = Reader.media
    monkeypatch.setattr(
        Reader, "media", lambda self, *names, tell: media(self, *names, tell=tell, every=1024 * KIB)
    )
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    examine_image(node, CONSOLE, exhibit.id, image=medium, tell=told.append)
    in_turn = [Reading.BEFORE, Reading.LISTING, Reading.FILES, Reading.AFTER]
    assert list(dict.fromkeys(each.at for each in told)) == in_turn
    assert {each.size_bytes for each in told} == {size}
    assert told[-1].entries > 0, "what was kept is said during the last reading, too"
