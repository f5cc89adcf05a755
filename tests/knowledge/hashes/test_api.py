"""`POST /api/v1/match` over HTTP: who may ask, what is answered, that every answer is recorded."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.knowledge.hashes.lists import events, listed
from tests.knowledge.hashes.test_matching import HEAD, MD5, PDQ, build, near
from tests.nodes import CONSOLE, add_staff
from tests.tips.intake.ispws import add_provider
from tests.web.chromium import served
from tests.web.pages import PASSWORD, add_member, sign_in
from tipbridge.app import build_app
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.api import MAX_BYTES, PATH
from tipbridge.office.tokens.actions import add_token, end_token
from tipbridge.tips.intake import providers as intake

LOGIN = ("usr123", "pw-1")


@pytest.fixture
def http(node):
    listed(node, "national", HEAD, f"md5,{MD5},A1,file 1,", f"pdq,{PDQ},B2,file 2,90")
    build(node)
    add_provider(node)
    with TestClient(build_app(node), base_url="http://localhost", follow_redirects=False) as client:
        yield client


def ask(http, *items: dict[str, object], auth=LOGIN, **more: object):
    return http.post(PATH, json={"items": list(items)} | more, auth=auth)


def test_a_provider_gets_hit_or_no_hit_with_list_and_class(node, http) -> None:
    answer = ask(
        http, {"ref": "a", "md5": MD5}, {"pdq": near(30), "pdq_quality": 80}, {"md5": "1" * 32}
    )
    assert answer.status_code == 200
    assert answer.json() == {
        "answers": [
            {"ref": "a", "hit": True, "lists": [{"list": "national", "class": "A1"}]},
            {"hit": True, "lists": [{"list": "national", "class": "B2"}]},
            {"hit": False, "lists": []},
        ],
        "not_searched": 0,
    }
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["tipbridge-synthetic"] == "yes"
    (event,) = events(node, "hashes.digests.answered")
    assert event.facts == {"items": 3, "hits": 2, "not_searched": 0}


def test_thousands_of_items_are_one_request_and_one_event(node, http) -> None:
    items = [{"md5": f"{number:032x}"} for number in range(4_999)] + [{"md5": MD5}]
    answer = ask(http, *items)
    assert [each["hit"] for each in answer.json()["answers"]] == [False] * 4_999 + [True]
    (event,) = events(node, "hashes.digests.answered")
    assert event.facts["items"] == 5_000


def test_variants_among_thousands_of_strangers_in_one_request_raise_an_alarm(node, http) -> None:
    draw = random.Random(7)
    items = [{"pdq": draw.randbytes(32).hex(), "pdq_quality": 80} for _ in range(5_000)]
    for number, bits in enumerate(range(37, 25, -1)):  # the misses first, as far apart as can be
        items[number * 450] = {"pdq": near(bits), "pdq_quality": 80}
    answer = ask(http, *items)
    assert sum(each["hit"] for each in answer.json()["answers"]) == 6
    (event,) = events(node, "hashes.probing.noticed")
    assert event.facts == {"rule": "variants", "lookups": 5_000}


def test_an_analyst_by_session_gets_entry_distance_and_provenance(node, http) -> None:
    add_member(node, "analyst-1", Role.ANALYST)
    http.headers["origin"] = "http://localhost"
    sign_in(http, "analyst-1", PASSWORD)
    answer = ask(http, {"pdq": near(3)}, auth=None, lists=["national"], radius=10, most=5)
    (hit,) = answer.json()["answers"][0]["hits"]
    assert (hit["entry"], hit["distance_bits"], hit["item"]) == (PDQ, 3, "file 2")
    (event,) = events(node, "hashes.digests.matched")
    assert event.facts == {"items": 1, "hits": 1, "not_searched": 0}
    add_member(node, "press-1", Role.PRESS)
    sign_in(http, "press-1", PASSWORD)
    assert ask(http, {"md5": MD5}, auth=None).status_code == 403


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_a_program_asks_by_its_token_as_who_made_it(node, http, scheme) -> None:
    analyst = add_staff(node, Role.ANALYST)
    with open_work(node, analyst) as work:
        made = add_token(work, label="our case system")
    shown = {"authorization": f"{scheme} {made.token}"}
    answer = http.post(PATH, json={"items": [{"pdq": near(3)}], "most": 5}, headers=shown)
    (hit,) = answer.json()["answers"][0]["hits"]
    assert (hit["entry"], hit["distance_bits"]) == (PDQ, 3)
    assert len(events(node, "hashes.digests.matched")) == 1
    with open_work(node, analyst) as work:
        end_token(work, made.id)
    ended = http.post(PATH, json={"items": [{"md5": MD5}]}, headers=shown)
    assert (ended.status_code, ended.headers["www-authenticate"]) == (401, "Bearer")
    assert "hits" not in ended.text


@pytest.mark.parametrize(
    ("auth", "status"), [(None, 401), (("usr123", "wrong"), 401), (("nobody", "x"), 401)]
)
def test_nobody_asks_without_a_credential(node, http, auth, status) -> None:
    assert ask(http, {"md5": MD5}, auth=auth).status_code == status
    assert events(node, "hashes.digests.answered") == []


def test_a_revoked_credential_gets_no_answer_from_that_moment_on(node, http) -> None:
    assert ask(http, {"md5": MD5}).status_code == 200
    with open_work(node, CONSOLE) as work:
        intake.revoke_provider(work, username="usr123")
    answer = ask(http, {"md5": MD5})
    assert answer.status_code == 401
    assert "lists" not in answer.text
    assert len(events(node, "hashes.digests.answered")) == 1
    refused = events(node, "access.action.refused")
    assert {"action": "knowledge.hashes.actions.match_for_provider", "kind": "unauthenticated"} in [
        each.facts for each in refused
    ]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "the document: "),
        (b"[]", "the document: "),
        (b'{"items":[]}', "items: "),
        (b'{"items":[{}]}', "items.0: one of md5, sha1, sha256 and pdq is needed"),
        (b'{"items":[{"md5":"x"}]}', "items.0.md5: "),
        (b'{"items":[{"md5":"' + b"0" * 32 + b'","name":"x"}]}', "items.0.name: "),
        (b'{"items":[{"pdq":"' + b"0" * 64 + b'","pdq_quality":101}]}', "items.0.pdq_quality: "),
        (b'{"items":[{"md5":"' + b"0" * 32 + b'"}],"radius":3}', "no lists, radius or most"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(http, body: bytes, told: str) -> None:
    answer = http.post(PATH, content=body, auth=LOGIN)
    assert answer.status_code == 400
    assert told in answer.json()["message"]


def test_too_long_a_body_another_method_and_another_sites_page_are_refused(http) -> None:
    assert http.post(PATH, content=b" " * (MAX_BYTES + 1), auth=LOGIN).status_code == 413
    assert http.get(PATH, auth=LOGIN).status_code == 405
    foreign = {"origin": "http://share.example"}
    assert http.post(PATH, content=b"{}", headers=foreign, auth=LOGIN).status_code == 403
    elsewhere = {"host": "share.example"}
    assert http.post(PATH, content=b"{}", headers=elsewhere, auth=LOGIN).status_code == 421


def test_the_rate_is_told_with_when_to_come_again(make_node, monkeypatch) -> None:
    monkeypatch.setenv("TIPBRIDGE_MATCH_ITEMS_PER_MINUTE", "10")
    node = make_node()
    add_provider(node)
    with TestClient(build_app(node), base_url="http://localhost", follow_redirects=False) as client:
        assert ask(client, *[{"md5": MD5}] * 9).status_code == 200
        answer = ask(client, *[{"md5": MD5}] * 9)
    assert answer.status_code == 429
    assert 40 <= int(answer.headers["retry-after"]) <= 60


def test_many_at_once_are_all_recorded_before_they_are_answered(node, http) -> None:
    """Over real sockets: as many events as answers, whatever group they were written in."""
    app = build_app(node)
    with served(app) as address:
        first = httpx2.post(
            f"{address}{PATH}", content=b"{}", auth=LOGIN, trust_env=False, timeout=60
        )
        assert first.status_code == 400  # the credential is known from here on

        def many(_: int) -> int:
            with httpx2.Client(auth=LOGIN, trust_env=False, timeout=60) as client:
                return sum(
                    client.post(f"{address}{PATH}", json={"items": [{"md5": MD5}]}).status_code
                    == 200
                    for _ in range(20)
                )

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(many, range(8))) == 160
    assert len(events(node, "hashes.digests.answered")) == 160
    assert threading.active_count() < 100


def test_what_could_not_be_recorded_is_not_answered(node, http) -> None:
    assert ask(http, {"md5": MD5}).status_code == 200
    from tipbridge.foundation.storage.engine import open_engine

    owner = open_engine(
        node.engine.url.set(username="tipbridge_owner").render_as_string(hide_password=False)
    )
    from sqlalchemy import text

    with owner.begin() as db:
        db.execute(text("REVOKE INSERT ON audit_events FROM tipbridge_app"))
    answer = ask(http, {"md5": MD5})
    owner.dispose()
    assert answer.status_code == 503
    assert "lists" not in answer.text
