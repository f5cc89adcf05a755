"""Bundles made to lead a checker astray: paths, links, sizes, documents, what can't be read."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.police.disclosure.bundles import KEYS, a_bundle, a_content, laid
from tests.police.disclosure.verdicts import Wrong, as_signed, both, resigned
from tipbridge.police.disclosure import bag


@pytest.mark.parametrize(
    "path", ["../../outside", "/etc/passwd", "data/../../x", "data//x", "data/a\\b", "data/\x1b[2J"]
)
def test_no_statement_or_manifest_leads_outside_the_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_bytes(b"not for anybody")
    files = a_bundle(a_content(11))
    listed = {path: {"sha256": bag.sha256(b"not for anybody"), "size": 15}}
    signed = laid(tmp_path / "signed", resigned(files, KEYS, files=listed))
    assert ("statement.dsse.json", "changed", "") in both(signed)
    files[bag.TAG_MANIFEST] = bag.manifest({path: bag.sha256(b"not for anybody")})
    del files[bag.STATEMENT]
    by_list = laid(tmp_path / "listed", files)
    assert set(both(by_list)) == {
        ("statement.dsse.json", "missing", ""),
        ("tagmanifest-sha256.txt", "changed", ""),
    }


def test_links_and_devices_are_named_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    files = a_bundle(a_content(12))
    folder = laid(tmp_path / "b", files)
    (folder / "data" / "case.json").unlink()
    (folder / "data" / "case.json").symlink_to(tmp_path / "secret")
    (tmp_path / "secret").write_bytes(files["data/case.json"])
    (folder / "data" / "loop").symlink_to(folder)
    os.mkfifo(folder / "data" / "pipe")
    (folder / "data" / "empty").mkdir()
    (folder / "line\nfeed").write_bytes(b"")
    assert both(folder) == [
        ("data/case.json", "missing", ""),
        ("data/case.json", "unsafe", ""),
        ("data/empty/", "extra", ""),
        ("data/loop", "unsafe", ""),
        ("data/pipe", "unsafe", ""),
        ("line\nfeed", "unsafe", ""),
    ]


def test_a_path_longer_than_systems_take_is_named_and_ends_nobody(tmp_path: Path) -> None:
    place, name = laid(tmp_path / "a", a_bundle(a_content(1))), "d" * 250
    at = os.open(place, os.O_RDONLY)
    for _ in range(24):
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    assert both(place) == [("/".join([name] * 3), "unsafe", "")]
    shutil.rmtree(place)


def test_a_document_has_a_limit_and_a_list_of_lines_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 1 << 18
    monkeypatch.setattr("tipbridge.police.disclosure.checking.MOST_DOCUMENT_BYTES", most)
    monkeypatch.setattr("tools.verify_bundle.MOST_DOCUMENT_BYTES", most)
    content = a_content(7)
    done = content.examinations[0]
    line = {"path": "volume/link", "reason": "symbolic-link", "detail": ""}
    content.unprocessed[done["id"]] = [line] * 5000
    done["total"] += 5000 - done["unprocessed"]
    done["unprocessed"] = 5000
    files = a_bundle(content)
    assert len(files[f"data/unprocessed/{done['id']}.jsonl"]) > most
    assert both(laid(tmp_path / "many", files)) == []
    files["data/audit.json"] += b" " * most
    assert both(laid(tmp_path / "large", as_signed(files))) == [
        ("data/audit.json", "contradicts", ""),
        ("data/custody.json", "contradicts", ""),
        ("data/favours.json", "contradicts", ""),
    ]


@contextmanager
def _as_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """In the folder, as somebody whom modes bind."""
    folder.chmod(0o755)
    monkeypatch.chdir(folder)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_what_cant_be_read_is_named_and_ends_no_checker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, shut = a_bundle(a_content(13)), "unreadable"
    findings = sorted(path for path in files if path.startswith("data/findings/"))
    cases: dict[str, Wrong] = {
        "data/case.json": [("data/case.json", shut, "")],
        "data/findings": [
            *((path, "missing", "") for path in findings),
            ("data/findings/", shut, ""),
        ],
        bag.STATEMENT: [(bag.STATEMENT, shut, "")],
        bag.TAG_MANIFEST: [(bag.TAG_MANIFEST, shut, "")],
        bag.MANIFEST: [(bag.MANIFEST, shut, "")],
        "more.txt": [("more.txt", shut, "")],
    }
    for number, (path, said) in enumerate(cases.items()):
        folder = laid(tmp_path / str(number), files | {"more.txt": b"more"})
        if path != "more.txt":
            (folder / "more.txt").unlink()
        (folder / path).chmod(0o400 if (folder / path).is_dir() else 0)
        with _as_nobody(tmp_path, monkeypatch):
            assert both(Path(str(number))) == sorted(said), path
    laid(tmp_path / "root", files).chmod(0)
    with _as_nobody(tmp_path, monkeypatch):
        assert ("/", shut, "") in both(Path("root"))


def test_a_file_of_another_size_is_not_read_however_large(tmp_path: Path) -> None:
    folder = laid(tmp_path / "b", a_bundle(a_content(13)))
    with (folder / "data" / "case.json").open("r+b") as file:
        file.truncate(1 << 42)
    assert both(folder) == [("data/case.json", "changed", "")]


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"disclosure":1,"disclosure":2}',
        b"NaN",
        b"\xff",
        b"",
        b"1e999999",
        b'"\\ud800"',
        b"9" * 5000,
    ],
)
def test_documents_made_to_break_a_reader_are_named(tmp_path: Path, data: bytes) -> None:
    beside = {"audit.json": {"custody.json", "favours.json"}, "examinations.json": {"favours.json"}}
    names = ("case.json", "custody.json", "audit.json", "case.jsonld", "examinations.json")
    for name in (*names, "favours.json"):
        files = a_bundle(a_content(14))
        files[f"data/{name}"] = data
        folder = laid(tmp_path / name, as_signed(files))
        wrong = {name} | beside.get(name, set())  # held against it
        assert both(folder) == [(f"data/{each}", "contradicts", "") for each in sorted(wrong)]
    for name in (bag.STATEMENT, bag.TAG_MANIFEST):
        files = a_bundle(a_content(14)) | {name: data}
        assert both(laid(tmp_path / f"tag-{name}", files)) == [(name, "changed", "")]
