"""QCOW2 is read cluster by cluster as QEMU lays it; what can't be read is refused or a gap."""

import random
from pathlib import Path

import pytest

from tests.police.evidence.images import KIB, run
from tests.police.evidence.test_images import sha256
from tipbridge.police.evidence.errors import NoImage
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.sources.model import GapReason
from tipbridge.police.evidence.sources.opening import opened_image

_SIZES = ("512", "4k", "64k", "2M")


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise that does not pack, text that does, zeros, and an end within a cluster."""
    path, noise = tmp_path_factory.mktemp("qcow") / "disk", random.Random(5)
    text = b"".join(b"line %d of a text\n" % number for number in range(60_000))
    path.write_bytes(
        noise.randbytes(700 * KIB) + bytes(3000 * KIB) + text + noise.randbytes(99 * 512)
    )
    return path


@pytest.mark.parametrize("size", _SIZES)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("version", ["0.10", "1.1"])
def test_every_byte_is_the_mediums(
    medium: Path, tmp_path: Path, size: str, packed: bool, version: str
) -> None:
    words = ["-c"] if packed else []
    options = f"cluster_size={size},compat={version}"
    run("qemu-img", "convert", "-O", "qcow2", *words, "-o", options, medium, tmp_path / "a.qcow2")
    data = medium.read_bytes()
    with opened_image(tmp_path / "a.qcow2") as image, Reader(image) as reader:
        read = reader.media("sha256")
        assert reader.about().size_bytes == -(-len(data) // 512) * 512
    assert (read.digests["sha256"], read.gaps) == (
        sha256(data.ljust(-(-len(data) // 512) * 512, b"\0")),
        (),
    )


def test_a_packed_cluster_that_is_broken_is_a_gap(tmp_path: Path) -> None:
    path, plain = tmp_path / "a.qcow2", tmp_path / "a"
    plain.write_bytes(b"".join(b"line %d of a text\n" % number for number in range(60_000)))
    run("qemu-img", "convert", "-O", "qcow2", "-c", plain, path)
    data = bytearray(path.read_bytes())
    at = len(data) // 3 * 2
    data[at:] = b"\xff" * (len(data) - at)  # no block of packed bytes begins so
    path.write_bytes(data)
    with opened_image(path) as image, Reader(image) as reader:
        gaps = reader.media("sha256").gaps
    assert {gap.reason for gap in gaps} == {GapReason.READ_ERROR}
    assert gaps[0].offset % 65536 == 0


@pytest.mark.parametrize(
    ("at", "value", "why"),
    [
        (4, b"\0\0\0\1", "of version 1.*; convert a copy: qemu-img convert -O raw"),
        (20, b"\0\0\0\x40", "makes no sense"),
        (24, b"\xff" * 8, "makes no sense"),
        (32, b"\0\0\0\1", "encrypted"),
        (36, b"\0\0\0\0", "makes no sense"),
        (72, b"\0\0\0\0\0\0\0\4", "lie in another file"),
        (72, b"\0\0\0\0\0\0\0\x10", "needs what can't be read here"),
        (72, b"\x80\0\0\0\0\0\0\0", "needs what can't be read here"),
        (40, b"\0\0\xff\xff\0\0\0\0", "map of clusters is cut off"),
    ],
)
def test_what_can_not_be_read_is_refused(
    medium: Path, tmp_path: Path, at: int, value: bytes, why: str
) -> None:
    path = tmp_path / "a.qcow2"
    run("qemu-img", "convert", "-O", "qcow2", medium, path)
    data = bytearray(path.read_bytes())
    data[at : at + len(value)] = value
    path.write_bytes(data)
    with opened_image(path) as image, pytest.raises(NoImage, match=why):
        Reader(image)


def test_clusters_packed_with_zstandard_are_refused_with_what_to_do(
    medium: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.qcow2"
    run("qemu-img", "convert", "-O", "qcow2", "-c", "-o", "compression_type=zstd", medium, path)
    with opened_image(path) as image, pytest.raises(NoImage, match="qemu-img convert -O raw"):
        Reader(image)
