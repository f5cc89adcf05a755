"""An examination is on the page from before its first digest on, and each of its readings by name."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.images import Maker, bmp
from tests.police.evidence.test_actions import a_case, a_folder, an_exhibit
from tests.police.evidence.test_imaging import report
from tests.police.evidence.test_pages import page_client
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.disclosure.gathering import never_begun
from tipbridge.police.evidence import actions, begun, marking, passes
from tipbridge.police.evidence.errors import OutOfTurn
from tipbridge.police.evidence.examine_commands import told
from tipbridge.police.evidence.examining import examine_folder
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.marking import Progress
from tipbridge.police.evidence.model import CustodyKind
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.readings import Reading

MIB = 1024 * 1024
IN_KOREAN = {
    Reading.BEFORE: "분석 전 해시",
    Reading.LISTING: "항목 목록 작성",
    Reading.FILES: "항목 분석",
    Reading.AFTER: "분석 후 해시",
    Reading.LISTING_AFTER: "분석 후 목록 확인",
}


@pytest.fixture
def medium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick of a few megabytes whose digests say how far they are at each of them."""
    maker = Maker("ext2", tmp_path / "stick.img").make(4096)
    for number in range(10):
        maker.write(f"p{number}.bmp", bmp(number, 60_000))
    media = Reader.media
    monkeypatch.setattr(
        Reader, "media", lambda self, *names, tell=None: media(self, *names, tell=tell, every=MIB)
    )
    monkeypatch.setattr(marking, "MARK_SECONDS", 0.0)
    return maker.path


def test_the_marks_of_a_reading_are_one_line_of_the_cases_timeline(
    node: Node, medium: Path
) -> None:
    case_id = a_case(node)
    exhibit = an_exhibit(node, CONSOLE, case_id).id
    examine_image(node, CONSOLE, exhibit, image=medium, checkpoint_entries=1)
    with open_work(node, CONSOLE) as work:
        told_there = diary.read_diary(work, case_id)
    marks = [each for each in told_there.timeline if each.event == "evidence.reading.advanced"]
    assert 2 < len(marks) <= len(Reading)
    most = max(each.times for each in marks)
    assert most > 2
    assert all(each.since is not None for each in marks if each.times > 1)
    assert told_there.events == len(told_there.timeline)
    add_member(node, "reader", Role.INVESTIGATOR)
    page = browser(shell_app(node, routers=[case_pages.router]), language="ko")
    sign_in(page, "reader")
    assert f"부터 {most}회" in page.get(f"/cases/{case_id}/diary").text


def pages_while(node: Node, exhibit: str, run: Callable[[Callable[[Progress], None]], object]):
    """The page of progress at each word of an examination, by the reading it was at."""
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    shown: dict[Reading, list[str]] = {}

    def tell(progress: Progress) -> None:
        answer = page.get(f"/exhibits/{exhibit}/progress")
        assert answer.headers["refresh"] == "10"
        shown.setdefault(progress.at, []).append(answer.text)

    run(tell)
    assert "refresh" not in page.get(f"/exhibits/{exhibit}/progress").headers
    return shown


def test_the_page_names_each_reading_of_an_image_from_the_first_digest_on(
    node: Node, medium: Path
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    shown = pages_while(
        node,
        exhibit,
        lambda tell: examine_image(
            node, CONSOLE, exhibit, image=medium, tell=tell, checkpoint_entries=1
        ),
    )
    assert list(shown) == [Reading.BEFORE, Reading.LISTING, Reading.FILES, Reading.AFTER]
    for reading, texts in shown.items():
        for text in texts:
            assert f"<dd>{IN_KOREAN[reading]}</dd>" in text, reading
            assert str(medium) in text
    for reading in (Reading.BEFORE, Reading.AFTER):
        *_, last = shown[reading]
        assert f'max="{4 * MIB}" value="{4 * MIB}"' in last
        assert "초당 바이트" in last
        assert "남은 초" in last


def test_the_page_names_the_readings_of_a_folder(node: Node, tmp_path: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    root = a_folder(tmp_path / "phone", 4)
    shown = pages_while(
        node,
        exhibit,
        lambda tell: examine_folder(
            lambda: open_work(node, CONSOLE), exhibit, folder=root, tell=tell
        ),
    )
    assert list(shown) == [Reading.LISTING, Reading.FILES, Reading.LISTING_AFTER]
    for reading, texts in shown.items():
        assert f"<dd>{IN_KOREAN[reading]}</dd>" in texts[0]


def killed_at(node: Node, exhibit: str, image: Path, at: Reading) -> None:
    pid = os.fork()
    if not pid:

        def tell(progress: Progress) -> None:
            if progress.at is at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            node.engine.dispose(close=False)  # its connections are the parent's
            examine_image(node, CONSOLE, exhibit, image=image, tell=tell, checkpoint_entries=1)
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "it was ended, not refused"


def test_one_killed_in_any_reading_is_gone_on_with_by_its_id_to_the_same_report(
    node: Node, medium: Path
) -> None:
    case = a_case(node)
    whole = an_exhibit(node, CONSOLE, case, mark="whole").id
    examine_image(node, CONSOLE, whole, image=medium)
    for reading in (Reading.BEFORE, Reading.LISTING, Reading.FILES, Reading.AFTER):
        exhibit = an_exhibit(node, CONSOLE, case, mark=f"killed at {reading}").id
        killed_at(node, exhibit, medium, reading)
        with open_work(node, CONSOLE) as work:
            found = actions.read_progress(work, exhibit)
        ids = [each.begun.id for each in found.running] + [each.id for each in found.opened]
        told_at_begin: list[Progress] = []
        done = examine_image(node, CONSOLE, exhibit, image=medium, tell=told_at_begin.append)
        assert [done.id] == ids
        assert told_at_begin[0].at is Reading.BEFORE, "the whole medium is compared first"
        assert report(node, exhibit) == report(node, whole)
        with open_work(node, CONSOLE) as work:
            custody = actions.read_exhibit(work, exhibit).custody
        assert [each.kind for each in custody].count(CustodyKind.EXAMINED) == 1


def test_one_that_came_to_no_digest_is_given_up_and_told_of(node: Node, medium: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    killed_at(node, exhibit, medium, Reading.BEFORE)
    page = page_client(node, "lab", Role.INVESTIGATOR, Role.EXAMINER, language="ko")
    where = f"/exhibits/{exhibit}"
    with open_work(node, CONSOLE) as work:
        (opened,) = actions.read_exhibit(work, exhibit).opened
    assert f'value="{opened.id}"' in page.get(where).text
    form = {"examination": opened.id, "reason": "the stick broke"}
    assert page.post(f"{where}/give-up", data=form).status_code == 303
    assert page.post(f"{where}/give-up", data=form).status_code == 409
    text = page.get(where).text
    for word in ("중단된 분석", "the stick broke", "원본의 해시를 얻기 전에"):
        assert word in text
    with open_work(node, CONSOLE) as work:
        assert actions.read_progress(work, exhibit).opened == ()
        (left,) = actions.read_exhibit(work, exhibit).opened
        with pytest.raises(OutOfTurn):
            marking.keep_reading(work, left.id, "digest-before", bytes_read=1, size_bytes=2)
    said = never_begun(left)
    assert (said["given_up"]["reason"], said["sha256_before"]) == ("the stick broke", None)
    assert examine_image(node, CONSOLE, exhibit, image=medium).id != left.id


def test_what_was_given_up_during_its_first_digest_does_not_begin(node: Node, medium: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id

    def give_up(progress: Progress) -> None:
        if progress.at is Reading.BEFORE and not progress.bytes_read:
            with open_work(node, CONSOLE) as work:
                there = begun.open_medium(work, exhibit, source=str(medium))
            with open_work(node, CONSOLE) as work:
                passes.give_up_pass(work, exhibit, there.id, reason="not this one")

    with pytest.raises(OutOfTurn):
        examine_image(node, CONSOLE, exhibit, image=medium, tell=give_up)


def test_the_command_says_the_rate_of_what_it_read_itself() -> None:
    progress = Progress(
        bytes_read=900 * MIB, size_bytes=1000 * MIB, entries=3, findings=1, seconds=10,
        kept_before=800 * MIB,
    )  # fmt: skip
    assert told(progress) == (
        "entries: 900 of 1000 MiB, 3 entries, 1 findings, 10 MiB/s, 10 s left"
    )
    listing = Progress(
        bytes_read=0, size_bytes=9, entries=0, findings=0, seconds=1, at=Reading.LISTING
    )
    assert told(listing) == "listing"
