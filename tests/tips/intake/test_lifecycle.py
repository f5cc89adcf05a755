import contextlib
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.nodes import CONSOLE
from tests.tips.intake.ispws import (
    REPORT,
    add_provider,
    client,
    code,
    details,
    open_report,
    said,
    serving,
    upload,
)
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.storage.scope import move_clock
from tipbridge.foundation.storage.vault import Vault
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions
from tipbridge.tips.intake.errors import ReportGone

START = datetime(2013, 11, 1, tzinfo=UTC)
MARK = b"synthetic-mark-of-this-test"


def at(node: Node, moment: datetime) -> None:
    with open_work(node, WORKER) as work:
        assert move_clock(work.db, moment)


@pytest.fixture
def esp(node):
    at(node, START)
    add_provider(node)
    with serving(node) as address, client(address) as found:
        yield found


def expire(node: Node) -> int:
    with open_work(node, WORKER) as work:
        return actions.expire_reports(work)


def record_of(node: Node, report_id: str):
    with open_work(node, WORKER) as work:
        return actions.read_report(work, report_id)


def test_a_report_expires_at_the_later_of_a_day_and_an_hour_after_its_last_change(esp, node):
    idle, busy = open_report(esp), open_report(esp)
    at(node, START + timedelta(hours=23, minutes=30))
    file_id = said(upload(esp, busy, MARK))["fileId"]
    at(node, START + timedelta(hours=24))
    assert expire(node) == 1
    assert record_of(node, idle).state == "expired"
    at(node, START + timedelta(hours=24, minutes=29))
    assert code(esp.post("/fileinfo", content=details(busy, file_id))) == 0
    at(node, START + timedelta(hours=25, minutes=28))
    assert expire(node) == 0
    at(node, START + timedelta(hours=25, minutes=29))
    assert code(esp.post("/finish", data={"id": busy})) == 5101  # before the job came
    assert expire(node) == 1
    assert expire(node) == 0
    assert code(esp.post("/retract", data={"id": busy})) == 5101


def ended_by_retraction(esp, node, report_id):
    assert code(esp.post("/retract", data={"id": report_id})) == 0
    return "retracted"


def ended_by_expiry(esp, node, report_id):
    at(node, START + timedelta(hours=30))
    assert expire(node) == 1
    return "expired"


def ended_by_purge(esp, node, report_id):
    assert code(esp.post("/finish", data={"id": report_id})) == 0
    with open_work(node, CONSOLE) as work:
        actions.purge(work, report_id)
    return "purged"


@pytest.mark.parametrize("end", [ended_by_retraction, ended_by_expiry, ended_by_purge])
def test_after_its_end_nothing_of_a_report_can_be_read(esp, node, tmp_path, end):
    body = REPORT.replace(b"</reporter>", b"</reporter><additionalInfo>" + MARK
                          + b"</additionalInfo>")  # fmt: skip
    report_id = open_report(esp, body)
    file_id = said(upload(esp, report_id, MARK * 9))["fileId"]
    note = f"<additionalInfo>{MARK.decode()}</additionalInfo>"
    assert code(esp.post("/fileinfo", content=details(report_id, file_id, note))) == 0
    record = record_of(node, report_id)
    sealed = [record.files[0].sealed, *(one.sealed for one in record.originals)]
    assert len(sealed) == 3
    assert MARK in node.vault.read(sealed[0])
    shutil.copytree(node.vault.folder, tmp_path / "copy")

    assert record_of(node, report_id).state == "open"
    state = end(esp, node, report_id)

    assert not [path for path in node.vault.folder.rglob("*") if path.is_file()]
    (next((tmp_path / "copy").glob("*/*/key"))).unlink()  # the node's disk has it no more
    copy = Vault(tmp_path / "copy", node.keys.vault_identity)
    for one in sealed:
        with pytest.raises(NotFound):
            copy.read(one)
    after = record_of(node, report_id)
    assert (after.state, after.report, after.values, after.files, after.originals) == (
        state, None, (), (), (),
    )  # fmt: skip
    assert MARK not in database_text(node)


def database_text(node: Node) -> bytes:
    """Every row of every table of ours, as the database itself writes it out."""
    with open_work(node, WORKER) as work:
        tables = work.db.exec_driver_sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).scalars()
        rows = []
        for table in tables:
            if work.db.exec_driver_sql(
                f"SELECT has_table_privilege('{table}', 'SELECT')"
            ).scalar_one():
                rows += work.db.exec_driver_sql(f"SELECT {table}::text FROM {table}").scalars()
    return "\n".join(row or "" for row in rows).encode()


def test_erasing_is_completed_when_it_was_cut_short(esp, node):
    report_id = open_report(esp)
    upload(esp, report_id, MARK)
    key_id = record_of(node, report_id).key_id
    shutil.copytree(node.vault.folder, node.data / "before")
    esp.post("/retract", data={"id": report_id})
    shutil.rmtree(node.vault.folder)
    (node.data / "before").rename(node.vault.folder)  # as after a crash before the key went
    with open_work(node, WORKER) as work:
        assert actions.erase_ended(work) == 1
    with open_work(node, WORKER) as work:
        assert actions.erase_ended(work) == 0
    assert not node.vault.has_key(key_id)
    assert node.vault.files_of(key_id) == ()


def test_uploads_while_a_report_is_retracted_are_told_so_and_leave_nothing(esp, node):
    for size in (10, 700_000):
        report_id = open_report(esp)
        with ThreadPoolExecutor(6) as pool:
            sent = [pool.submit(upload, esp, report_id, b"y" * size) for _ in range(8)]
            ended = pool.submit(esp.post, "/retract", data={"id": report_id})
            sent += [pool.submit(upload, esp, report_id, b"y" * size) for _ in range(8)]
            answers = [code(one.result()) for one in sent]
        assert code(ended.result()) == 0
        assert set(answers) <= {0, 5101}
        assert 5101 in answers
    with open_work(node, WORKER) as work:
        actions.erase_ended(work)
    assert not [path for path in node.vault.folder.rglob("*") if path.is_file()]


def test_only_a_finished_report_is_purged(esp, node):
    report_id, retracted = open_report(esp), open_report(esp)
    esp.post("/retract", data={"id": retracted})
    for refused, reason in ((report_id, Conflict), (retracted, ReportGone), ("9", NotFound)):
        with pytest.raises(reason), open_work(node, CONSOLE) as work:
            actions.purge(work, refused)


def test_a_submission_that_is_refused_leaves_no_key(esp, node):
    assert code(esp.post("/submit", content=b"<report/>")) == 4100
    assert not [path for path in node.vault.folder.rglob("*") if path.is_file()]


def test_a_large_upload_leaves_no_plaintext_on_any_disk(esp, node, tmp_path):
    report_id = open_report(esp)
    piece = MARK * 39_000  # about 1 MiB
    seen: list[str] = []
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=(seen, done))

    def body():
        head = (
            f'--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'
            '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        )
        yield head.encode()
        for _ in range(50):
            yield piece
        yield b"\r\n--b--\r\n"

    watcher.start()
    try:
        answer = esp.post(
            "/upload", content=body(), headers={"Content-Type": "multipart/form-data; boundary=b"}
        )
    finally:
        done.set()
        watcher.join()
    assert code(answer) == 0
    assert "looked" in seen
    assert "found" not in seen
    record = record_of(node, report_id)
    assert record.files[0].size_bytes == 50 * len(piece)
    stored = next(node.vault.folder.rglob(f"{record.files[0].file_id}.age"))
    assert not holds_mark(stored)
    total = 0
    for part in node.vault.open(record.files[0].sealed):
        total += len(part)
    assert total == 50 * len(piece)


def test_the_watcher_would_find_plaintext(tmp_path):
    for place in (None, "/var/tmp"):
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"x" * 5000 + MARK)
            file.flush()
            seen: list[str] = []
            look(seen)
            assert "found" in seen


def holds_mark(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MARK in file.read(64 * 1024 * 1024)
    except OSError:
        return False


def look(seen: list[str]) -> None:
    """Look at everything this process holds open, and at the folders for passing things."""
    places = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]
    paths = [path for place in places for path in place.iterdir()]
    for handle in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if str(handle.readlink()).startswith("/"):
                paths.append(handle)
    if any(path.is_file() and holds_mark(path) for path in paths):
        seen.append("found")
    seen.append("looked")


def watch(seen: list[str], done: threading.Event) -> None:
    while not done.wait(0.01):
        look(seen)
