"""What a file system packs, encrypts or never wrote is said to be so, and never taken for the file."""

from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence import ntfs
from tests.police.evidence.exfat import shorten_valid
from tests.police.evidence.images import KIB, Maker, bmp, read, run
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import KNOWN, hits, sha256, unread
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import Verdict
from tipbridge.police.evidence.reading.model import EntryFault, EntryKind


def verdict(node, path: Path) -> Verdict | None:
    return examine_image(
        node, CONSOLE, an_exhibit(node, CONSOLE, a_case(node)).id, image=path
    ).verdict


@pytest.mark.parametrize("gone", [False, True])
def test_what_windows_packed_is_no_empty_file(node, tmp_path: Path, *, gone: bool) -> None:
    maker = Maker("ntfs", tmp_path / "image").make()
    maker.write("a.bmp", bmp(3, 20_000))
    maker.stream("a.bmp", "WofCompressedData", b"\x99" * 9000)
    ntfs.empty_data(maker.path, maker.found("a.bmp").entry.record or 0)
    if gone:
        maker.remove("a.bmp")
    found = read(maker.path)
    (file,) = [each.entry for each in found if each.entry.path == "volume/a.bmp"]
    assert (file.fault, file.size) == (EntryFault.PACKED_BY_SYSTEM, 20_000)
    assert hits(found, b"\x99" * 9000), "what it is packed to is processed"
    if not gone:
        assert verdict(node, maker.path) is Verdict.INCOMPLETE


def test_a_stream_of_that_name_beside_stored_content_changes_nothing(tmp_path: Path) -> None:
    maker = Maker("ntfs", tmp_path / "image").make()
    maker.write("a.bmp", bmp(3, 20_000))
    maker.stream("a.bmp", "WofCompressedData", b"\x99" * 9000)
    assert hits(read(maker.path), bmp(3, 20_000))


@pytest.mark.parametrize("options", ["", "64bit", "meta_bg,^resize_inode", "^64bit,^flex_bg"])
def test_a_file_that_ext4_encrypts_is_said_to_be(node, tmp_path: Path, options: str) -> None:
    maker = Maker("ext4", tmp_path / "image").make()
    words = ["-O", options] if options else []
    run(
        "mke2fs",
        "-q",
        "-F",
        "-t",
        "ext4",
        "-b",
        "1024",
        "-g",
        "256",
        "-N",
        "160",
        *words,
        maker.path,
    )
    for number in range(40):
        maker.folder(f"d{number}")
    for name in ("plain.bmp", "secret.bmp", "d30/secret.bmp"):
        maker.write(name, KNOWN)
    assert verdict(node, maker.path) is Verdict.COMPLETE
    for name in ("secret.bmp", "d30/secret.bmp"):
        run("debugfs", "-w", maker.path, "-R", f"sif {name} flags 0x80800")
    faults = {
        each.entry.path: each.entry.fault
        for each in read(maker.path)
        if each.entry.kind is EntryKind.FILE and each.entry.path.endswith(".bmp")
    }
    assert faults == {
        "volume/plain.bmp": None,
        "volume/secret.bmp": EntryFault.ENCRYPTED_FILE,
        "volume/d30/secret.bmp": EntryFault.ENCRYPTED_FILE,
    }
    assert verdict(node, maker.path) is Verdict.INCOMPLETE


@pytest.mark.parametrize("valid", [0, 5000, 4096, 9000])
def test_what_exfat_never_wrote_is_zeros_and_what_lies_there_is_slack(
    tmp_path: Path, valid: int
) -> None:
    maker = Maker("exfat", tmp_path / "image").make()
    content = bmp(1, 8 * KIB) + KNOWN + bytes(20_000 - 8 * KIB - len(KNOWN))
    maker.write("a.bin", content)
    before = read(maker.path)
    assert hits(before, content)
    shorten_valid(maker.path, "a.bin", valid)
    found = read(maker.path)
    assert not hits(found, content)
    (file,) = [each for each in found if each.entry.path == "volume/a.bin"]
    if valid:
        assert file.digests is not None
        assert file.digests.sha256 == sha256(content[:valid] + bytes(20_000 - valid))
    else:
        assert file.entry.fault is EntryFault.NOTHING_STORED
    if valid <= 8 * KIB:
        (carved,) = hits(found, KNOWN)
        assert carved.entry.path.startswith("volume/a.bin/$Slack/$Carved@")
    assert unread(found, maker.path.stat().st_size) == 0


def test_a_valid_length_that_can_not_be_changes_nothing(tmp_path: Path) -> None:
    maker = Maker("exfat", tmp_path / "image").make()
    maker.write("a.bin", bmp(1, 20_000))
    shorten_valid(maker.path, "a.bin", 1 << 60)
    assert hits(read(maker.path), bmp(1, 20_000))
