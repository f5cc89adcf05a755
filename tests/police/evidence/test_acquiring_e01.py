"""An image in E01 is written by `ewfacquire`, read back, and recorded with the tool that made it."""

import os
import stat
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.images import Maker, bmp
from tests.police.evidence.test_actions import a_case, an_exhibit
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.evidence import acquiring_e01, actions
from tipbridge.police.evidence.acquiring.copying import Tell
from tipbridge.police.evidence.acquiring.ewfacquire import Label, Written, write_e01
from tipbridge.police.evidence.acquiring_e01 import acquire_e01
from tipbridge.police.evidence.acquisitions import acquire
from tipbridge.police.evidence.doubts import DoubtKind
from tipbridge.police.evidence.errors import (
    CustodyBroken,
    EwfacquireFailed,
    ImageStands,
    NoEwfacquire,
    NoImage,
    NotAsStated,
)
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import CustodyKind, Verdict
from tipbridge.police.evidence.sources.raw import RawSource


def test_an_e01_is_made_read_back_and_recorded_with_its_tool(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = Maker("fat12", tmp_path / "stick").make()
    maker.write("KNOWN.BMP", bmp(1))
    medium, image = maker.path, tmp_path / "out [1].E01"
    exhibit = an_exhibit(node, CONSOLE, a_case(node), mark="증-1 A").id

    def otherwise(
        program: str, source: RawSource, target: Path, label: Label, _tell: Tell
    ) -> Written:
        write_e01(program, source, target, label, None)
        return Written(digests={"md5": "0" * 32})

    with monkeypatch.context() as patched:
        patched.setattr(acquiring_e01, "write_e01", otherwise)
        with pytest.raises(NotAsStated):
            acquire_e01(node, CONSOLE, exhibit, source=medium, image=image)
    with pytest.raises(ImageStands):  # it is never written over
        acquire_e01(node, CONSOLE, exhibit, source=medium, image=image)
    image.unlink()
    told: list[tuple[int, int]] = []
    done = acquire_e01(
        node, CONSOLE, exhibit, source=medium, image=image, tell=lambda *each: told.append(each)
    )
    assert done.copied is not None
    assert done.copied.digests == digest_bytes(medium.read_bytes())
    assert done.tool.startswith("ewfacquirestream 20")
    assert stat.S_IMODE(image.stat().st_mode) == 0o400
    examined = examine_image(node, CONSOLE, exhibit, image=image)
    assert (examined.verdict, examined.acquisition) == (Verdict.COMPLETE, done.id)
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit)
    assert [each.copied is None for each in view.acquisitions] == [False], "one, gone on with"
    assert {
        f"case number: {view.case_number}",
        "evidence number: 증-1 A",
        "description: device",
        f"examiner: {done.examiner}",
    } <= set(view.sources[examined.id].header), "the image says whose it is, and the report says so"
    assert [each.kind for each in view.custody].count(CustodyKind.IMAGED) == 1


@contextmanager
def broken_device(path: Path, good_bytes: int) -> Generator[Path]:
    """A device over a file that was cut off behind it: the kernel reads errors from there on."""
    command = ["losetup", "--find", "--show", "--read-only", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no loop device: losetup is not here")
    if done.returncode:
        pytest.skip("no loop device can be set up by this user")
    device = done.stdout.strip()
    try:
        os.truncate(path, good_bytes)
        yield Path(device)
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)


def test_bad_sectors_of_a_device_are_the_same_in_an_e01_as_in_a_raw_image(
    node: Node, tmp_path: Path
) -> None:
    maker = Maker("fat12", tmp_path / "stick").make()
    for number in range(5):
        maker.write(f"P{number}.BMP", bmp(number, 60_000))
    whole, good = maker.path.read_bytes(), 200 * 1024
    case = a_case(node)
    packed, plain = (an_exhibit(node, CONSOLE, case, mark=mark).id for mark in ("E1", "E2"))
    with broken_device(maker.path, good) as device:
        raw = acquire(node, CONSOLE, plain, source=device, image=tmp_path / "raw")
        e01 = acquire_e01(node, CONSOLE, packed, source=device, image=tmp_path / "packed")
    assert e01.copied is not None
    assert raw.copied is not None
    bad = [(each.offset, each.length) for each in e01.copied.bad]  # not from their chunk on
    assert bad == [(good, len(whole) - good)]
    assert bad == [(each.offset, each.length) for each in raw.copied.bad]
    zeroed = whole[:good] + bytes(len(whole) - good)
    assert e01.copied.digests == raw.copied.digests == digest_bytes(zeroed)
    for exhibit, image in ((packed, "packed.E01"), (plain, "raw")):
        done = examine_image(node, CONSOLE, exhibit, image=tmp_path / image)
        assert done.verdict is Verdict.INCOMPLETE
        assert [each.kind for each in done.doubts][:1] == [DoubtKind.BAD_WHEN_ACQUIRED]
        assert done.unread_bytes >= len(whole) - good


def test_without_the_tool_or_a_medium_that_fits_nothing_is_recorded(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    (tmp_path / "odd").write_bytes(bytes(1000))
    (tmp_path / "even").write_bytes(bytes(1024))
    with pytest.raises(NoImage, match="whole sectors"):
        acquire_e01(node, CONSOLE, exhibit, source=tmp_path / "odd", image=tmp_path / "a")
    with open_work(node, CONSOLE) as work:
        actions.hand_over(work, exhibit, to="lab", outside=True)
    with pytest.raises(CustodyBroken):
        acquire_e01(node, CONSOLE, exhibit, source=tmp_path / "even", image=tmp_path / "a")
    with pytest.raises(
        EwfacquireFailed, match=r"ewfacquirestream ended with 0 .* did not take all"
    ):
        acquire_e01(
            node,
            CONSOLE,
            exhibit,
            source=tmp_path / "even",
            image=tmp_path / "no-such-folder" / "a",
            reason="on its way",
        )
    with open_work(node, CONSOLE) as work:
        view = actions.read_exhibit(work, exhibit)
    assert [each.copied for each in view.acquisitions] == [None], "begun, and never finished"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoEwfacquire, match="ewf-tools"):
        acquire_e01(node, CONSOLE, exhibit, source=tmp_path / "even", image=tmp_path / "b")
