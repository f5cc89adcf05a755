"""A folder's examination is kept in steps: what ends it costs one, and the report is the same."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.images import bmp
from tests.police.evidence.test_actions import a_case, a_folder, an_exhibit
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_imaging import report
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.disclosure.gathering import unfinished
from tipbridge.police.evidence import actions, passes
from tipbridge.police.evidence.doubts import DoubtKind
from tipbridge.police.evidence.errors import BegunOtherwise, SourceChanged
from tipbridge.police.evidence.examining import examine_folder
from tipbridge.police.evidence.marking import Progress
from tipbridge.police.evidence.model import CustodyKind, Examination, Verdict
from tipbridge.police.evidence.readings import Reading

STEP = 5


def examined(node: Node, exhibit: str, folder: Path, **how: Any) -> Examination:
    return examine_folder(
        lambda: open_work(node, CONSOLE), exhibit, folder=folder, step_files=STEP, **how
    )


def killed(node: Node, exhibit: str, folder: Path, steps: int) -> None:
    """Examine in a process that the kernel ends after so many steps."""
    pid = os.fork()
    if not pid:
        left = [None] * steps

        def tell(progress: Progress) -> None:
            if progress.at is Reading.FILES:
                left.pop()
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            node.engine.dispose(close=False)  # its connections are the parent's
            examined(node, exhibit, folder, tell=tell)
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "it was ended, not refused"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = a_folder(tmp_path / "phone", 14)
    for number in range(4):
        (root / f"p{number}.bmp").write_bytes(bmp(number))
    (root / "000" / "000003.aside").symlink_to("nowhere")
    return root


def test_a_killed_examination_of_a_folder_goes_on_to_the_same_report(
    node: Node, folder: Path
) -> None:
    listed(node, "known", sha256(bmp(1)), sha256(bmp(3)))
    case = a_case(node)
    whole = an_exhibit(node, CONSOLE, case, mark="whole")
    done = examined(node, whole.id, folder)
    assert (done.total, done.processed, done.findings) == (19, 18, 2)
    assert (done.listed, done.answered, done.verdict) == (19, 19, Verdict.COMPLETE)
    expected = report(node, whole.id)
    exhibit = an_exhibit(node, CONSOLE, case, mark="killed").id
    killed(node, exhibit, folder, 2)
    first = folder / "000" / "000000.bin"
    times = first.stat().st_atime_ns, first.stat().st_mtime_ns
    first.write_bytes(bytes(64))  # what was kept is not read again
    os.utime(first, ns=times)
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    shown = page.get(f"/exhibits/{exhibit}/progress")
    assert shown.headers["refresh"] == "10"
    for word in (str(folder), ">10<"):
        assert word in shown.text
    with open_work(node, CONSOLE) as work:
        (running,) = actions.read_exhibit(work, exhibit).running
    told = unfinished(running)
    assert (told["entries"], told["sha256_before"]) == (10, None), "a listing is no medium"
    again = examined(node, exhibit, folder)
    assert again.id == running.begun.id
    assert report(node, exhibit) == expected
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit)
    assert [each.kind for each in view.custody].count(CustodyKind.EXAMINED) == 1
    assert not view.running


def test_what_is_found_in_a_folder_or_an_archive_has_its_time_of_change(
    node: Node, folder: Path
) -> None:
    listed(node, "known", sha256(bmp(1)), sha256(bmp(3)))
    when = 1_400_000_000_123_456_789
    os.utime(folder / "p1.bmp", ns=(when, when))
    os.utime(folder / "p3.bmp", ns=(0, 0))
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    examined(node, exhibit, folder)
    lines = report(node, exhibit)
    number = next(each["number"] for each in lines if each.get("path") == "p1.bmp")
    moments = [each for each in lines if each["is"] == "moment"]
    moment = {"at": "2014-05-13T16:53:20+00:00", "is": "moment"}
    assert moments == [moment | {"what": "modified", "number": number}], "none is said to be 1970"
    assert "whoever copied it there may have changed them" in str(lines[0]["times"])


def test_a_folder_that_changed_is_not_gone_on_with_and_one_that_changes_is_said_to(
    node: Node, folder: Path
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    killed(node, exhibit, folder, 1)
    (folder / "new").write_bytes(b"new")
    with pytest.raises(SourceChanged):
        examined(node, exhibit, folder)
    with open_work(node, CONSOLE) as work:
        (running,) = actions.read_exhibit(work, exhibit).running
    with open_work(node, CONSOLE) as work:
        passes.give_up_pass(work, exhibit, running.begun.id, reason="somebody wrote to it")

    def write(progress: Progress) -> None:
        if progress.at is Reading.FILES:
            (folder / "more").write_bytes(b"more")

    done = examined(node, exhibit, folder, tell=write)
    assert (done.verdict, done.total) == (Verdict.ALTERED, 20)
    assert [each.kind for each in done.doubts] == [DoubtKind.CHANGED_WHILE_EXAMINED]
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    assert "분석 중 변경됨" in page.get(f"/exhibits/{exhibit}").text


def test_an_examination_is_gone_on_with_under_its_own_statement_only(
    node: Node, folder: Path
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    killed(node, exhibit.id, folder, 2)
    with pytest.raises(BegunOtherwise, match="without --sorted"):
        examined(node, exhibit.id, folder, sorted_material=True)
    assert examined(node, exhibit.id, folder).findings == 0
    other = an_exhibit(node, CONSOLE, a_case(node))
    folder_of_material = examined(node, other.id, folder, sorted_material=True)
    assert folder_of_material.findings == folder_of_material.processed


def test_an_examination_is_gone_on_with_by_its_own_program_only(
    node: Node, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    killed(node, exhibit.id, folder, 2)
    version = passes.metadata.version
    with monkeypatch.context() as other:
        other.setattr(
            passes.metadata, "version", lambda name: "9.9" if name == "pytsk3" else version(name)
        )
        with pytest.raises(
            BegunOtherwise, match=r"pytsk3 (?!9\.9)[^,]+, .* and this is .*pytsk3 9\.9"
        ):
            examined(node, exhibit.id, folder)
    assert examined(node, exhibit.id, folder).verdict is Verdict.COMPLETE
