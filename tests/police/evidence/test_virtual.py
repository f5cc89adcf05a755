"""Virtual disks give the bytes that are in them, behind the walls, and nothing from elsewhere."""

from pathlib import Path

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.images import KIB, Maker, bmp, run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import Verdict
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.sources.opening import opened_image

FORMS = {
    "qcow2": ("qcow2",),
    "qcow2-packed": ("qcow2", "-c"),
    "vmdk": ("vmdk",),
    "vmdk-stream": ("vmdk", "-o", "subformat=streamOptimized"),
    "vmdk-flat": ("vmdk", "-o", "subformat=monolithicFlat"),
    "vmdk-split": ("vmdk", "-o", "subformat=twoGbMaxExtentSparse"),
    "vmdk-split-flat": ("vmdk", "-o", "subformat=twoGbMaxExtentFlat"),
}


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    maker = Maker("fat16", tmp_path_factory.mktemp("disk") / "disk.img").make()
    maker.write("KNOWN.BMP", bmp(1))
    maker.write("GONE.BMP", bmp(2))
    maker.remove("GONE.BMP")
    return maker.path


def converted(medium: Path, path: Path, form: str, *options: str) -> Path:
    run("qemu-img", "convert", "-O", form, *options, medium, path)
    return path


@pytest.mark.parametrize("form", FORMS)
def test_a_virtual_disk_gives_the_same_bytes_as_what_it_was_made_of(
    medium: Path, tmp_path: Path, form: str
) -> None:
    path = converted(medium, tmp_path / "disk.virtual", *FORMS[form])
    with opened_image(path) as image, Reader(image) as reader:
        assert reader.about().kind == FORMS[form][0]
        assert reader.about().size_bytes == medium.stat().st_size
        read = reader.media("sha256")
    assert read.digests["sha256"] == sha256(medium.read_bytes())
    assert read.gaps == ()


def test_a_virtual_disk_is_examined_as_any_other(node, medium: Path, tmp_path: Path) -> None:
    listed(node, "known", sha256(bmp(1)), sha256(bmp(2)))
    path = converted(medium, tmp_path / "disk.qcow2", "qcow2")
    before = sha256(path.read_bytes())
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=path)
    assert (done.findings, done.verdict, done.unread_bytes) == (2, Verdict.COMPLETE, 0)
    assert done.sha256_before == sha256(medium.read_bytes())
    assert sha256(path.read_bytes()) == before


def test_what_is_not_whole_by_itself_is_refused_and_says_why(medium: Path, tmp_path: Path) -> None:
    below = converted(medium, tmp_path / "below.qcow2", "qcow2")
    run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", below, tmp_path / "a.qcow2")
    (tmp_path / "no.qcow2").write_bytes(b"QFI\xfb" + bytes(KIB))
    for name, why in (
        ("a.qcow2", "only what changed against another image"),
        ("no.qcow2", "libyal can't read it"),
    ):
        with opened_image(tmp_path / name) as image, pytest.raises(NoImage, match=why):
            Reader(image)


def test_a_cut_virtual_disk_is_finished_and_its_gap_is_located(
    node, medium: Path, tmp_path: Path
) -> None:
    path = converted(medium, tmp_path / "disk.qcow2", "qcow2")
    data = path.read_bytes()
    path.write_bytes(data[:-KIB])
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=path)
    assert done.verdict is Verdict.INCOMPLETE
    with open_work(node, CONSOLE) as work:
        unread = actions.read_exhibit(work, exhibit.id).unread
    assert ("read-error", KIB) in {(each.reason, each.length) for each in unread}
    assert sum(each.length for each in unread) == done.unread_bytes


@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("not-there.vmdk", "its part not-there.vmdk is not beside it"),
        ("../image", "not beside it"),
        ("/etc/hostname", "not beside it"),
        ("..", "not beside it"),
        ("", "not beside it"),
    ],
)
def test_a_descriptor_opens_nothing_but_what_lies_beside_it(
    medium: Path, tmp_path: Path, named: str, why: str
) -> None:
    flat = converted(medium, tmp_path / "flat.vmdk", "vmdk", "-o", "subformat=monolithicFlat")
    flat.write_text(flat.read_text().replace("flat-flat.vmdk", named))
    with pytest.raises(NoImage, match=why), opened_image(flat):
        pass


def test_a_descriptor_that_names_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.vmdk"
    path.write_text("# Disk DescriptorFile\nversion=1\n")
    with pytest.raises(NoImage, match="names 0 files"), opened_image(path):
        pass
