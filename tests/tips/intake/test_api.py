import base64
import hashlib
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest
from starlette.testclient import TestClient

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
from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions, providers
from tipbridge.tips.report.parse import SCHEMA_BYTES

MD5_OF_NOTHING = "d41d8cd98f00b204e9800998ecf8427e"


@pytest.fixture
def address(node):
    add_provider(node)
    with serving(node) as found:
        yield found


@pytest.fixture
def esp(address):
    with client(address) as found:
        yield found


def record_of(node, report_id: str):
    with open_work(node, WORKER) as work:
        return actions.read_report(work, report_id)


def files_in(node) -> list[str]:
    return sorted(str(path) for path in node.vault.folder.rglob("*") if path.is_file())


def test_status_tells_user_and_address_and_no_report(esp):
    answer = esp.get("/status")
    assert answer.headers["content-type"].startswith("application/xml")
    assert len(answer.headers["request-id"]) == 32
    assert "tipbridge-call" not in answer.headers
    assert answer.headers["tipbridge-synthetic"] == "yes"
    found = said(answer)
    assert found["responseDescription"] == "Remote User : usr123, Remote Ip : 127.0.0.1"
    assert "reportId" not in found


def test_the_schema_is_served(esp):
    assert esp.get("/xsd").content == SCHEMA_BYTES


def test_a_report_goes_from_submit_to_receipt(esp, node):
    report_id = open_report(esp)
    assert int(report_id) > 900000000
    uploaded = said(upload(esp, report_id, b"synthetic bytes"))
    assert (uploaded["root"], uploaded["reportId"]) == ("reportResponse", report_id)
    assert uploaded["hash"] == hashlib.md5(b"synthetic bytes").hexdigest()
    assert not uploaded["fileId"].replace("e", "").isdigit()
    described = said(esp.post("/fileinfo", content=details(report_id, uploaded["fileId"])))
    assert (described["responseCode"], described["reportId"]) == ("0", report_id)
    done = said(esp.post("/finish", data={"id": report_id}))
    assert (done["root"], done["responseCode"]) == ("reportDoneResponse", "0")
    assert (done["reportId"], done["files"]) == (report_id, uploaded["fileId"])
    record = record_of(node, report_id)
    assert record.state == "finished"
    assert record.files[0].size_bytes == 15
    assert b"".join(node.vault.open(record.files[0].sealed)) == b"synthetic bytes"
    with open_work(node, WORKER) as work:
        assert actions.read_original(work, record.originals[0]) == REPORT


def test_a_report_without_files_can_be_finished(esp):
    done = esp.post("/finish", data={"id": open_report(esp)})
    assert b"<files></files>" in done.content


def test_every_value_of_maximal_documents_is_kept(esp, node):
    for body, written in maximal_reports()[:3]:
        values = {value for _, value in record_of(node, open_report(esp, body)).values}
        assert {value for value in written if value} <= values
    report_id = open_report(esp)
    files = [said(upload(esp, report_id, b"%d" % n))["fileId"] for n in range(4)]
    for (body, written), file_id in zip(
        maximal_file_details(report_id, files), files, strict=False
    ):
        answer = esp.post("/fileinfo", content=body)
        assert code(answer) == 0, answer.text
        file = next(f for f in record_of(node, report_id).files if f.file_id == file_id)
        assert {value for value in written if value} <= {value for _, value in file.values}


CONTENT_TYPES = [
    {"Content-Type": "text/xml; charset=utf-8"},
    {"Content-Type": "text/plain;charset=UTF-8"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "application/json"},
    {},
]


def test_the_content_type_of_a_document_does_not_matter(esp):
    for headers in CONTENT_TYPES:
        assert code(esp.post("/submit", content=REPORT, headers=headers)) == 0


def test_the_number_comes_in_either_form_encoding(esp):
    for send in ({"data": {"id": "X"}}, {"files": {"id": (None, "X")}}):
        for verb in ("/finish", "/retract"):
            report_id = open_report(esp)
            name = next(iter(send))
            value = report_id if name == "data" else (None, report_id)
            assert code(esp.post(verb, **{name: {"id": value}})) == 0


def multipart(*parts: tuple[str, bytes], end: bytes = b"--b--\r\n") -> bytes:
    return (
        b"".join(
            f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
            for head, data in parts
        )
        + end
    )


FORM = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize("size", [10, 300_000, 3_000_000])
def test_the_parts_of_an_upload_come_in_any_order_without_name_and_chunked(esp, node, size):
    data = bytes(range(256)) * (size // 256 + 1)
    for first in ("id", "file"):
        report_id = open_report(esp)
        parts = [("name=id", report_id.encode()), ("name=file", data)]
        body = multipart(*(parts if first == "id" else parts[::-1]))
        pieces = (body[at : at + 65536] for at in range(0, len(body), 65536))
        answer = esp.post("/upload", content=pieces, headers=FORM)
        assert code(answer) == 0, answer.text
        record = record_of(node, report_id)
        assert b"".join(node.vault.open(record.files[0].sealed)) == data
        assert len(node.vault.files_of(record.key_id)) == 2
    groups = {path.parent.name for path in node.vault.folder.glob("*/*/*")}
    with open_work(node, WORKER) as work:
        keys = set(work.db.exec_driver_sql("SELECT key_id FROM reports").scalars())
    assert groups == keys


BROKEN = [
    b"",
    b"no form",
    multipart(("name=id", b"ID")),
    multipart(("name=file", b"x")),
    multipart(("name=id", b"ID"), ("name=file", b"x"), end=b""),
    multipart(("name=id", b"ID"), ("name=file", b"x"), end=b"--b"),
    multipart(("name=id", b"ID"), ("name=file", b"x"))[:-30],
    multipart(("name=id", b"ID"), ("name=file", b"x"), ("name=file", b"y")),
    multipart(("name=id", b"ID"), ("name=id", b"ID"), ("name=file", b"x")),
    multipart(*(("name=x", b"1"),) * 20, ("name=id", b"ID"), ("name=file", b"x")),
    multipart(("name=id", b"ID"), ("name=z", b"z" * 9999), ("name=file", b"x")),
    multipart(("name=id", b"ID"), ("name=file", b"x" * 400_000), end=b""),
    multipart(("name=file", b"x" * 400_000), ("name=id", b"ID"), end=b""),
    multipart(("name=file", b"x" * 400_000), ("name=id", b"000")),
]


def test_an_upload_that_is_not_whole_is_refused_and_leaves_nothing(esp, node):
    for body in BROKEN:
        report_id = open_report(esp)
        before = files_in(node)
        answer = esp.post("/upload", content=body.replace(b"ID", report_id.encode()), headers=FORM)
        assert (answer.status_code, code(answer)) in {(400, 4200), (400, 4000), (400, 5001)}
        assert record_of(node, report_id).files == ()
        assert files_in(node) == before


@pytest.mark.parametrize("boundary", ["", "x" * 10_000, "\u00e9"])
def test_a_form_without_a_fit_boundary_is_refused(esp, boundary):
    header = f"multipart/form-data; boundary={boundary}".encode()
    answer = esp.post("/upload", content=b"--x", headers={b"Content-Type": header})
    assert (answer.status_code, code(answer)) == (400, 4200)


def test_documents_that_are_none_are_refused_by_code(esp):
    for body, wanted in (
        (b"<!DOCTYPE report><report/>", 4110),
        (b"<report", 4110),
        (b"", 4110),
        (REPORT.decode().encode("utf-16"), 4110),
        (b"<a>" * 257, 4110),
        (b"x" * (10 * 1024 * 1024 + 1), 4110),
        (b"<report/>", 4100),
        (b"<fileDetails/>", 4100),
    ):
        answer = esp.post("/submit", content=body)
        assert (answer.status_code, code(answer)) == (400, wanted)
    answer = esp.post("/submit", content=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, code(answer)) == (400, 4000)


def test_paths_and_methods_that_are_not_there_answer_xml(esp):
    for verb, path, status in (
        ("GET", "/nothing", 404),
        ("GET", "/submit", 405),
        ("POST", "/status", 405),
        ("PUT", "/upload", 405),
        ("DELETE", "/finish", 405),
        ("OPTIONS", "/retract", 405),
    ):
        answer = esp.request(verb, path)
        assert answer.status_code == status
        assert said(answer)["responseDescription"]


BASIC = "Basic "


BAD_CREDENTIALS = [
    None,
    "",
    "Bearer x",
    BASIC + base64.b64encode(b"usr123").decode(),
    BASIC + base64.b64encode(b"usr123:").decode(),
    BASIC + base64.b64encode(b":pw-1").decode(),
    BASIC + base64.b64encode(b"usr123:pw-2").decode(),
    BASIC + base64.b64encode(b"USR123:pw-1").decode(),
    BASIC + base64.b64encode(b"usr123\xff:pw-1").decode(),
    BASIC + base64.b64encode("ｕsr123:pw-1".encode()).decode(),
    BASIC + base64.b64encode(b"usr123\x00:pw-1").decode(),
    BASIC + base64.b64encode(b"u" * 40_000 + b":pw-1").decode(),
    BASIC + "!!!",
]


def test_without_a_good_credential_nothing_is_answered(address):
    for header in BAD_CREDENTIALS:
        headers = {} if header is None else {"Authorization": header}
        with httpx2.Client(base_url=f"{address}/ispws", trust_env=False) as nobody:
            for verb, path in (
                ("GET", "/status"), ("GET", "/xsd"), ("POST", "/submit"), ("POST", "/upload"),
                ("POST", "/fileinfo"), ("POST", "/finish"), ("POST", "/retract"), ("GET", "/none"),
                ("HEAD", "/status"), ("PUT", "/submit"), ("OPTIONS", "/submit"),
            ):  # fmt: skip
                answer = nobody.request(verb, path, headers=headers)
                assert answer.status_code == 401
                assert answer.headers["www-authenticate"] == 'Basic realm="ESP Web Services"'


def test_what_the_shell_refuses_is_xml_too(node):
    add_provider(node)
    with TestClient(build_app(node), base_url="http://localhost") as web:
        foreign = web.post("/ispws/finish", headers={"Host": "evil.example"})
        forged = web.post("/ispws/submit", headers={"Sec-Fetch-Site": "cross-site"})
        elsewhere = web.get("/sign-in", headers={"Host": "evil.example"})
    assert (foreign.status_code, forged.status_code) == (421, 403)
    assert (said(foreign)["root"], code(foreign)) == ("reportDoneResponse", 4000)
    assert (said(forged)["root"], code(forged)) == ("reportResponse", 3000)
    for answer in (foreign, forged):
        assert answer.headers["content-type"].startswith("application/xml")
        assert len(answer.headers["request-id"]) == 32
    assert elsewhere.headers["content-type"].startswith("text/plain")


def test_an_operator_may_answer_a_code_with_another_status(node):
    add_provider(node)
    chosen = node.settings.model_copy(update={"ispws_statuses": {5001: 200}})
    with serving(replace(node, settings=chosen)) as address, client(address) as esp:
        unknown = esp.post("/retract", data={"id": "900000999"})
        malformed = esp.post("/submit", content=b"<report")
    assert (unknown.status_code, code(unknown)) == (200, 5001)
    assert malformed.status_code == 400


def test_a_revoked_credential_ends_at_once(esp, node):
    report_id = open_report(esp)
    with open_work(node, CONSOLE) as work:
        providers.revoke_provider(work, username="usr123")
    assert esp.get("/status").status_code == 401
    assert upload(esp, report_id, b"x").status_code == 401
    assert record_of(node, report_id).files == ()


def test_another_providers_report_looks_like_none(esp, node, address):
    report_id = open_report(esp)
    file_id = said(upload(esp, report_id, b"x"))["fileId"]
    add_provider(node, "esp-two", "usr456", "pw-2")
    before = files_in(node)
    with client(address, "usr456", "pw-2") as other:
        for verb, fields in (
            ("/finish", lambda i: {"data": {"id": i}}),
            ("/retract", lambda i: {"data": {"id": i}}),
            ("/upload", lambda i: {"data": {"id": i}, "files": {"file": ("a", b"x")}}),
            ("/upload", lambda i: {"data": {"id": i}, "files": {"file": ("a", b"x" * 999_999)}}),
            ("/fileinfo", lambda i: {"content": details(i, file_id)}),
        ):
            theirs = other.post(verb, **fields(report_id))
            none = other.post(verb, **fields("900009999"))
            assert (theirs.status_code, code(theirs)) == (400, 5001)
            assert theirs.content.replace(report_id.encode(), b"") == none.content.replace(
                b"900009999", b""
            )
    assert files_in(node) == before
    assert record_of(node, report_id).state == "open"


def test_numbers_that_are_none_are_refused(esp):
    for sent, wanted in (("x", 4000), ("", 4000), ("-1", 4000), ("9" * 18, 5001), ("9" * 99, 5001)):
        answer = esp.post("/finish", data={"id": sent})
        assert (said(answer)["root"], code(answer)) == ("reportDoneResponse", wanted), sent


def test_after_the_end_of_a_report_each_verb_says_which_end(esp, node):
    finished, retracted = open_report(esp), open_report(esp)
    file_id = said(upload(esp, finished, b"x"))["fileId"]
    other_file = said(upload(esp, retracted, b"x"))["fileId"]
    esp.post("/finish", data={"id": finished})
    esp.post("/retract", data={"id": retracted})
    before = files_in(node)
    for report_id, file, wanted in ((finished, file_id, 5102), (retracted, other_file, 5101)):
        assert code(upload(esp, report_id, b"y")) == wanted
        assert code(upload(esp, report_id, b"y" * 600_000)) == wanted
        assert code(esp.post("/fileinfo", content=details(report_id, file))) == wanted
        assert code(esp.post("/finish", data={"id": report_id})) == wanted
        assert code(esp.post("/retract", data={"id": report_id})) == wanted
    again = said(esp.post("/finish", data={"id": finished}))
    assert (again["reportId"], again["files"]) == (finished, file_id)
    assert files_in(node) == before


def test_details_of_an_unknown_file_are_refused(esp):
    report_id, other = open_report(esp), open_report(esp)
    foreign = said(upload(esp, other, b"x"))["fileId"]
    for file_id in ("0" * 31 + "a", foreign, "../../etc/passwd"):
        assert code(esp.post("/fileinfo", content=details(report_id, file_id))) == 5002


def test_a_false_claim_and_an_empty_file_are_accepted_and_flagged(esp, node):
    report_id = open_report(esp)
    wrong = said(upload(esp, report_id, b"content"))["fileId"]
    empty = said(upload(esp, report_id, b""))
    assert empty["hash"] == MD5_OF_NOTHING
    claim = f'<originalFileHash hashType="MD5">{MD5_OF_NOTHING.upper()}</originalFileHash>'
    for file_id in (wrong, empty["fileId"]):
        assert code(esp.post("/fileinfo", content=details(report_id, file_id, claim))) == 0
    files = {file.file_id: file for file in record_of(node, report_id).files}
    assert (files[wrong].claims_differ, files[wrong].empty) == (True, False)
    assert (files[empty["fileId"]].claims_differ, files[empty["fileId"]].empty) == (False, True)


def test_second_details_replace_the_first_and_both_originals_stay(esp, node):
    report_id = open_report(esp)
    file_id = said(upload(esp, report_id, b"x"))["fileId"]
    first = details(report_id, file_id, "<originalFileName>first</originalFileName>")
    second = details(report_id, file_id, "<originalFileName>second</originalFileName>")
    assert [code(esp.post("/fileinfo", content=body)) for body in (first, second)] == [0, 0]
    record = record_of(node, report_id)
    assert record.files[0].details is not None
    assert record.files[0].details.original_name == "second"
    with open_work(node, WORKER) as work:
        kept = [actions.read_original(work, one) for one in record.originals]
    assert {first, second} <= set(kept)


FILE_NAMES = [
    "../../../etc/passwd",
    "/etc/passwd",
    "a\x00b",
    "n" * 4000,
    "x;rm -rf",
    "CON",
    "a\u202eb",
    "",
]


def test_a_file_name_is_kept_as_words_only(esp, node):
    for name in FILE_NAMES:
        report_id = open_report(esp)
        head = b'name=file; filename="' + name.encode() + b'"'
        body = multipart(("name=id", report_id.encode()), (head.decode("latin-1"), b"x"))
        body = body.replace(head.decode("latin-1").encode(), head)
        answer = esp.post("/upload", content=body, headers=FORM)
        if code(answer) == 0:
            file = record_of(node, report_id).files[0]
            assert len(file.sent_name or "") <= 2056
            assert file.sealed.file_id == file.file_id
        else:
            assert code(answer) == 4200  # NUL in a header is no well-formed form


def test_many_uploads_at_once_on_one_report_are_all_kept(esp, node):
    report_id = open_report(esp)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: upload(esp, report_id, b"%d" % n * 50_000), range(24)))
    assert {code(answer) for answer in answers} == {0}
    record = record_of(node, report_id)
    assert len({file.sha256 for file in record.files}) == 24
    assert all(b"".join(node.vault.open(file.sealed)) for file in record.files)


def test_of_parallel_finishes_one_counts_and_all_name_the_files(esp, node):
    report_id = open_report(esp)
    file_id = said(upload(esp, report_id, b"x"))["fileId"]
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(esp.post, "/finish", data={"id": report_id}) for _ in range(16)]
        answers = [said(future.result()) for future in sent]
    assert sorted(a["responseCode"] for a in answers) == ["0"] + ["5102"] * 15
    assert {a["files"] for a in answers} == {file_id}
    with node.engine.connect() as db:
        jobs = db.exec_driver_sql(
            "SELECT count(*) FROM queue.procrastinate_jobs WHERE args->>'event' = %s",
            ("intake.report.finished",),
        ).scalar_one()
    assert jobs == 1


def test_curl_does_the_documented_sequence(address, tmp_path):
    (tmp_path / "report.xml").write_bytes(REPORT)
    (tmp_path / "a.jpg").write_bytes(b"synthetic")

    def curl(path: str, *more: str) -> dict[str, str]:
        done = subprocess.run(
            ["curl", "-sS", "--noproxy", "*", "-u", "usr123:pw-1", *more,
             f"{address}/ispws{path}"],
            capture_output=True, check=True,
        )  # fmt: skip
        return said(httpx2.Response(200, content=done.stdout))

    assert curl("/status")["responseCode"] == "0"
    text = ("-H", "Content-Type: text/xml; charset=utf-8")
    report_id = curl("/submit", "-X", "POST", *text, "-d", f"@{tmp_path}/report.xml")["reportId"]
    file_id = curl(
        "/upload", "-F", f"id={report_id}", "-F", f"file=@{tmp_path}/a.jpg"
    )["fileId"]  # fmt: skip
    (tmp_path / "info.xml").write_bytes(details(report_id, file_id))
    assert curl("/fileinfo", *text, "-d", f"@{tmp_path}/info.xml")["responseCode"] == "0"
    assert curl("/finish", "-F", f"id={report_id}")["files"] == file_id


def test_the_database_shows_a_provider_its_own_rows_only(esp, node):
    from tipbridge.foundation.base.actors import Actor, ActorKind

    report_id = open_report(esp)
    upload(esp, report_id, b"x")
    other = add_provider(node, "esp-two", "usr456", "pw-2")
    tables = ("reports", "report_files", "report_originals")
    stranger = Actor(kind=ActorKind.PROVIDER, id=other, name="esp-two")
    with open_work(node, stranger) as work:
        for table in tables:
            assert work.db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0
        names = work.db.exec_driver_sql("SELECT username FROM provider_credentials").scalars()
        assert list(names) == ["usr456"]
    with node.engine.connect() as db:
        for table in (*tables, "providers", "provider_credentials", "report_feedback"):
            assert db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


def test_nothing_of_a_report_is_in_the_audit_log(esp, node):
    report_id = open_report(esp)
    upload(esp, report_id, b"x", name="secret-name.jpg")
    esp.post("/finish", data={"id": report_id})
    with open_work(node, WORKER) as work:
        rows = work.db.exec_driver_sql("SELECT event, facts FROM audit_events").all()
    text = json.dumps([[row[0], row[1]] for row in rows])
    assert "intake.report.finished" in text
    assert "secret" not in text
    assert "esp.example" not in text


def test_feedback_reaches_the_report_once(esp, node):
    report_id = open_report(esp)
    for fresh in (True, False):
        with open_work(node, WORKER) as work:
            kept = actions.record_feedback(
                work, report_id=report_id, feedback_id="f-1", sender="kr.police",
                outcome="booked-without-detention", at=datetime(2026, 1, 1, tzinfo=UTC),
                facts={"useful": True},
            )  # fmt: skip
        assert kept is fresh
    assert [f.outcome for f in record_of(node, report_id).feedback] == ["booked-without-detention"]
