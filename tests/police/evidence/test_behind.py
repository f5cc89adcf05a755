"""A zip archive behind a picture: what it holds is found, in an image and in a folder."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.folders import examined
from tests.police.evidence.images import KIB, Maker, bmp
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import Verdict
from tipbridge.police.evidence.reading.behind import begin_of_archive

ONE, TWO = bmp(1, 3000), bmp(2, 5000)
NOISE = bytes(range(256)) * 40


def zipped(*files: bytes, comment: bytes = b"") -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for number, each in enumerate(files):
            archive.writestr(f"{number}.bmp", each)
    return out.getvalue()


def test_where_an_archive_begins_is_told_by_its_end() -> None:
    archive = zipped(ONE, TWO)
    for front, archive_found in ((bmp(9), archive), (NOISE, zipped(ONE, comment=b"c" * 900))):
        whole = front + archive_found
        assert begin_of_archive(whole, len(whole)) == len(front)
        assert begin_of_archive(whole[-1200:], len(whole)) == len(front)
        followed = whole + b"\0" * 40
        assert begin_of_archive(followed[-1046:], len(followed)) == len(front)
    assert begin_of_archive(archive, len(archive)) is None, "it fills the file"
    assert begin_of_archive(bmp(9), len(bmp(9))) is None
    torn = (bmp(9) + archive)[-22:]
    assert begin_of_archive(torn, 22) is None, "its directory would lie in front of the file"


@pytest.mark.parametrize("system", ["fat16", "ext4", "ntfs"])
@pytest.mark.parametrize("front", [bmp(7, 9000), b"%PDF-1.4" + NOISE, NOISE * 900])
def test_what_an_archive_behind_other_content_holds_is_found_on_an_image(
    node: Node, tmp_path: Path, system: str, front: bytes
) -> None:
    listed(node, "known", sha256(ONE), sha256(TWO))
    maker = Maker(system, tmp_path / "image").make(20 * KIB)
    maker.write("holiday.bmp", front + zipped(ONE, TWO))
    maker.write("plain.bmp", bmp(8, 9000))
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=maker.path)
    assert done.findings == 2
    assert done.verdict is Verdict.COMPLETE
    with open_work(node, CONSOLE) as work:
        files = actions.read_exhibit(work, exhibit.id, findings_only=True).files
    behind = f"/holiday.bmp/$Behind@{len(front)}"
    assert {each.path.lower().partition("volume")[2] for each in files} == {
        f"{behind}!/{number}.bmp".lower() for number in range(2)
    }
    assert not any(each.may_be_overwritten for each in files)


def test_what_an_archive_behind_other_content_holds_is_found_in_a_folder(
    node: Node, tmp_path: Path
) -> None:
    listed(node, "known", sha256(ONE), sha256(TWO))
    folder = tmp_path / "seized"
    folder.mkdir()
    (folder / "holiday.bmp").write_bytes(bmp(7, 9000) + zipped(ONE, TWO))
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    with open_work(node, CONSOLE) as work:
        done = examined(work, exhibit.id, folder=folder, sorted_material=True)
    assert done.findings == 3, "the sorted file, and two that are listed"
