"""What a task does is a value or a reason of the closed list; the node goes on."""

import json
import os
import signal
import threading
from collections.abc import Generator, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.foundation.box.boxes import open_behind, plan, task, value_of
from tests.watching import until
from tipbridge.foundation.base.errors import Invalid, Kind
from tipbridge.foundation.box.errors import BoxClosed
from tipbridge.foundation.box.model import Done, Failed, Limits, Reason, Walls
from tipbridge.foundation.box.pool import Box, open_box

SOON = Limits(wall_seconds=0.2)
ONE_SECOND = Limits(cpu_seconds=1, wall_seconds=60)


def test_a_picture_is_decoded_inside(box: Box) -> None:
    written = BytesIO()
    Image.new("RGB", (31, 17)).save(written, "PNG")
    assert box.run(task("size_of_picture"), written.getvalue()) == Done(value=[31, 17])


def test_what_is_no_picture_is_undecodable_and_names_the_fault(box: Box) -> None:
    assert box.run(task("size_of_picture"), b"no picture") == Failed(
        reason=Reason.UNDECODABLE, detail="UnidentifiedImageError"
    )


@pytest.mark.parametrize(
    ("name", "arguments", "reason", "detail"),
    [
        ("stumble", {}, Reason.UNDECODABLE, "ValueError"),
        ("sink", {}, Reason.UNDECODABLE, "RecursionError"),
        ("refuse", {"reason": "encrypted", "detail": "zip-aes"}, Reason.ENCRYPTED, "zip-aes"),
        ("refuse", {"reason": "too-large", "detail": "words of it"}, Reason.TOO_LARGE, ""),
        ("fall", {}, Reason.KILLED, "SIGSEGV"),
        ("abort", {}, Reason.KILLED, "SIGSEGV"),  # the signal of abort is denied, the end is not
        ("end_with", {"code": 3}, Reason.KILLED, "exit-3"),
        ("end_with", {"code": 0}, Reason.RESULT_MALFORMED, ""),
        ("answer", {"count": 2_000_000}, Reason.RESULT_TOO_BIG, ""),
        ("flood", {}, Reason.RESULT_TOO_BIG, ""),
        ("answer_with_a_set", {}, Reason.RESULT_MALFORMED, "TypeError"),
        ("answer_with_no_number", {}, Reason.RESULT_MALFORMED, "ValueError"),
    ],
)
def test_each_way_to_fail_has_its_reason_and_the_next_file_its_value(
    plain_box: Box, name: str, arguments: dict, reason: Reason, detail: str
) -> None:
    failed = plain_box.run(task(name), b"", arguments=arguments)
    assert failed == Failed(reason=reason, detail=detail)
    assert plain_box.run(task("length"), b"1234") == Done(value=4)


@pytest.mark.parametrize(
    "written",
    [
        b"", b"{", b"[]", b"null", b'"value"', b"[" * 100_000, b"\xff", b"\x80\x04N.",
        b'{"value":1,"value":2}', b'{"value":1,"reason":"killed"}', b'{"value":NaN}',
        b'{"reason":"of-my-own","detail":""}', b'{"reason":"killed","detail":"two words"}',
        b'{"reason":["killed"],"detail":""}', b'{"reason":"killed","detail":7}',
    ],
)  # fmt: skip
def test_a_decoder_that_was_taken_over_writes_nothing_that_is_believed(
    plain_box: Box, written: bytes
) -> None:
    assert plain_box.run(task("write_raw"), written) == Failed(reason=Reason.RESULT_MALFORMED)


def test_a_stray_word_does_not_stand_in_the_result(plain_box: Box) -> None:
    assert plain_box.run(task("print_and_answer"), b"") == Done(value="clean")


def test_a_result_up_to_its_cap_arrives(plain_box: Box) -> None:
    count = Limits().result_bytes - len(json.dumps({"value": ""}, separators=(",", ":")))
    assert plain_box.run(task("answer"), b"", arguments={"count": count}) == Done(value="x" * count)
    assert plain_box.run(task("answer"), b"", arguments={"count": count + 1}) == Failed(
        reason=Reason.RESULT_TOO_BIG
    )


def test_512_mebibytes_above_the_warm_decoder_and_no_more(box: Box) -> None:
    assert box.run(task("take_memory"), b"", arguments={"mebibytes": 500}) == Done(value=500)
    more = box.run(task("take_memory"), b"", arguments={"mebibytes": 513})
    assert more == Failed(reason=Reason.OUT_OF_MEMORY)
    assert box.run(task("take_memory_in_bits"), b"") == Failed(reason=Reason.OUT_OF_MEMORY)


def test_ten_seconds_are_the_default() -> None:
    assert (Limits().cpu_seconds, Limits().wall_seconds) == (10, 10.0)
    assert Limits().memory_bytes == 512 * 1024**2


@pytest.mark.parametrize("stubborn", [False, True])
def test_a_second_of_processor_is_the_end(plain_box: Box, stubborn: bool) -> None:
    outcome = plain_box.run(task("spin"), b"", arguments={"stubborn": stubborn}, limits=ONE_SECOND)
    assert outcome == Failed(reason=Reason.OUT_OF_TIME, detail="processor")


def test_waiting_has_an_end_of_its_own(box: Box) -> None:
    outcome = box.run(task("wait"), b"", arguments={"seconds": 600}, limits=SOON)
    assert outcome == Failed(reason=Reason.OUT_OF_TIME, detail="waiting")


def test_a_source_that_is_never_read_has_an_end_too(plain_box: Box) -> None:
    chunks = (bytes(65536) for _ in range(1000))
    outcome = plain_box.run(task("read_one_byte_and_wait"), chunks, limits=SOON)
    assert outcome == Failed(reason=Reason.OUT_OF_TIME, detail="waiting")


def test_bytes_a_file_and_chunks_all_arrive(box: Box, tmp_path: Path) -> None:
    data = os.urandom(3_000_000)
    path = tmp_path / "file"
    path.write_bytes(data)
    expected = box.run(task("checksum"), data, arguments={"start": 7})
    assert isinstance(expected, Done)
    with path.open("rb") as opened:
        assert box.run(task("checksum"), opened.fileno(), arguments={"start": 7}) == expected
    chunks = (data[at : at + 70_001] for at in range(0, len(data), 70_001))
    assert box.run(task("checksum"), chunks, arguments={"start": 7}) == expected
    assert box.run(task("length"), [b"", b"ab", b"", b"c"]) == Done(value=3)
    assert box.run(task("length"), b"") == Done(value=0)


def test_a_decoder_may_answer_before_it_has_read_everything(plain_box: Box) -> None:
    chunks = (bytes(65536) for _ in range(100))
    outcome = plain_box.run(task("answer"), chunks, arguments={"count": 1})
    assert outcome == Done(value="x")


def test_a_fault_of_the_source_is_raised_and_the_fork_ends(plain_box: Box) -> None:
    def broken() -> Iterator[bytes]:
        yield b"some"
        raise OSError("the vault's seal is broken")

    with pytest.raises(OSError, match="seal is broken"):
        plain_box.run(task("length"), broken())
    assert plain_box.run(task("length"), b"12") == Done(value=2)


def test_a_file_that_could_be_written_to_is_refused(plain_box: Box, tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+b") as opened, pytest.raises(Invalid, match="reading only"):
        plain_box.run(task("length"), opened.fileno())
    with Path("/dev/zero").open("rb") as device, pytest.raises(Invalid, match="a file or a pipe"):
        plain_box.run(task("length"), device.fileno())


def test_no_file_sees_anything_of_the_one_before(plain_box: Box) -> None:
    answers = {plain_box.run(task("how_often_called"), b"") for _ in range(3)}
    assert answers == {Done(value=0)}


def test_what_is_warmed_is_warmed_once_before_the_first_file(plain_box: Box) -> None:
    first, second = (value_of(plain_box.run(task("was_warmed"), b"")) for _ in range(2))
    assert first[0] == second[0] == 1
    assert first[1] != second[1]


def test_only_tasks_of_the_plan_run(plain_box: Box) -> None:
    with pytest.raises(Invalid, match="was not opened for 'os:system'"):
        plain_box.run("os:system", b"")


@pytest.fixture
def own_box() -> Generator[Box]:
    with open_behind(Walls.KERNEL, at_once=4) as opened:
        yield opened


def test_many_files_at_once_get_each_its_own_value(own_box: Box) -> None:
    found = {}

    def ask(count: int) -> None:
        found[count] = own_box.run(task("length"), bytes(count))

    asking = [threading.Thread(target=ask, args=(count,)) for count in range(40)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert found == {count: Done(value=count) for count in range(40)}


def test_a_warm_process_that_dies_takes_its_file_along_and_is_started_again(own_box: Box) -> None:
    found = []
    waiting = threading.Thread(
        target=lambda: found.append(own_box.run(task("wait"), b"", arguments={"seconds": 600}))
    )
    waiting.start()
    warm = own_box._warm.process.pid
    children = Path(f"/proc/{warm}/task/{warm}/children")
    until(lambda: children.read_text().split())
    fork = int(children.read_text().split()[0])
    os.kill(warm, signal.SIGKILL)
    waiting.join()
    assert found == [Failed(reason=Reason.KILLED, detail="box-ended")]
    until(lambda: not Path(f"/proc/{fork}").exists())
    assert own_box.run(task("length"), b"123") == Done(value=3)


def test_a_closed_box_answers_clearly(own_box: Box) -> None:
    own_box.close()
    with pytest.raises(BoxClosed, match="closed") as caught:
        own_box.run(task("length"), b"")
    assert caught.value.kind is Kind.UNAVAILABLE


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tests.foundation.box.tasks:nothing_such", "AttributeError"),
        ("tests.foundation.box.nowhere:task", "ModuleNotFoundError"),
    ],
)
def test_a_task_that_can_not_be_loaded_is_named(name: str, said: str) -> None:
    with pytest.raises(BoxClosed, match=said):
        open_box(plan(Walls.KERNEL, tasks=(name,)))


def test_a_name_that_no_task_can_have_is_invalid() -> None:
    with pytest.raises(Invalid, match=r"package\.module:function"):
        open_box(plan(tasks=("os.system('x')",)))
