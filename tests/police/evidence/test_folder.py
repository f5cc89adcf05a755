"""Every entry of a folder comes out, read or with a reason, and nothing is changed."""

import hashlib
import os
import socket
from pathlib import Path

import pytest

from tipbridge.police.evidence.errors import NoFolder
from tipbridge.police.evidence.folder import read_folder
from tipbridge.police.evidence.model import ReadFile, SkippedEntry, SkipReason


def _read(root: Path) -> tuple[dict[str, ReadFile], dict[str, SkippedEntry]]:
    entries = list(read_folder(root))
    files = {each.path: each for each in entries if isinstance(each, ReadFile)}
    skipped = {each.path: each for each in entries if isinstance(each, SkippedEntry)}
    assert len(files) + len(skipped) == len(entries)
    return files, skipped


def test_each_file_has_its_three_digests(tmp_path: Path) -> None:
    contents = {"a": b"", "b/c": b"x" * 10, "b/d/e": os.urandom(3_000_000)}
    for name, data in contents.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    files, skipped = _read(tmp_path)
    assert not skipped
    assert set(files) == set(contents)
    for name, data in contents.items():
        digests = files[name].digests
        assert digests.size_bytes == len(data)
        assert digests.md5 == hashlib.md5(data).hexdigest()
        assert digests.sha1 == hashlib.sha1(data).hexdigest()
        assert digests.sha256 == hashlib.sha256(data).hexdigest()


def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("not of this exhibit")
    root = tmp_path / "root"
    root.mkdir()
    (root / "file").symlink_to(outside / "secret")
    (root / "folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "dead").symlink_to("nowhere")
    files, skipped = _read(root)
    assert not files
    assert {each.reason for each in skipped.values()} == {SkipReason.SYMBOLIC_LINK}
    assert len(skipped) == 4
    with pytest.raises(NoFolder):
        list(read_folder(root / "folder"))


def test_special_files_are_reported_and_block_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        _, skipped = _read(tmp_path)
    assert {each.reason for each in skipped.values()} == {SkipReason.SPECIAL_FILE}
    assert set(skipped) == {"fifo", "s"}


def test_an_error_while_reading_is_a_reason_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad").write_bytes(bytes(3_000_000))
    (tmp_path / "good").write_bytes(b"x")
    real, calls = os.read, []

    def read(handle: int, count: int) -> bytes:
        calls.append(count)
        if len(calls) == 3:
            raise OSError(5, "Input/output error")
        return real(handle, count)

    monkeypatch.setattr(os, "read", read)
    files, skipped = _read(tmp_path)
    assert skipped["bad"].reason is SkipReason.UNREADABLE_FILE
    assert skipped["bad"].detail == "EIO at byte 2097152"
    assert set(files) == {"good"}


def test_a_file_that_grows_while_read_is_not_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"one")
    real = os.read

    def read(handle: int, count: int) -> bytes:
        found = real(handle, count)
        with path.open("ab") as more:
            more.write(b"more")
        return found

    monkeypatch.setattr(os, "read", read)
    _, skipped = _read(tmp_path)
    assert skipped["log"].reason is SkipReason.CHANGED_WHILE_READ


def test_a_folder_that_cannot_be_opened_is_one_entry_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "file").write_text("x")
    real = os.open

    def refuse(path, flags, *args, **names):
        if path == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *args, **names)

    monkeypatch.setattr(os, "open", refuse)
    files, skipped = _read(tmp_path)
    assert set(files) == {"open/file"}
    assert skipped["closed/"] == SkippedEntry(
        path="closed/", reason=SkipReason.UNREADABLE_FOLDER, detail="EACCES"
    )


def test_names_of_any_bytes_are_kept_readable(tmp_path: Path) -> None:
    (tmp_path / "사진.bmp").write_text("x")
    with open(os.fsencode(tmp_path) + b"/bad\xff\nname", "wb"):  # noqa: PTH123 - bytes
        pass
    files, _ = _read(tmp_path)
    assert set(files) == {"사진.bmp", "bad\\xff\nname"}


def test_a_deep_folder_is_read_to_its_end(tmp_path: Path) -> None:
    here = tmp_path
    for _ in range(150):
        here = here / "d"
    here.mkdir(parents=True)
    (here / "end").write_text("x")
    files, _ = _read(tmp_path)
    assert len(files) == 1


def test_the_order_is_that_of_names_and_always_the_same(tmp_path: Path) -> None:
    for name in ("b", "a", "c", "B"):
        (tmp_path / name).write_text(name)
    assert [each.path for each in read_folder(tmp_path)] == ["B", "a", "b", "c"]


def test_nothing_of_the_source_changes(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"x")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    before = path.stat()
    _read(tmp_path)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_ctime_ns) == (after.st_mtime_ns, after.st_ctime_ns)
    assert after.st_atime_ns == before.st_atime_ns, "our own file: its access time is left alone"


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NoFolder):
        list(read_folder(tmp_path / name))


def test_stopping_half_way_leaves_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("x")
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count is enough
    entries = read_folder(tmp_path)
    next(entries)
    entries.close()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
