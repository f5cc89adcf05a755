"""Images of media: byte for byte, with every bad sector named, whatever stops the copy."""

import errno
import fcntl
import hashlib
import os
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.police.evidence.test_actions import a_case, an_exhibit
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Forbidden, TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.police.evidence import acquisitions, actions
from tipbridge.police.evidence.acquiring.files import ImageFiles
from tipbridge.police.evidence.acquiring.model import Acquisition, Copied
from tipbridge.police.evidence.acquisitions import acquire
from tipbridge.police.evidence.errors import (
    AcquiredElsewhere,
    CustodyBroken,
    ImageBroken,
    ImageStands,
    ImageUnwritable,
    NoImage,
    OtherSource,
    OutOfTurn,
    SourceGone,
)
from tipbridge.police.evidence.model import CustodyKind
from tipbridge.police.evidence.sources.model import GapReason

SEGMENT = 128 * 1024
SECTOR = 512
BAD = (3, 4, 5, 255, 256, 700)
"""Sectors; 255 and 256 lie on both sides of the border of the first segments."""
KILLED_BEFORE = ("fsync", "pwrite", "ftruncate", "link", "unlink", "fchmod")


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    path = tmp_path / "medium"
    path.write_bytes(random.Random(5).randbytes(4 * SEGMENT + 3 * SECTOR + 100))
    return path


def failing(bad: tuple[int, ...] = BAD, fault: int = errno.EIO):
    """A disk of which any read that touches a bad sector fails whole."""

    def read(handle: int, length: int, offset: int) -> bytes:
        if any(offset < (each + 1) * SECTOR and each * SECTOR < offset + length for each in bad):
            raise OSError(fault, os.strerror(fault))
        return os.pread(handle, length, offset)

    return read


def zeroed(data: bytes, bad: tuple[int, ...] = BAD) -> bytes:
    out = bytearray(data)
    for each in bad:
        out[each * SECTOR : (each + 1) * SECTOR] = bytes(SECTOR)
    return bytes(out)


def made(acquisition: Acquisition) -> Copied:
    assert acquisition.copied is not None
    return acquisition.copied


def made_of(node: Node, exhibit: str) -> list[Acquisition]:
    with open_work(node, CONSOLE) as work:
        return list(actions.read_exhibit(work, exhibit).acquisitions)


def test_an_image_is_the_medium_byte_for_byte_and_the_medium_is_only_read(
    node, medium: Path, tmp_path: Path
) -> None:
    modes, told, image = set[int](), list[tuple[int, int]](), tmp_path / "a.raw"

    def watching(handle: int, length: int, offset: int) -> bytes:
        modes.add(fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.pwrite(handle, b"x", 0)
        return os.pread(handle, length, offset)

    data, before = medium.read_bytes(), medium.stat()
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = acquire(
        node, CONSOLE, exhibit.id, source=medium, image=image, segment_bytes=SEGMENT,
        read_at=watching, tell=lambda *so_far: told.append(so_far),
    )  # fmt: skip
    assert image.read_bytes() == data == medium.read_bytes()
    assert modes == {os.O_RDONLY}
    assert medium.stat().st_mtime_ns == before.st_mtime_ns
    assert image.stat().st_mode & 0o777 == 0o400
    assert told[-1] == (len(data), len(data))
    copied = made(done)
    assert copied.digests == digest_bytes(data)
    assert copied.bad == ()
    assert copied.segments == tuple(
        hashlib.sha256(data[at : at + SEGMENT]).hexdigest() for at in range(0, len(data), SEGMENT)
    )
    assert made_of(node, exhibit.id) == [done]
    assert not Path(f"{image}.part").exists()
    with open_work(node, CONSOLE) as work:
        kinds = [each.kind for each in actions.read_exhibit(work, exhibit.id).custody]
    assert kinds == [CustodyKind.SEIZED, CustodyKind.IMAGED]


def test_bad_sectors_are_named_and_zeros_and_no_good_one_is_lost_with_them(
    node, medium: Path, tmp_path: Path
) -> None:
    image, expected = tmp_path / "a.raw", zeroed(medium.read_bytes())
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    done = acquire(
        node, CONSOLE, exhibit.id, source=medium, image=image, segment_bytes=SEGMENT,
        read_at=failing(),
    )  # fmt: skip
    copied = made(done)
    assert image.read_bytes() == expected
    assert copied.digests == digest_bytes(expected)
    assert [(gap.offset, gap.length, gap.reason) for gap in copied.bad] == [
        (3 * SECTOR, 3 * SECTOR, GapReason.READ_ERROR),
        (255 * SECTOR, 2 * SECTOR, GapReason.READ_ERROR),
        (700 * SECTOR, SECTOR, GapReason.READ_ERROR),
    ]
    assert copied.bad_bytes == len(BAD) * SECTOR
    assert made_of(node, exhibit.id) == [done], "as it was recorded"


def killed(node: Node, exhibit: str, medium: Path, image: Path, arm: Callable[[], None]) -> bool:
    """Copy in a process that is ended by a signal as `arm` arranges; whether it was ended."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            node.engine.dispose(close=False)  # its connections are the parent's
            arm()
            acquire(
                node, CONSOLE, exhibit, source=medium, image=image, segment_bytes=SEGMENT,
                read_at=failing(),
            )  # fmt: skip
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def before_call(number: int) -> Callable[[], None]:
    """Kill the process before its so many-th call that touches a file it writes."""
    left = number

    def arm() -> None:
        for name in KILLED_BEFORE:
            setattr(os, name, counting(getattr(os, name)))

    def counting(call):
        def counted(*words, **more):
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*words, **more)

        return counted

    return arm


def test_a_copy_killed_before_any_of_its_steps_goes_on_to_the_same_image(
    node, medium: Path, tmp_path: Path
) -> None:
    case, expected = a_case(node), zeroed(medium.read_bytes())
    results, number = set[Copied](), 1
    while True:
        exhibit, image = an_exhibit(node, CONSOLE, case, mark=f"k-{number}"), tmp_path / f"{number}"
        was_killed = killed(node, exhibit.id, medium, image, before_call(number))
        if was_killed:
            assert not image.exists() or image.read_bytes() == expected, "named only when whole"
            acquire(
                node, CONSOLE, exhibit.id, source=medium, image=image, segment_bytes=SEGMENT,
                read_at=failing(),
            )  # fmt: skip
        (done,) = made_of(node, exhibit.id)
        assert image.read_bytes() == expected
        results.add(made(done))
        if not was_killed:
            break
        number += 1
    assert number > 20, "steps at which it was killed"
    assert {each.digests for each in results} == {digest_bytes(expected)}
    assert len(results) == 1


def test_a_torn_line_of_the_journal_is_copied_again(node, medium: Path, tmp_path: Path) -> None:
    exhibit, image = an_exhibit(node, CONSOLE, a_case(node)), tmp_path / "a"
    assert killed(node, exhibit.id, medium, image, before_call(12))
    journal = Path(f"{image}.segments")
    whole = journal.read_bytes()
    assert whole.count(b"\n") > 2
    journal.write_bytes(whole[:-9])
    done = acquire(
        node, CONSOLE, exhibit.id, source=medium, image=image, segment_bytes=SEGMENT,
        read_at=failing(),
    )  # fmt: skip
    assert made(done).digests == digest_bytes(zeroed(medium.read_bytes()))


@pytest.fixture
def stopped(node, medium: Path, tmp_path: Path):
    """A copy that stopped since the medium was pulled out; and how to go on with it."""
    exhibit, image = an_exhibit(node, CONSOLE, a_case(node)), tmp_path / "a"

    def go_on(read_at=os.pread, actor=CONSOLE) -> Acquisition:
        return acquire(
            node, actor, exhibit.id, source=medium, image=image, segment_bytes=SEGMENT,
            read_at=read_at, reason="the same stick",
        )  # fmt: skip

    with pytest.raises(SourceGone):
        go_on(failing((2 * SEGMENT // SECTOR,), errno.ENODEV))
    assert not image.exists()
    return go_on


def test_a_medium_that_was_pulled_out_is_gone_on_with(stopped, medium: Path) -> None:
    copied = made(stopped())
    assert (copied.digests, copied.bad) == (digest_bytes(medium.read_bytes()), ())


def changed(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "at", "refusal"),
    [("a.part", 7, ImageBroken), ("medium", 7, OtherSource), ("a.segments", 0, ImageBroken)],
)
def test_what_is_not_what_it_was_is_not_gone_on_with(
    stopped, tmp_path: Path, name: str, at: int, refusal: type[TipbridgeError]
) -> None:
    changed(tmp_path / name, at)
    with pytest.raises(refusal):
        stopped()


def test_a_medium_of_another_length_is_not_gone_on_with(stopped, medium: Path) -> None:
    medium.write_bytes(medium.read_bytes() + b"more")
    with pytest.raises(OtherSource):
        stopped()


def test_a_copy_belongs_to_who_began_it_and_to_one_program(
    stopped, node, staff, tmp_path: Path
) -> None:
    with pytest.raises(ImageStands):
        stopped(actor=staff(node, Role.EXAMINER))
    other = ImageFiles(tmp_path / "a")
    begun = other.standing()
    assert begun
    handle = os.open(tmp_path / "a.segments", os.O_RDWR)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(AcquiredElsewhere):
            stopped()
    finally:
        os.close(handle)
    done = stopped()
    with open_work(node, CONSOLE) as work, pytest.raises(OutOfTurn):
        acquisitions.finish_acquisition(work, begun, made(done))


@pytest.mark.parametrize("name", ["a", "a.part"])
def test_nothing_is_written_over(node, medium: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"dear")
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    with pytest.raises(ImageStands):
        acquire(node, CONSOLE, exhibit.id, source=medium, image=tmp_path / "a")
    assert (tmp_path / name).read_bytes() == b"dear"
    assert made_of(node, exhibit.id) == []


def test_what_is_no_medium_or_no_place_is_refused_in_words(
    node, staff, medium: Path, tmp_path: Path
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node))
    (tmp_path / "empty").touch()
    for source in (tmp_path, tmp_path / "empty", tmp_path / "none"):
        with pytest.raises(NoImage):
            acquire(node, CONSOLE, exhibit.id, source=source, image=tmp_path / "a")
    with pytest.raises(ImageUnwritable):
        acquire(node, CONSOLE, exhibit.id, source=medium, image=tmp_path / "none" / "a")
    with pytest.raises(Forbidden):
        acquire(
            node, staff(node, Role.INVESTIGATOR), exhibit.id, source=medium, image=tmp_path / "b"
        )
    with pytest.raises(CustodyBroken):
        acquire(node, staff(node, Role.EXAMINER), exhibit.id, source=medium, image=tmp_path / "b")
    assert not list(tmp_path.glob("b*")), "nothing is read before it is recorded"
