"""Documents of a case are given out as they came: writing only, recorded, never media."""

import hashlib
import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from typer.main import get_command

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, IntegrityFailure, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import pages
from tipbridge.police.cases.commands import group
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary import papers
from tipbridge.police.cases.diary.model import Document, DocumentKind

PDF = b"%PDF-1.7\n" + b"a synthetic warrant\n" * 100_000
JPEG = b"\xff\xd8\xff\xe0 not a picture, but it begins as one"
FILM = b"\0\0\0\x18ftypisom not a film either"


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def zipped(*names: str) -> bytes:
    """A ZIP with entries of these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"synthetic")
    return made.getvalue()


def keep(node: Node, case_id: str, data: bytes, media_type: str = "application/pdf") -> Document:
    with open_work(node, CONSOLE) as work:
        return diary.add_document(
            work,
            case_id,
            [data[:3], data[3:]],
            kind=DocumentKind.LETTER,
            title="person-001's letter",
            media_type=media_type,
        )


def opened(node: Node, case_id: str, document_id: str) -> bytes:
    with open_work(node, CONSOLE) as work:
        found = diary.open_document(work, case_id, document_id)
    return b"".join(found.pieces())


def events(node: Node, case_id: str) -> list[str]:
    with open_work(node, CONSOLE) as work:
        entries = audit_store.latest_entries(work.db, limit=9, subject=case_id)
    return [each.event.event for each in entries]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PDF, "application/pdf"),
        ("진술서\n".encode(), "text/plain"),
        (zipped("mimetype", "content.xml"), "application/vnd.oasis.opendocument.text"),
        (zipped("mimetype", "Contents/section0.xml"), "application/vnd.hancom.hwpx"),
        (zipped("[Content_Types].xml", "word/document.xml"), DOCX),
        (zipped("_rels/.rels", "word/document.xml"), DOCX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a letter", "application/x-hwp"),
    ],
)
def test_a_document_is_given_out_as_it_came_and_that_is_recorded(
    node: Node, data: bytes, media_type: str
) -> None:
    case_id = a_case(node).case.id
    kept = keep(node, case_id, data, media_type)
    assert opened(node, case_id, kept.id) == data
    assert events(node, case_id)[0] == "cases.document.opened"


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (JPEG, "application/pdf"),
        (FILM, "text/plain"),
        (PDF, "image/jpeg"),
        (PDF, "Video/mp4"),
    ],
)
def test_media_is_no_document_by_name_or_by_its_bytes(
    node: Node, data: bytes, media_type: str
) -> None:
    case_id = a_case(node).case.id
    with pytest.raises(Invalid, match="exhibits"):
        keep(node, case_id, data, media_type)
    assert list((node.data / "vault").rglob("*.age")) == []
    with pytest.raises(Conflict):
        papers.ending_of(media_type, data[: papers.START_BYTES])


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"anything", "application/octet-stream"),
        (b"<svg/>", "text/html"),
        (b"no pdf at all", "application/pdf"),
        (b"text with a \0 byte", "text/plain"),
        (zipped("1.jpg", "2.mp4"), DOCX),
        (zipped("word/media/1.jpg", "[Content_Types].xml"), DOCX),
        (zipped("1.jpg"), "application/vnd.hancom.hwpx"),
        (b"PK\x03\x04", "application/vnd.oasis.opendocument.text"),
    ],
)
def test_what_is_not_surely_writing_is_kept_and_not_given_out(
    node: Node, data: bytes, media_type: str
) -> None:
    case_id = a_case(node).case.id
    kept = keep(node, case_id, data, media_type)
    with pytest.raises(Conflict, match="not given out"):
        opened(node, case_id, kept.id)
    assert "cases.document.opened" not in events(node, case_id)


def test_a_document_that_is_not_what_it_was_is_not_given_out(node: Node) -> None:
    case_id = a_case(node).case.id
    kept, other = keep(node, case_id, PDF), keep(node, case_id, PDF + b"x")
    (path,) = (node.data / "vault").rglob(f"{kept.sealed.file_id}.age")
    (source,) = (node.data / "vault").rglob(f"{other.sealed.file_id}.age")
    path.write_bytes(source.read_bytes())
    with pytest.raises(IntegrityFailure):
        opened(node, case_id, kept.id)


def test_a_document_of_another_case_is_none(node: Node) -> None:
    one, two = a_case(node).case.id, a_case(node, account_parts("other-kid")).case.id
    kept = keep(node, one, PDF)
    with pytest.raises(NotFound):
        opened(node, two, kept.id)


def test_the_page_gives_a_download_that_no_browser_shows(node: Node) -> None:
    case_id = a_case(node).case.id
    kept = keep(node, case_id, PDF)
    keep(node, case_id, b"anything", "application/octet-stream")
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(pages.router,)), language="en")
    sign_in(client, "desk")
    address = f"/cases/{case_id}/documents/{kept.id}"
    shown = client.get(f"/cases/{case_id}/diary").text
    assert shown.count("/documents/") == 1
    assert address in shown
    answer = client.get(address)
    assert (answer.status_code, answer.content) == (200, PDF)
    name = f'attachment; filename="synthetic-document-{kept.id}.pdf"'
    assert answer.headers["content-disposition"] == name
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "person-001" not in str(answer.headers)


def test_the_command_writes_a_new_file_for_one_reader(
    node: Node, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = node.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_URL", url)
    monkeypatch.setenv("TIPBRIDGE_DATABASE_OWNER_URL", url.replace("_app@", "_owner@"))
    case_id, out = a_case(node).case.id, tmp_path / "warrant.pdf"
    keep(node, case_id, PDF)

    def run(*words: str) -> Any:
        given = [*words, "--data", str(node.data), "--json"]
        done = CliRunner().invoke(get_command(group), given, catch_exceptions=False)
        return json.loads(done.stdout)

    (line,) = run("diary", case_id)["documents"]
    told = run("open-document", case_id, line["id"], "--out", str(out))
    assert told["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert out.read_bytes() == PDF
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match="exists already"):
        run("open-document", case_id, line["id"], "--out", str(out))
