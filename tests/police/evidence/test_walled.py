"""Behind its walls the reader reads every system and every container as without them, and opens nothing."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.police.evidence.dmg import dmg
from tests.police.evidence.hfs import HfsPlus
from tests.police.evidence.images import (
    KIB,
    SYSTEMS,
    Maker,
    bmp,
    read,
    read_behind_walls,
    read_here,
    run,
)
from tests.police.evidence.test_apfs import a_container
from tests.police.evidence.test_containers import e01
from tests.police.evidence.test_images import hits
from tests.police.evidence.test_virtual import FORMS, converted
from tipbridge.police.evidence import readers
from tipbridge.police.evidence.readers import Reader
from tipbridge.police.evidence.reading.model import EntryKind, Place
from tipbridge.police.evidence.sources.opening import opened_image

KNOWN, NAME = bmp(1), "한글-이름-é.bmp"


def a_system(path: Path, system: str) -> Path:
    maker = Maker(system, path).make()
    for number in range(3):
        maker.write(f"f{number}.bmp", bmp(number, 800 + 9000 * number))
    maker.write(NAME, KNOWN)
    if system == "ntfs":
        maker.stream("f0.bmp", "숨김", bmp(11, 3000))
    maker.remove("f2.bmp")
    return path


def an_hfs(path: Path) -> Path:
    made = HfsPlus(path)
    made.write("known.bmp", KNOWN, ((10, 1),))
    made.write(NAME, bmp(3), ((40, 1),), parent=made.folder("안"), rsrc=bmp(4, 500))
    made.pack("as.bmp", 600, 3, b"\xff" + bmp(5, 600))
    made.pack("z.bmp", 600, 3, zlib.compress(bmp(6, 600)))
    return made.make()


def parted(path: Path, label: str) -> Path:
    inner = a_system(path.with_suffix(".inner"), "ntfs").read_bytes()
    with path.open("wb") as file:
        file.truncate(4096 * KIB)
    kind = {"dos": "7", "gpt": "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"}[label]
    name = "" if label == "dos" else ', name="한글"'
    part = f"start=2048, size={len(inner) // 512}, type={kind}{name}"
    run("sfdisk", "-q", path, given=f"label: {label}\n{part}\n")
    with path.open("r+b") as file:
        file.seek(2048 * 512)
        file.write(inner)
    return path


MEDIA: dict[str, Callable[[Path], Path]] = {
    **{name: lambda path, name=name: a_system(path, name) for name in SYSTEMS},
    "hfs+": an_hfs,
    "apfs": a_container,
    "mbr": lambda path: parted(path, "dos"),
    "gpt": lambda path: parted(path, "gpt"),
}


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_system(tmp_path_factory.mktemp("walled") / "image", "ntfs")


def split(medium: Path, folder: Path) -> Path:
    data = medium.read_bytes()
    for number, at in enumerate(range(0, len(data), 700 * KIB), start=1):
        (folder / f"disk.{number:03}").write_bytes(data[at : at + 700 * KIB])
    return folder / "disk.001"


def apple(medium: Path, folder: Path, packed: str) -> Path:
    (folder / "disk.dmg").write_bytes(dmg(medium.read_bytes(), packed))
    return folder / "disk.dmg"


CONTAINERS: dict[str, Callable[[Path, Path], Path]] = {
    "raw": lambda medium, _: medium,
    "split": split,
    "e01": e01,
    **{
        name: lambda medium, folder, name=name: converted(medium, folder / "disk", *FORMS[name])
        for name in FORMS
    },
    **{f"dmg-{kind}": lambda medium, folder, kind=kind: apple(medium, folder, kind)
       for kind in ("raw", "zlib", "bzip2")},
}  # fmt: skip


@pytest.mark.parametrize("system", MEDIA)
def test_every_system_is_read_behind_the_walls(tmp_path: Path, system: str) -> None:
    found = read(MEDIA[system](tmp_path / "image"))
    of_files = [each for each in hits(found, KNOWN) if each.entry.kind is EntryKind.FILE]
    assert of_files, "by its name, and not only carved"


@pytest.mark.parametrize("kind", CONTAINERS)
def test_every_container_is_read_behind_the_walls(medium: Path, tmp_path: Path, kind: str) -> None:
    path = CONTAINERS[kind](medium, tmp_path)
    with opened_image(path, form=_form(kind)) as image:
        found = read_behind_walls(image)
    assert found == read_here(medium)


def _form(kind: str) -> str | None:
    return kind.partition("-")[0] if kind.startswith("dmg") else None


_TOLD = """\
import os, sys
from tipbridge.police.evidence.reading import worker
told = os.open({path!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def hook(name, given):
    if name in ("import", "open") or name.startswith(("os.", "socket.", "subprocess.", "ctypes.dlopen")):
        os.write(told, (name + " " + repr(given[:2]) + "\\n").encode())
worker._wall_in = lambda: sys.addaudithook(hook)
main()
"""


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where a reader says what it imports and opens from when its walls would stand."""
    path = tmp_path / "told"
    program = readers._PROGRAM.removesuffix("main()\n") + _TOLD.format(path=str(path))
    monkeypatch.setattr(readers, "_PROGRAM", program)
    yield path
    assert path.exists(), "the hook was put up"


def every_order(reader: Reader) -> None:
    reader.about()
    reader.stored_notes()
    entries = list(reader.walk())
    assert list(reader.walk([Place(volume=-1, folder=5)], carefully=True))
    for each in entries:
        reader.digest([each])
    for each in entries:
        if each.fault is None:
            assert sum(map(len, reader.content(each))) == each.size
    reader.media("md5", "sha1", "sha256")
    reader.segments(1024 * KIB)
    reader.mark([(512, 512)])
    reader.digest(entries)


@pytest.mark.parametrize("system", MEDIA)
def test_no_system_makes_the_reader_load_anything(
    loaded: Path, tmp_path: Path, system: str
) -> None:
    with opened_image(MEDIA[system](tmp_path / "image")) as image, Reader(image) as reader:
        every_order(reader)
    assert loaded.read_text() == ""


@pytest.mark.parametrize("kind", CONTAINERS)
def test_no_container_makes_the_reader_load_anything(
    loaded: Path, medium: Path, tmp_path: Path, kind: str
) -> None:
    path = CONTAINERS[kind](medium, tmp_path)
    with opened_image(path, form=_form(kind)) as image, Reader(image) as reader:
        every_order(reader)
    assert loaded.read_text() == ""
