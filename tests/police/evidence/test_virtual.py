"""Virtual disks give the bytes that are in them, behind the walls, and nothing from elsewhere."""

import io
import random
from importlib.metadata import version
from pathlib import Path
from uuid import UUID

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import CONSOLE
from tests.police.evidence.dmg import dmg
from tests.police.evidence.images import KIB, Maker, bmp, run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tipbridge.foundation.work import open_work
from tipbridge.police.disclosure.limits import KNOWN_LIMITS
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.doubts import DoubtKind
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import Verdict
from tipbridge.police.evidence.passes import CONTAINER_TOOLS
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.sayings import TEXTS, read_note
from tipbridge.police.evidence.sources.dmg import table_sum_notes
from tipbridge.police.evidence.sources.opening import opened_image
from tipbridge.police.evidence.sources.virtual import VIRTUAL

FORMS = {
    "qcow2": ("qcow2",),
    "qcow2-packed": ("qcow2", "-c"),
    "vmdk": ("vmdk",),
    "vmdk-stream": ("vmdk", "-o", "subformat=streamOptimized"),
    "vmdk-flat": ("vmdk", "-o", "subformat=monolithicFlat"),
    "vmdk-split": ("vmdk", "-o", "subformat=twoGbMaxExtentSparse"),
    "vmdk-split-flat": ("vmdk", "-o", "subformat=twoGbMaxExtentFlat"),
    "vhd": ("vpc", "-o", "force_size=on"),
    "vhd-fixed": ("vpc", "-o", "subformat=fixed,force_size=on"),
    "vhdx": ("vhdx",),
    "vhdx-fixed": ("vhdx", "-o", "subformat=fixed"),
    "vdi": ("vdi",),
    "vdi-static": ("vdi", "-o", "static=on"),
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
        assert reader.about().kind == form.partition("-")[0]
        assert reader.about().size_bytes == medium.stat().st_size
        read = reader.media("sha256")
    assert read.digests["sha256"] == sha256(medium.read_bytes())
    assert read.gaps == ()


@pytest.mark.parametrize("packed", ["raw", "zlib", "bzip2"])
def test_an_apple_disk_image_gives_the_same_bytes_whatever_its_name(
    medium: Path, tmp_path: Path, packed: str
) -> None:
    path = tmp_path / "disk.image"
    path.write_bytes(dmg(medium.read_bytes(), packed))
    if packed == "raw":  # then it begins as its medium does
        with pytest.raises(NoImage, match="--form raw or --form dmg"), opened_image(path):
            pass
    with opened_image(path, form="dmg") as image, Reader(image) as reader:
        assert (reader.about().kind, reader.about().size_bytes) == ("dmg", medium.stat().st_size)
        read = reader.media("sha256")
    assert (read.digests["sha256"], read.gaps) == (sha256(medium.read_bytes()), ())
    with opened_image(path, form="raw") as image:
        assert image.kind == "raw"


def test_an_apple_disk_image_that_cant_be_unpacked_is_refused_and_says_why(
    medium: Path, tmp_path: Path
) -> None:
    whole = dmg(medium.read_bytes())
    for number, (data, why) in enumerate(
        (
            (dmg(medium.read_bytes(), "lzma"), "packed with LZMA"),
            (whole.replace(b"blkx", b"blky"), "its table of chunks can't be read"),
            (whole.replace(b"<plist", b"<!DOCTYPE a [<!ENTITY b 'c'>]><plist"), "can't be read"),
            (bytes(4096) + whole[-512:], "can't be read"),
        )
    ):
        path = tmp_path / f"{number}.dmg"
        path.write_bytes(data)
        with pytest.raises(NoImage, match=why), opened_image(path) as image, Reader(image):
            pass


def test_a_broken_chunk_of_an_apple_disk_image_is_a_gap_and_no_more(tmp_path: Path) -> None:
    medium = random.Random(7).randbytes(3 * 64 * KIB)
    data = bytearray(dmg(medium))
    data[70 * KIB : 70 * KIB + 9] = bytes(9)
    path = tmp_path / "a.dmg"
    path.write_bytes(data)
    with opened_image(path) as image, Reader(image) as reader:
        (gap,) = reader.media("sha256").gaps
    assert (gap.offset, gap.length, gap.reason) == (64 * KIB, 64 * KIB, "read-error")


def test_a_virtual_disk_is_examined_as_any_other(node, medium: Path, tmp_path: Path) -> None:
    listed(node, "known", sha256(bmp(1)), sha256(bmp(2)))
    path = converted(medium, tmp_path / "disk.vmdk", "vmdk")
    before = sha256(path.read_bytes())
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=path)
    assert (done.findings, done.verdict, done.unread_bytes) == (2, Verdict.COMPLETE, 0)
    assert done.sha256_before == sha256(medium.read_bytes())
    assert f", libvmdk-python {version('libvmdk-python')}" in done.tool
    assert {*CONTAINER_TOOLS.values()} <= KNOWN_LIMITS.keys()
    assert CONTAINER_TOOLS.keys() == VIRTUAL - {"vdi", "qcow2"}, (
        "what we read ourselves has no library"
    )
    assert sha256(path.read_bytes()) == before


def test_what_is_not_whole_by_itself_is_refused_and_says_why(medium: Path, tmp_path: Path) -> None:
    below = converted(medium, tmp_path / "below.qcow2", "qcow2")
    run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", below, tmp_path / "a.qcow2")
    (tmp_path / "no.qcow2").write_bytes(b"QFI\xfb" + bytes(KIB))
    for name, why in (
        ("a.qcow2", r"only what changed against another image \(.*below\.qcow2\)"),
        ("no.qcow2", "its header is of version 0; 2 and 3 can be read"),
    ):
        with opened_image(tmp_path / name) as image, pytest.raises(NoImage, match=why):
            Reader(image)


def _behind_a_trailer(medium: bytes) -> bytes:
    decoy = dmg(bytes(KIB))
    return medium + decoy[:-512] + _moved(decoy[-512:], len(medium))


def _moved(trailer: bytes, by: int) -> bytes:
    """A trailer whose data and table lie so much further on."""
    moved = bytearray(trailer)
    for at in (24, 216):
        moved[at : at + 8] = (int.from_bytes(moved[at : at + 8], "big") + by).to_bytes(8, "big")
    return bytes(moved)


def test_a_medium_that_bears_a_containers_marks_hides_nothing(
    node, medium: Path, tmp_path: Path
) -> None:
    listed(node, "known", sha256(bmp(1)))
    whole = medium.read_bytes()
    vdi = whole[:64] + b"\x7f\x10\xda\xbe" + whole[68:]
    for name, data, kind in (
        ("stick.img", _behind_a_trailer(whole), "dmg"),
        ("stick.dmg", _behind_a_trailer(whole), "dmg"),
        ("other.img", vdi, "vdi"),
        ("apple.img", _behind_a_trailer(bytes(1024) + b"H+" + bytes(KIB)), "dmg"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(NoImage, match=f"--form raw or --form {kind}"), opened_image(path):
            pass
        with opened_image(path, form="raw") as image, Reader(image) as reader:
            assert reader.about().size_bytes == len(data)
        with opened_image(path, form=kind) as image:
            assert (image.kind, image.notes) == (kind, ())
    path = tmp_path / "wiped.img"
    path.write_bytes(_behind_a_trailer(bytes(len(whole))))
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=path)
    assert (done.verdict, [each.kind for each in done.doubts][:1]) == (
        Verdict.INCOMPLETE,
        [DoubtKind.IMAGE_DAMAGED],
    )
    other = converted(medium, tmp_path / "a.qcow2", "qcow2")
    with opened_image(other, form="vmdk") as image, pytest.raises(NoImage, match="can't read it"):
        Reader(image)


def test_an_apple_disk_image_that_is_not_what_its_checksum_is_of_is_never_complete(
    node, medium: Path, tmp_path: Path
) -> None:
    whole = dmg(medium.read_bytes(), "raw")
    at, trailer = whole.index(bmp(2)) + 900, len(whole) - 512
    altered = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
    for name, data, start in (
        ("whole", whole, None),
        ("altered", altered, "it stores the checksum "),
        (
            "other",
            whole[: trailer + 83] + b"\4" + whole[trailer + 84 :],
            "its checksum is of type 4",
        ),
        (
            "none",
            altered[: trailer + 83] + b"\0" + altered[trailer + 84 :],
            "its table 1 stores the checksum ",
        ),
    ):
        path = tmp_path / f"{name}.dmg"
        path.write_bytes(data)
        with opened_image(path, form="dmg") as image, Reader(image) as reader:
            notes = reader.stored_notes()
        told = [each for each in notes if name != "altered" or "table" not in each]
        assert [each[: len(start or "")] for each in told] == ([] if start is None else [start])
        assert len(notes) - len(told) == (name == "altered"), "its table says so too"
        assert all(read_note(each)[0].text in TEXTS for each in notes)
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = examine_image(node, CONSOLE, exhibit.id, image=tmp_path / "altered.dmg", form="dmg")
    kinds = [each.kind for each in done.doubts]
    assert (done.verdict, kinds) == (Verdict.INCOMPLETE, [DoubtKind.IMAGE_DAMAGED] * 2)


def test_a_table_of_an_apple_disk_image_is_held_against_its_checksum() -> None:
    medium = bytes([7]) * 512 * 128 + bytes(512 * 128)

    def notes(data: bytes, size: int = len(medium)) -> list[str]:
        file = io.BytesIO(data)
        file.get_size = lambda: len(data)  # type: ignore[attr-defined]
        return table_sum_notes(file, size, lambda at, length: medium[at : at + length])  # type: ignore[arg-type]

    unchecked = ["the checksum of its table 1 is not checked"]
    assert notes(dmg(medium)) == notes(dmg(medium, zero=2)) == []
    (other,) = notes(dmg(medium, table_sum=1))
    assert other.startswith("its table 1 stores the checksum 00000001 and its data have ")
    assert notes(dmg(medium, zero=2, table_sum=1)) == unchecked, (
        "what its maker sums up is not known"
    )
    assert notes(dmg(medium), len(medium) - 512) == unchecked, "it reaches behind the medium"


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


def as_difference(path: Path, form: str) -> Path:
    """The disk made one that holds only what changed, as its format says it is one."""
    data = bytearray(path.read_bytes())
    if form == "vdi":
        data[76:80] = (4).to_bytes(4, "little")
        data[424:440] = UUID("12345678-1234-5678-1234-567812345678").bytes_le
    else:
        for at in (0, len(data) - 512):
            data[at + 60 : at + 64] = (4).to_bytes(4, "big")
            data[at + 64 : at + 68] = bytes(4)
            data[at + 64 : at + 68] = (~sum(data[at : at + 512]) & 0xFFFFFFFF).to_bytes(4, "big")
        data[576:604] = "mother/.vhd".encode("utf-16-be").ljust(28, b"\0")
        data[548:552] = bytes(4)
        data[548:552] = (~sum(data[512:1536]) & 0xFFFFFFFF).to_bytes(4, "big")
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("form", "parent"),
    [("vdi", "12345678-1234-5678-1234-567812345678"), ("vpc", "mother/.vhd")],
)
def test_a_difference_is_refused_by_the_name_of_what_it_differs_from(
    medium: Path, tmp_path: Path, form: str, parent: str
) -> None:
    path = as_difference(converted(medium, tmp_path / "a", form), form)
    with opened_image(path) as image, pytest.raises(NoImage, match=parent):
        Reader(image)


def test_a_vhdx_with_changes_left_in_its_log_is_refused(medium: Path, tmp_path: Path) -> None:
    path = converted(medium, tmp_path / "a", "vhdx")
    data = bytearray(path.read_bytes())
    newer = max(
        (64 * KIB, 128 * KIB), key=lambda at: int.from_bytes(data[at + 8 : at + 16], "little")
    )
    data[newer + 48 : newer + 64] = bytes(range(16))
    path.write_bytes(data)
    with opened_image(path) as image, pytest.raises(NoImage, match="log"):
        Reader(image)


def test_a_vdi_that_makes_no_sense_is_refused_and_a_cut_one_has_gaps(
    medium: Path, tmp_path: Path
) -> None:
    path = converted(medium, tmp_path / "a", "vdi")
    whole = path.read_bytes()
    for at, value, why in (
        (376, 3, "makes no sense"),
        (384, 1 << 30, "makes no sense"),
        (68, 0x20001, "version 2"),
        (384, 1 << 23, "map of blocks is cut off"),
    ):
        data = bytearray(whole)
        data[at : at + 4] = value.to_bytes(4, "little")
        path.write_bytes(data)
        with opened_image(path) as image, pytest.raises(NoImage, match=why):
            Reader(image)
    path.write_bytes(whole[:-KIB])
    with opened_image(path) as image, Reader(image) as reader:
        gaps = reader.media("sha256").gaps
    assert sum(gap.length for gap in gaps) == KIB


def test_a_raw_medium_whose_last_bytes_are_no_footer_stays_raw(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(KIB) + b"conectix".ljust(512, b"\0"))
    with opened_image(tmp_path / "a") as image:
        assert image.kind == "raw"


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
