"""What migrations fill of cases that were there before: sightings, and files by referral."""

from typing import Any

from sqlalchemy import Connection, text

from tests.foundation.storage.old import old, put, upgrade

__all__ = ["old"]

_KID = "people/0"


def _case(db: Connection, id_: str) -> None:
    put(db, "cases", id=id_, number=id_, unit_id=1)
    put(db, "case_people", id=f"kid-{id_}", case_id=id_, position=1, stage="inquiry")


def _fed(db: Connection, case_id: str, referral_id: str) -> None:
    put(db, "case_referrals", case_id=case_id, referral_id=referral_id)
    put(
        db,
        "case_person_referrals",
        person_id=f"kid-{case_id}",
        referral_id=referral_id,
        label=_KID,
        case_id=case_id,
    )


def _said(db: Connection, referral_id: str, label: str, value: object, form: str = "exact") -> None:
    put(db, "referral_parts", referral_id=referral_id, label=label, value=value, form=form)


def _knows(db: Connection, case_id: str, address: str) -> None:
    put(
        db,
        "case_identifiers",
        person_id=f"kid-{case_id}",
        case_id=case_id,
        kind="ip",
        scope="",
        value=address,
    )


def _rows(db: Connection, query: str) -> list[Any]:
    return [tuple(row) for row in db.execute(text(query))]


def test_an_address_of_before_learns_when_it_was_seen_where_that_can_be_read(
    old: Connection,
) -> None:
    upgrade(old, "0421")
    put(old, "peers", node_id="us.hsi")
    put(old, "referrals", id="r", direction="in", unit_id=1, peer_id="us.hsi", package_id="p")
    for case_id in ("a", "gone"):
        _case(old, case_id)
        _fed(old, case_id, "r")
        _knows(old, case_id, "203.0.113.1")
    seen: dict[str, dict[str, object]] = {
        "203.0.113.1": {"at": "2014-02-03T04:05:06+09:00", "port": 4711, "event": "login"},
        "203.0.113.2": {"at": "yesterday", "port": 65536},
        "203.0.113.3": {"at": "2014-02-30T04:05:06Z", "port": "80"},
        "203.0.113.4": {},
        "203.0.113.5": {"at": "2014-02-03T04:05:06Z"},
    }
    for number, (address, more) in enumerate(seen.items()):
        _said(old, "r", f"{_KID}/ips/{number}", {"address": address} | more)
        if address not in {"203.0.113.1", "203.0.113.5"}:
            _knows(old, "a", address)
    _said(old, "r", f"{_KID}0/ips/0", {"address": "203.0.113.1", "port": 1})
    _said(old, "r", f"{_KID}/ips/9", {"address": "203.0.113.1", "port": 9}, form="keyed")
    _said(old, "r", f"{_KID}/ips/10", '["203.0.113.1"]')
    old.execute(text("UPDATE cases SET erased_at = now() WHERE id = 'gone'"))
    upgrade(old, "0430")
    found = _rows(
        old,
        "SELECT label, value, at AT TIME ZONE 'UTC', port, event FROM case_sightings ORDER BY label",
    )
    assert [(label, value, at and str(at), port, event) for label, value, at, port, event in found] == [
        (f"{_KID}/ips/0", "203.0.113.1", "2014-02-02 19:05:06", 4711, "login"),
        (f"{_KID}/ips/1", "203.0.113.2", None, None, None),
        (f"{_KID}/ips/2", "203.0.113.3", None, 80, None),
    ]  # fmt: skip


def test_of_each_file_it_is_known_which_referrals_named_it(old: Connection) -> None:
    upgrade(old, "0432")
    put(old, "peers", node_id="us.hsi")
    digest, md5 = "ab" * 32, "cd" * 16
    for case_id in ("a", "gone"):
        _case(old, case_id)
        for referral in ("first", "second"):
            if case_id == "a":
                put(old, "referrals", id=referral, direction="in", unit_id=1, peer_id="us.hsi",
                    package_id=referral)  # fmt: skip
            _fed(old, case_id, referral)
    put(old, "case_items", case_id="a", sha256=digest, referral_id="first", label="files/0")
    _said(old, "first", "files/0/digests", {"sha256": digest, "size_bytes": 10})
    _said(
        old, "second", "files/0/digests", {"sha256": digest.upper(), "md5": md5, "size_bytes": "x"}
    )
    _said(old, "second", "files/1/digests", {"md5": md5, "size_bytes": 7})
    _said(old, "second", "files/2/content", {"sha256": digest})
    _said(old, "second", "files/3/digests", {"sha256": "no digest"})
    _said(old, "second", "files/4/digests", {"sha256": digest}, form="keyed")
    old.execute(text("UPDATE cases SET erased_at = now() WHERE id = 'gone'"))
    upgrade(old, "0450")
    assert _rows(
        old,
        "SELECT case_id, referral_id, label, sha256, md5, size_bytes FROM case_items"
        " ORDER BY referral_id, label",
    ) == [
        ("a", "first", "files/0", digest, None, None),
        ("a", "second", "files/0", digest, md5, None),
        ("a", "second", "files/1", None, md5, 7),
        ("a", "second", "files/2", digest, None, None),
    ]
