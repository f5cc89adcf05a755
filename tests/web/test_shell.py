import hashlib
import tomllib

import pytest
from fastapi import APIRouter, Request, Response
from starlette.testclient import TestClient

from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Kind
from tipbridge.foundation.node import Node
from tipbridge.web.errors import STATUS
from tipbridge.web.mount import STATIC
from tipbridge.web.show import breakable


@pytest.fixture
def client(node: Node) -> TestClient:
    router = APIRouter()

    @router.get("/broken")
    def break_down(request: Request) -> Response:
        del request
        raise ValueError("the text of a report")

    add_member(node, "boss", Role.ADMINISTRATOR)
    return browser(shell_app(node, routers=(router,)))


def test_an_address_breaks_between_its_parts_and_stays_escaped() -> None:
    assert str(breakable("https://a.example/ispws?<b>")) == (
        "https://<wbr>a<wbr>.example/<wbr>ispws?&lt;b&gt;"
    )
    assert str(breakable("http://192.0.2.7:80/ispws")) == "http://<wbr>192.0.2.7:80/<wbr>ispws"
    assert str(breakable("—")) == "—"


def test_each_vendored_file_is_the_one_in_the_manifest() -> None:
    vendor = STATIC / "vendor"
    files = tomllib.loads((vendor / "manifest.toml").read_text())["file"]
    for file in files:
        assert hashlib.sha256((vendor / file["file"]).read_bytes()).hexdigest() == file["sha256"]
        assert (vendor / file["licence_file"]).is_file()
    named = {file["file"] for file in files} | {file["licence_file"] for file in files}
    assert {path.name for path in vendor.iterdir()} == named | {"manifest.toml"}


@pytest.mark.parametrize("path", ["/sign-in", "/nothing-here", "/broken", "/static/site.css", "/"])
def test_every_answer_carries_the_strict_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "script-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_pages_are_not_stored_and_static_files_may_be(client: TestClient) -> None:
    assert client.get("/sign-in").headers["cache-control"] == "no-store"
    assert client.get("/static/site.css").headers["cache-control"] == "max-age=3600"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_from_another_site_is_refused(client: TestClient, site: str) -> None:
    sign_in(client, "boss")
    answer = client.post("/sign-out", headers={"sec-fetch-site": site})
    assert answer.status_code == 403
    assert client.get("/").status_code == 200


def test_without_fetch_metadata_the_origin_decides(client: TestClient) -> None:
    sign_in(client, "boss")
    assert client.post("/sign-out", headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post("/sign-out", headers={"origin": "null"}).status_code == 403
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::1", ""])
def test_a_foreign_name_for_this_node_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/sign-in", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8440", "127.0.0.1:8440", "[::1]:8440"])
def test_loopback_names_this_node(client: TestClient, host: str) -> None:
    assert client.get("/sign-in", headers={"host": host}).status_code == 200


def test_a_fault_shows_a_reference_and_logs_no_text(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/broken")
    assert answer.status_code == 500
    reference = answer.text.split()[-1].rstrip(".")
    printed = "".join(capsys.readouterr())
    assert reference in printed
    assert "the text of a report" not in printed + answer.text


def test_the_language_is_asked_for_then_chosen(node: Node, client: TestClient) -> None:
    korean = browser(shell_app(node), language="ko-KR,ko;q=0.9,en;q=0.8")
    assert '<html lang="ko">' in korean.get("/sign-in").text
    assert "비밀번호" in korean.get("/sign-in").text
    assert '<html lang="en">' in client.get("/sign-in").text
    answer = client.get("/language/ko?next=/staff")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert '<html lang="ko">' in client.get("/sign-in").text


def test_a_synthetic_node_says_so_on_every_page_and_a_real_one_never(make_node) -> None:
    for synthetic in (True, False):
        made = make_node(node_id=f"x.{str(synthetic).lower()}", synthetic=synthetic)
        client = browser(shell_app(made))
        for path in ("/sign-in", "/nothing-here"):
            assert ("SYNTHETIC" in client.get(path).text) is synthetic


def test_every_kind_of_refusal_has_a_status() -> None:
    assert set(STATUS) == set(Kind)


def test_a_program_gets_a_refusal_as_json(client: TestClient) -> None:
    answer = client.get("/nothing-here", headers={"accept": "application/json"})
    assert answer.json()["error"] == "not-found"
