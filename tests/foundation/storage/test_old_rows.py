"""Migrations that fill columns from what is there are run on a database that has old rows."""

import json
from typing import Any

from sqlalchemy import Connection, text

from tests.foundation.storage.old import old, put, upgrade

__all__ = ["old"]


def _received(db: Connection, id_: str, pap: str | None = None) -> None:
    put(
        db,
        "referrals",
        id=id_,
        direction="in",
        unit_id=1,
        peer_id="us.hsi",
        package_id=f"package-{id_}",
    )
    if pap is not None:
        value = {"conditions": {"pap": pap}}
        put(db, "referral_parts", referral_id=id_, label="release/us.hsi", value=value)


def _said(db: Connection, referral_id: str, why: str, number: int) -> None:
    put(
        db,
        "referral_sayings",
        referral_id=referral_id,
        saying_id=f"said-{number}",
        direction="out",
        word="returned",
        why=why,
    )


def _rows(db: Connection, query: str) -> list[Any]:
    return [tuple(row) for row in db.execute(text(query))]


def test_a_grant_learns_what_its_answer_allowed_and_a_peer_what_it_was_asked_for(
    old: Connection,
) -> None:
    put(old, "peers", node_id="us.hsi")
    answer = {"granted": True, "allowed": ["ip", "name"]}
    put(
        old,
        "release_requests",
        id="request-1",
        direction="in",
        unit_id=1,
        peer_id="us.hsi",
        state="granted",
        package_id="package-1",
        offences=["sexual-abuse-material"],
        answer=answer,
    )
    for request in ("request-1", "request-without-answer"):
        put(old, "grants", request_id=request, peer_id="us.hsi")
    _received(old, "came")
    put(
        old,
        "referrals",
        id="went-on",
        direction="out",
        unit_id=1,
        peer_id="us.hsi",
        source_kind="referral",
        source_id="came",
    )
    _received(old, "other")
    _said(old, "came", "lacked-port", 1)
    _said(old, "went-on", "lacked-file", 2)
    _said(old, "other", "lacked-account", 3)
    old.commit()
    upgrade(old, "0210")
    assert _rows(old, "SELECT request_id, allowed, offences FROM grants ORDER BY 1") == [
        ("request-1", ["ip", "name"], ["sexual-abuse-material"]),
        ("request-without-answer", [], []),
    ]
    asked = "SELECT peer_id, data_class FROM asked_classes ORDER BY 2"
    assert _rows(old, asked) == [("us.hsi", each) for each in ("account", "content", "ip")]
    upgrade(old, "head")
    assert _rows(old, "SELECT package_id, data_class FROM asked_classes ORDER BY 1, 2") == [
        ("package-came", "content"),
        ("package-came", "ip"),
        ("package-other", "account"),
    ]
    assert _rows(old, "SELECT state, withdrawn_at, chosen FROM release_requests") == [
        ("granted", None, None)
    ]


def test_a_signature_by_a_key_that_was_stolen_before_it_was_kept_ended(old: Connection) -> None:
    put(old, "peers", node_id="us.hsi")
    keys = {"sound": (None, None), "stolen": ("2014-02-01Z", "2014-04-01Z")}
    keys["stolen-later"] = ("2014-03-02Z", "2014-04-01Z")
    named = {key_id: f"{number:064x}" for number, key_id in enumerate(keys)}
    for key_id, (since, at) in keys.items():
        put(old, "peer_keys", key_id=key_id, node_id="us.hsi", revoked_from=since, revoked_at=at)
        envelope = json.dumps({"signatures": [{"keyid": key_id, "sig": "x"}]}).encode()
        put(old, "agreements", sha256=named[key_id])
        put(
            old,
            "agreement_signatures",
            sha256=named[key_id],
            node_id="us.hsi",
            envelope=envelope,
            kept_at="2014-03-01Z",
        )
    old.commit()
    upgrade(old, "head")
    ended = "SELECT sha256 FROM agreement_signatures WHERE ended_at IS NOT NULL"
    assert _rows(old, ended) == [(named["stolen"],)]


def test_a_place_is_held_by_the_strictest_mark_of_the_referral_it_came_with(
    old: Connection,
) -> None:
    put(old, "peers", node_id="us.hsi")
    put(old, "cases", id="case-1", unit_id=1)
    marks = {"red": "PAP:RED", "amber": "PAP:AMBER", "green": "PAP:GREEN", "none": None}
    for id_, pap in marks.items():
        _received(old, id_, pap)
        put(
            old,
            "removals",
            id=f"place-{id_}",
            case_id="case-1",
            address=f"https://{id_}.example/",
            referral_id=id_,
        )
    value = {"conditions": {"pap": "PAP:AMBER"}}
    put(old, "referral_parts", referral_id="red", label="release/us.clearing", value=value)
    old.commit()
    upgrade(old, "head")
    assert _rows(old, "SELECT id, held_by FROM removals ORDER BY 1") == [
        ("place-amber", "PAP:AMBER"),
        ("place-green", None),
        ("place-none", None),
        ("place-red", "PAP:RED"),
    ]


def _held(db: Connection, id_: str, case_id: str, held_by: str | None, address: str) -> None:
    put(
        db,
        "removals",
        id=f"place-{id_}",
        case_id=case_id,
        address=address,
        referral_id=id_,
        held_by=held_by,
    )


def _marked(db: Connection, id_: str, case_id: str, url: str, **said: object) -> None:
    """A referral that feeds a case, names a place, and was marked so by its sender."""
    _received(db, id_)
    value = {"tlp": said.pop("tlp", "TLP:AMBER"), "conditions": said}
    put(db, "referral_parts", referral_id=id_, label="release/us.hsi", value=value)
    put(db, "referral_parts", referral_id=id_, label="incident/addresses/0", value={"url": url})
    put(db, "case_referrals", referral_id=id_, case_id=case_id)


def test_a_place_that_a_free_referral_names_too_is_free_and_one_held_twice_is_held_by_the_stricter(
    old: Connection,
) -> None:
    upgrade(old, "0393")
    put(old, "peers", node_id="us.hsi")
    put(old, "agreements", sha256="a" * 64, canonical=b'{"originator":{"onward":"never"}}')
    put(old, "cases", id="case-1", unit_id=1)
    urls = {each: f"https://{each}.example/" for each in ("red", "alone", "both", "here", "amber")}
    for id_, url in urls.items():
        tlp = "TLP:AMBER" if id_ in ("here", "amber") else "TLP:RED"
        pap = {"pap": "PAP:AMBER"} if id_ in ("both", "amber") else {}
        _marked(old, id_, "case-1", url, tlp=tlp, **pap)
        _held(old, id_, "case-1", pap.get("pap"), url)
    _marked(old, "free", "case-1", urls["red"])
    _marked(old, "further", "case-1", urls["amber"], tlp="TLP:RED")
    old.execute(
        text(
            "UPDATE referrals SET basis_kind = 'agreement', basis_id = repeat('a', 64) WHERE id = 'here'"
        )
    )
    old.commit()
    upgrade(old, "head")
    assert dict(_rows(old, "SELECT id, held_by FROM removals")) == {
        "place-red": None,
        "place-alone": "TLP:RED",
        "place-both": "TLP:RED",
        "place-here": "onward:never",
        "place-amber": "TLP:RED",
    }
