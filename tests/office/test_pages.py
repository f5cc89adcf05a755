import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node

Open = Callable[..., TestClient]


@pytest.fixture
def administrator(node: Node) -> TestClient:
    add_member(node, "boss", Role.ADMINISTRATOR)
    client = browser(shell_app(node))
    sign_in(client, "boss")
    return client


def test_a_page_sends_who_is_not_signed_in_to_the_form_and_back(node: Node) -> None:
    add_member(node, "boss", Role.ADMINISTRATOR)
    client = browser(shell_app(node))
    answer = client.get("/audit?subject=x")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=%2Faudit%3Fsubject%3Dx",
    )
    answer = client.post(
        "/sign-in",
        data={
            "username": "boss",
            "password": "correct horse battery",
            "next": "/audit?subject=x",
        },
    )
    assert answer.headers["location"] == "/audit?subject=x"
    assert client.get("/audit?subject=x").status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_sign_in_never_leads_to_another_site(node: Node, elsewhere: str) -> None:
    add_member(node, "boss", Role.ADMINISTRATOR)
    client = browser(shell_app(node))
    answer = client.post(
        "/sign-in",
        data={"username": "boss", "password": "correct horse battery", "next": elsewhere},
    )
    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_read_the_same(node: Node) -> None:
    add_member(node, "boss", Role.ADMINISTRATOR)
    client = browser(shell_app(node))
    wrong = client.post("/sign-in", data={"username": "boss", "password": "wrong password"})
    unknown = client.post("/sign-in", data={"username": "nobody", "password": "wrong password"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("boss", "X") == unknown.text.replace("nobody", "X")


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(node: Node) -> None:
    add_member(node, "boss", Role.ADMINISTRATOR)
    client = browser(shell_app(node))
    answer = client.post("/sign-in", data={"username": "boss", "password": "correct horse battery"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("tipbridge_us_clearing=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_a_signed_out_token_opens_nothing_any_more(administrator: TestClient) -> None:
    cookies = dict(administrator.cookies)
    assert administrator.post("/sign-out").status_code == 303
    administrator.cookies.update(cookies)
    assert administrator.get("/staff").status_code == 303


def test_a_new_member_of_staff_can_sign_in_and_an_ended_one_cannot(
    administrator: TestClient,
) -> None:
    form = {
        "username": "analyst-1",
        "password": "correct horse battery",
        "roles": ["analyst"],
        "unit": "headquarters",
    }
    assert administrator.post("/staff", data=form).status_code == 303
    assert "analyst-1" in administrator.get("/staff").text
    other = browser(administrator.app)  # pyright: ignore[reportArgumentType]
    sign_in(other, "analyst-1")
    assert other.get("/").status_code == 200
    ended = {"roles": ["analyst"], "unit": "headquarters"}
    assert administrator.post("/staff/analyst-1", data=ended).status_code == 303
    assert other.get("/").status_code == 303
    answer = other.post(
        "/sign-in", data={"username": "analyst-1", "password": "correct horse battery"}
    )
    assert answer.status_code == 401


def test_a_form_with_an_unknown_key_is_refused_without_repeating_it(
    administrator: TestClient,
) -> None:
    answer = administrator.post(
        "/units", data={"code": "x", "name": "X", "parent": "headquarters", "secret-key": "s3cret"}
    )
    assert answer.status_code == 400
    assert "s3cret" not in answer.text


def test_the_audit_log_shows_each_access_and_verifies(administrator: TestClient) -> None:
    administrator.get("/staff")
    text = administrator.get("/audit").text
    assert "office.staff.listed" in text
    assert "boss" in text
    assert (
        "Every entry and every checkpoint fits." in administrator.post("/audit/verification").text
    )


def test_an_analyst_sees_neither_staff_nor_log(node: Node) -> None:
    add_member(node, "analyst-1", Role.ANALYST)
    client = browser(shell_app(node))
    sign_in(client, "analyst-1")
    assert client.get("/staff").status_code == 403
    assert client.get("/audit").status_code == 403
    assert re.findall(r'href="/(staff|audit|units)"', client.get("/").text) == []


def test_an_unknown_member_is_not_found(administrator: TestClient) -> None:
    assert administrator.get("/staff/nobody").status_code == 404
