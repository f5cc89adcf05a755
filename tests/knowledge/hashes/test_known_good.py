"""Known-good sets as NSRL hands them out: SQLite databases, read in place and never trusted."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.knowledge.hashes.lists import activated, opened
from tests.nodes import CONSOLE, add_staff
from tipbridge.cli.main import cli
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.errors import ListRejected
from tipbridge.knowledge.hashes.knowngood.reading import SetFile, read_set
from tipbridge.knowledge.hashes.model import Found, Reject, Scheme

MINIMAL = """
    CREATE TABLE FILE (
        sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, md5 VARCHAR NOT NULL,
        file_name VARCHAR NOT NULL, file_size INTEGER NOT NULL, package_id INTEGER NOT NULL,
        CONSTRAINT PK_FILE__FILE
            PRIMARY KEY (sha256, sha1, md5, file_name, file_size, package_id));
    CREATE TABLE MFG (manufacturer_id INTEGER PRIMARY KEY, name VARCHAR NOT NULL);
    CREATE VIEW DISTINCT_HASH AS SELECT DISTINCT sha256, sha1, md5 FROM FILE;
"""
FULL = """
    CREATE TABLE METADATA (
        metadata_id INTEGER PRIMARY KEY, file_name VARCHAR, extension VARCHAR, bytes INTEGER,
        crc32 VARCHAR, md5 VARCHAR, sha1 VARCHAR, sha256 VARCHAR);
    CREATE VIEW FILE AS SELECT sha256, sha1, md5, file_name, bytes AS file_size FROM METADATA;
"""
INTO_FILE = "INSERT INTO FILE VALUES (?, ?, ?, ?, ?, ?)"
INTO_METADATA = "INSERT INTO METADATA (sha256, sha1, md5, file_name, bytes) VALUES (?, ?, ?, ?, ?)"
PROGRAMS = [b"a program of person-001", b"a library", b"a picture of a desktop"]


def made(path: Path, schema: str = MINIMAL, into: str = "", rows: list | None = None) -> Path:
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(schema)
        if rows:
            db.executemany(into, rows)
    return path


def row(data: bytes, name: str = "a.dll", package: int = 1) -> tuple[object, ...]:
    found = digest_bytes(data)
    cased = (found.sha256.upper(), found.sha1.upper(), found.md5.upper())
    return (*cased, name, len(data), package)


def minimal(path: Path, programs: list[bytes] = PROGRAMS) -> Path:
    """A set as the minimal one is: a file stands in it once for each of its packages."""
    rows = [row(each, package=package) for each in programs for package in (1, 2)]
    return made(path, MINIMAL, INTO_FILE, rows)


def digests_of(data: bytes) -> set[str]:
    found = digest_bytes(data)
    return {found.sha256, found.sha1, found.md5}


def load(node, path: Path, *, purpose: str = "known-good", form: str = "nsrl"):
    keeper = opened(node, "reduce", purpose)
    with open_work(node, keeper) as work:
        return actions.import_list(work, name="reduce", lines=path, form=form)


def read(path: Path) -> list[Found]:
    return list(read_set(SetFile(path), Scheme.FREE))


@pytest.mark.parametrize(
    ("schema", "into", "cells"), [(MINIMAL, INTO_FILE, 6), (FULL, INTO_METADATA, 5)]
)
def test_a_minimal_and_a_full_set_reduce_and_are_never_a_finding(
    node, tmp_path, schema, into, cells
) -> None:
    rows = [row(each)[:cells] for each in (*PROGRAMS, b"")]
    file = made(tmp_path / "RDS_2026.03.1.db", schema, into, rows)
    counts = load(node, file)
    assert (counts.added, counts.trivial) == (9, {"an empty file": 3})
    assert counts.file_sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    activated(node, "reduce")
    asked = set().union(*map(digests_of, PROGRAMS), digests_of(b"another"))
    with open_work(node, add_staff(node, Role.EXAMINER)) as work:
        found = actions.known_on(work, asked, [actions.find_list(work, "reduce").id])
        assert set(found) == set().union(*map(digests_of, PROGRAMS))
        assert {hit.list_name for hits in found.values() for hit in hits} == {"reduce"}
        assert actions.known(work, asked) == {}


def test_a_file_of_several_packages_is_one_entry_and_the_set_stays_as_it_was(tmp_path) -> None:
    folder = tmp_path / "a set? #1"  # nothing of a path is taken for an option of SQLite's
    folder.mkdir()
    file = minimal(folder / "set %41.db")
    before = file.read_bytes()
    assert len(read(file)) == 3 * len(PROGRAMS)
    assert file.read_bytes() == before
    assert list(folder.iterdir()) == [file]


def test_a_set_goes_into_a_list_of_known_good_files_alone(node, tmp_path) -> None:
    with pytest.raises(Invalid, match="a list of the purpose known-good, and reduce is known-mat"):
        load(node, minimal(tmp_path / "set.db"), purpose="known-material")


def test_the_text_form_of_a_set_goes_into_a_list_of_known_good_files_alone(node) -> None:
    head = (
        b'"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\n'
    )
    found = digest_bytes(PROGRAMS[0])
    line = f'"{found.sha1}","{found.md5}","0","a.dll",17,1,"WIN",""\n'.encode()
    for name, purpose in (("national", "known-material"), ("own", "own-cases")):
        keeper = opened(node, name, purpose)
        with pytest.raises(Invalid, match="NSRL's table"), open_work(node, keeper) as work:
            actions.import_list(work, name=name, lines=[head, line])
    keeper = opened(node, "reduce", "known-good")
    with open_work(node, keeper) as work:
        assert actions.import_list(work, name="reduce", lines=[head, line]).added == 2


def test_a_row_that_is_no_digest_is_named_and_nothing_is_loaded(node, tmp_path) -> None:
    good = row(PROGRAMS[0])
    rows = [
        good,
        ("ab" * 31, *good[1:]),
        (good[0], 7, good[2], *good[3:]),
        (good[0], good[1], b"\xff" * 32, *good[3:]),
        ("", "", "", "a.dll", 1, 1),
        (good[0], good[1], "é" * 32, *good[3:]),
    ]
    file = made(tmp_path / "set.db", MINIMAL, INTO_FILE, rows)
    assert [each for each in read(file) if isinstance(each, Reject)] == [
        Reject(line=2, reason="not 64 hexadecimal digits (sha256)"),
        Reject(line=3, reason="not 40 hexadecimal digits (sha1)"),
        Reject(line=4, reason="not 32 hexadecimal digits (md5)"),
        Reject(line=5, reason="no digest"),
        Reject(line=6, reason="not 32 hexadecimal digits (md5)"),
    ]
    with pytest.raises(ListRejected, match=r"5 lines rejected.*line 2: not 64"):
        load(node, file)
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        assert actions.find_list(work, "reduce").waiting_version is None


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE OTHER (sha256 VARCHAR)",
        "CREATE TABLE FILE (name VARCHAR)",
        "CREATE VIEW FILE AS SELECT 'x' AS sha256, load_extension('x') AS sha1",
        "CREATE VIRTUAL TABLE FILE USING fts5(sha256, sha1, md5)",
        "CREATE TABLE FILE (a TEXT, sha256 TEXT GENERATED ALWAYS AS (hex(zeroblob(9e8))))",
    ],
)
def test_no_view_virtual_table_or_computed_column_is_taken_for_a_set(tmp_path, schema) -> None:
    file = made(tmp_path / "set.db", schema)
    with pytest.raises(Invalid, match="holds no set: no table FILE or METADATA has a column"):
        read(file)


def _overwritten(good: bytes) -> bytes:
    """The pages of a large set, those in the middle filled with something else."""
    middle = len(good) // 2 // 4096 * 4096
    return good[:middle] + b"\x5a" * 8192 + good[middle + 8192 :]


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda _: b"", "no SQLite database; take it out of its archive"),
        (lambda _: b"PK\3\4" + bytes(99), "no SQLite database; take it out of its archive"),
        (lambda good: good[:16], "is damaged"),
        (lambda good: good[: len(good) // 2 // 4096 * 4096], "is damaged"),
        (lambda good: good[:100] + bytes(len(good) - 100), "is damaged"),
        (_overwritten, "is damaged"),
    ],
)
def test_a_damaged_database_is_refused_in_words(node, tmp_path, harm, told) -> None:
    file = minimal(tmp_path / "set.db", [b"%d" % number for number in range(400)])
    assert len(read(file)) == 1_200
    file.write_bytes(harm(file.read_bytes()))
    with pytest.raises(Invalid, match=told) as refused:
        load(node, file)
    assert refused.value.public.startswith("set.db ")


def test_a_set_that_is_still_written_to_is_refused(node, tmp_path) -> None:
    file = minimal(tmp_path / "set.db")
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute(INTO_FILE, row(b"newer"))
        with pytest.raises(Invalid, match=r"set\.db-wal holds what was not yet written into it"):
            load(node, file)
    assert len(read(file)) == 3 * (len(PROGRAMS) + 1)
    opened_before = SetFile(file)
    made(file, "CREATE TABLE later (a)")
    with pytest.raises(Invalid, match="changed while it was read"):
        opened_before.sha256()


def test_the_form_and_the_file_have_to_fit(node, tmp_path) -> None:
    file = minimal(tmp_path / "set.db")
    keeper = opened(node, "reduce", "known-good")
    for lines, form, told in (
        (file, "text", "read from a SQLite file, and nothing else is"),
        ([b"ab"], "nsrl", "read from a SQLite file"),
        ([file.read_bytes()[:4_000]], "text", "a SQLite database: read it with --form nsrl"),
    ):
        with pytest.raises(Invalid, match=told), open_work(node, keeper) as work:
            actions.import_list(work, name="reduce", lines=lines, form=form)


def test_the_command_loads_a_set(node, tmp_path, monkeypatch) -> None:
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    with open_work(node, CONSOLE) as work:
        actions.add_list(work, name="reduce", purpose="known-good", owner="a made-up body")
    line = ["lists", "import", "reduce", str(minimal(tmp_path / "set.db")), "--form", "nsrl"]
    done = CliRunner().invoke(cli, [*line, "--mode", "replace", "--data", str(node.data), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["added"], told["already_there"]) == (9, 0)
    (tmp_path / "set.db").write_bytes(b"")
    refused = CliRunner().invoke(cli, [*line, "--data", str(node.data)])
    assert isinstance(refused.exception, Invalid)
    assert "set.db is no SQLite database" in refused.exception.public
