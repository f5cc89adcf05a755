"""A document added by the form goes straight into the seal: no plaintext on disk, flat memory."""

import tempfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts
from tests.police.folk import a_case
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import pages
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.diary import receiving, sealing
from tipbridge.police.cases.diary.model import Document
from tipbridge.police.cases.diary.receiving import DocumentForm

PDF = b"%PDF-1.7\n" + b"a synthetic warrant\n" * 60_000
WORDS = {"kind": "warrant", "title": "영장"}
MIB = 1024**2
TYPE = "multipart/form-data; boundary=b"


def parts(file_name: str, data: bytes, **words: str) -> bytes:
    """A form as a browser sends it, the file last."""
    said = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in words.items()
    )
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n\r\n'
    return said.encode() + head.encode() + data + b"\r\n--b--\r\n"


def sealed_files(node: Node) -> list[Path]:
    return [path for path in (node.data / "vault").rglob("*") if path.suffix == ".age"]


def documents(node: Node, case_id: str) -> tuple[Document, ...]:
    with open_work(node, CONSOLE) as work:
        return diary.read_diary(work, case_id).documents


def opened(node: Node, case_id: str, document_id: str) -> bytes:
    with open_work(node, CONSOLE) as work:
        return b"".join(diary.open_document(work, case_id, document_id).pieces())


def signed_in(node: Node, *roles: Role) -> TestClient:
    add_member(node, "desk", *roles)
    app: FastAPI = shell_app(node, routers=(pages.router,))
    client = browser(app)
    sign_in(client, "desk")
    return client


@pytest.fixture
def no_files_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may open a temporary file: form parsers that spool would."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a temporary file")

    for name in ("SpooledTemporaryFile", "NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)


@pytest.mark.usefixtures("no_files_elsewhere")
def test_the_form_on_the_cases_page_seals_a_document_in(node: Node) -> None:
    case_id = a_case(node).case.id
    client = signed_in(node, Role.INVESTIGATOR)
    shown = client.get(f"/cases/{case_id}/diary").text
    assert 'enctype="multipart/form-data"' in shown
    answer = client.post(
        f"/cases/{case_id}/documents", data=WORDS, files={"file": ("영장.PDF", PDF)}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{case_id}/diary")
    (kept,) = documents(node, case_id)
    assert (kept.title, kept.kind, kept.media_type) == ("영장", "warrant", "application/pdf")
    assert opened(node, case_id, kept.id) == PDF
    assert all(b"synthetic warrant" not in path.read_bytes() for path in sealed_files(node))
    assert "영장" in client.get(f"/cases/{case_id}/diary").text


REFUSED = {
    "media by its name": ("a.jpg", b"\xff\xd8\xff\xe0 no picture", WORDS, 400, ".docx .hwp"),
    "media by its bytes": ("a.pdf", b"\xff\xd8\xff\xe0 no picture", WORDS, 400, "exhibits"),
    "a film called text": ("a.txt", b"\0\0\0\x18ftypisom" + bytes(MIB), WORDS, 400, "exhibits"),
    "bytes of another type": ("a.pdf", b"only words", WORDS, 400, "application/pdf"),
    "nothing in it": ("a.pdf", b"", WORDS, 400, "empty"),
    "no title": ("a.txt", b"words", {"kind": "letter"}, 400, "title"),
    "an unknown kind": ("a.txt", b"words", {**WORDS, "kind": "x"}, 400, "warrant"),
    "a field too many": ("a.txt", b"words", {**WORDS, "sha256": "0"}, 400, "each once"),
    "too long": ("a.txt", b"w" * (2 * MIB + 1), WORDS, 413, "at most 2 MiB"),
    "far too long": ("a.txt", b"w" * (9 * MIB), WORDS, 413, "at most 2 MiB"),
}


def test_what_is_refused_leaves_nothing_and_says_what_is_allowed(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "DOCUMENT_BYTES", 2 * MIB)
    monkeypatch.setattr(receiving, "FORM_BYTES", 3 * MIB)
    case_id = a_case(node).case.id
    client = signed_in(node, Role.INVESTIGATOR)
    for why, (name, data, words, status, said) in REFUSED.items():
        answer = client.post(
            f"/cases/{case_id}/documents", data=words, files={"file": (name, data)}
        )
        assert answer.status_code == status, why
        assert said.replace(" ", "") in answer.text.replace(",", "").replace(" ", ""), why
        assert sealed_files(node) == [], why
    for body in (parts("a.txt", b"words", **WORDS)[:-9], b"no form", b""):
        answer = client.post(
            f"/cases/{case_id}/documents", content=body, headers={"content-type": TYPE}
        )
        assert answer.status_code == 400
    again = parts("a.txt", b"words").replace(b"--b--\r\n", b"") + parts("a.txt", b"w", **WORDS)
    answer = client.post(
        f"/cases/{case_id}/documents", content=again, headers={"content-type": TYPE}
    )
    assert answer.status_code == 400
    assert client.post(f"/cases/{case_id}/documents", data=WORDS).status_code == 400
    assert documents(node, case_id) == ()
    assert sealed_files(node) == []


def test_nobody_seals_into_a_case_that_is_not_theirs(node: Node) -> None:
    case_id = a_case(node, account_parts("kid")).case.id
    client = signed_in(node, Role.PRESS)
    form = {"data": WORDS, "files": {"file": ("a.pdf", PDF)}}
    assert client.post(f"/cases/{case_id}/documents", **form).status_code == 403
    assert client.post(f"/cases/{'0' * 32}/documents", **form).status_code == 403
    assert sealed_files(node) == []


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_pieces_of_any_size_make_the_same_document(node: Node, size: int) -> None:
    body = parts("a.pdf", PDF[:6000], **WORDS)
    form = DocumentForm(node, "0" * 32, TYPE)
    for start in range(0, len(body), size):
        form.feed(body[start : start + size])
    sent = form.close()
    assert b"".join(node.vault.open(sent.document.sealed)) == PDF[:6000]
    form.discard()
    form.discard()
    assert sealed_files(node) == []


def test_memory_stays_flat_however_long_the_document_is(node: Node) -> None:
    def pieces(count: int) -> Iterator[bytes]:
        whole = parts("a.txt", b"", **WORDS)
        yield whole.removesuffix(b"\r\n--b--\r\n")
        for _ in range(count):
            yield b"word" * (MIB // 16)
        yield b"\r\n--b--\r\n"

    def peak_of(count: int) -> int:
        form = DocumentForm(node, "0" * 32, TYPE)
        tracemalloc.start()
        try:
            for piece in pieces(count):
                form.feed(piece)
            assert form.close().document.size_bytes == count * MIB // 4
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            form.discard()

    assert peak_of(80) < peak_of(8) + MIB


def test_a_row_that_is_refused_takes_the_sealed_bytes_back(node: Node) -> None:
    case_id = a_case(node).case.id
    form = DocumentForm(node, case_id, TYPE)
    form.feed(parts("a.txt", b"words", kind="letter", title="t" * 2000))
    sent = form.close()
    with pytest.raises(TipbridgeError, match="title"), open_work(node, CONSOLE) as work:
        diary.add_sealed_document(
            work, case_id, sent.document, kind=sent.kind, title=sent.title, media_type="text/plain"
        )
    form.discard()
    assert sealed_files(node) == []
