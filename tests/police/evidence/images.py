"""Images of media with known truth, made by each system's own tools and never mounted."""

import random
import shutil
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.police.evidence import ntfs
from tests.police.evidence.exfat import write_exfat
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.reading import wire
from tipbridge.police.evidence.reading.contents import Contents, Digested
from tipbridge.police.evidence.reading.image import SourceImage
from tipbridge.police.evidence.reading.listing import entries_of
from tipbridge.police.evidence.sources.ewf import EwfSource
from tipbridge.police.evidence.sources.model import MediaSource
from tipbridge.police.evidence.sources.opening import OpenImage, opened_image
from tipbridge.police.evidence.sources.raw import RawSource

KIB = 1024
SYSTEMS = ("fat12", "fat16", "fat32", "ext2", "ext3", "ext4", "ntfs", "exfat")
_SIZES = {
    "fat12": 512,
    "fat16": 3072,
    "fat32": 34 * KIB,
    "ntfs": 2048,
    "ext3": 4096,
    "ext4": 4096,
    "exfat": 2048,
}


def run(*words: str | Path, given: str = "") -> str:
    """Run a tool of the file system; without it these tests prove nothing, so they fail."""
    program = shutil.which(str(words[0])) or shutil.which(str(words[0]), path="/usr/sbin:/sbin")
    assert program is not None, f"{words[0]} is missing: run tools/install-debian as root"
    done = subprocess.run(
        [program, *map(str, words[1:])], input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


def bmp(seed: int, size: int = 1800) -> bytes:
    """Bytes that begin and end as a picture does, of noise, the same for the same seed."""
    head = struct.pack("<2sIHHI", b"BM", size, 0, 0, 54) + struct.pack("<I", 40)
    return (head + random.Random(seed).randbytes(size))[:size]


@dataclass(slots=True)
class Maker:
    """One file system in one file; every verb is one of its own tools."""

    system: str
    path: Path
    written: dict[str, bytes] = field(default_factory=dict)

    def make(self, size_kib: int | None = None) -> "Maker":
        size = (size_kib or _SIZES.get(self.system, 1024)) * KIB
        with self.path.open("wb") as file:
            file.truncate(size)
        match self.system:
            case "fat12" | "fat16" | "fat32":
                per_cluster = "4" if self.system == "fat12" else "1"
                run("mkfs.vfat", "-F", self.system[3:], "-s", per_cluster, "-i", "12345678",
                    "--invariant", self.path)  # fmt: skip
            case "ext2" | "ext3" | "ext4":
                run("mke2fs", "-q", "-F", "-t", self.system, "-b", "1024", "-N", "64", self.path)
            case "ntfs":
                run("mkntfs", "-q", "-F", "-f", "-c", "2048", self.path)
            case _:
                run("mkfs.exfat", "-c", "4K", "-b", "64K", self.path)
        return self

    def folder(self, name: str) -> None:
        if self.system.startswith("fat"):
            run("mmd", "-i", self.path, f"::/{name}")
        else:
            run("debugfs", "-w", self.path, "-R", f"mkdir {name}")

    def write(self, name: str, data: bytes) -> None:
        aside = self.path.with_suffix(".part")
        aside.write_bytes(data)
        if self.system.startswith("fat"):
            run("mcopy", "-o", "-i", self.path, aside, f"::/{name}")
        elif self.system.startswith("ext"):
            run("debugfs", "-w", self.path, "-R", f"write {aside} {name}")
        elif self.system == "ntfs":
            run("ntfscp", "-q", "-f", self.path, aside, name)
        else:
            write_exfat(self.path, name, data)
        self.written[name] = data

    def stream(self, name: str, stream: str, data: bytes) -> None:
        aside = self.path.with_suffix(".part")
        aside.write_bytes(data)
        run("ntfscp", "-q", "-f", "-N", stream, self.path, aside, name)

    def remove(self, name: str) -> None:
        if self.system.startswith("fat"):
            run("mdel", "-i", self.path, f"::/{name}")
        elif self.system.startswith("ext"):
            run("debugfs", "-w", self.path, "-R", f"rm {name}")
        elif self.system == "ntfs":
            entry = self.found(name).entry
            ntfs.delete(self.path, entry.record or 0)
        else:
            write_exfat(self.path, name, self.written[name], deleted=True)

    def patch(self, offset: int, data: bytes) -> None:
        with self.path.open("r+b") as file:
            file.seek(offset)
            file.write(data)

    def found(self, name: str) -> Digested:
        return next(each for each in read_here(self.path) if each.entry.path.endswith(name))


def source_of(image: OpenImage) -> MediaSource:
    return EwfSource(image.parts) if image.kind == "e01" else RawSource(image.parts)


def read_source(source: MediaSource) -> list[Digested]:
    """Every entry with its digests, in the order in which they lie."""
    image = SourceImage(source)
    contents = Contents(image)
    entries = sorted(entries_of(image), key=lambda each: each.first_byte)
    return [found for entry in entries for found in contents.digested(entry)]


def read_here(path: Path) -> list[Digested]:
    """What a raw image holds, without walls: for whoever makes it."""
    with path.open("rb") as file:
        return read_source(RawSource([(file.fileno(), path.stat().st_size)]))


def read_behind_walls(image: OpenImage) -> list[Digested]:
    """The same by the process that the product reads with; it may not end."""
    with Reader(image) as reader:
        entries = sorted(reader.walk(), key=lambda each: each.first_byte)
        return [found for each in reader.digest(entries) for found in each]


def read(path: Path) -> list[Digested]:
    """What a raw image holds, as the walled process says it; without walls it is the same."""
    with opened_image(path, form="raw") as image:
        found = read_behind_walls(image)
    assert found == [wire.digested_in(said, ()) for said in wire.digested_out(read_here(path), ())]
    return found


Build = Callable[[Maker], dict[str, bytes]]
