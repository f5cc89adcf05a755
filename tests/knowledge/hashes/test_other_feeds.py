"""Lists pulled from StopNCII's API and from ThreatExchange, page by page, with a place that lasts."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from email.message import Message
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text

from tests.knowledge.hashes.feeding import LIST, answering, feeds, pull, pull_all, push
from tests.knowledge.hashes.lists import activated, loaded, opened
from tests.nodes import CONSOLE
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.feeds import actions

__all__ = ["feeds"]

MD5 = [hashlib.md5(b"%d" % number).hexdigest() for number in range(4)]
PDQ = "0f" * 32
STOPNCII = {"kind": "stopncii", "subscription_key": "sub-1", "fetch_key": "key-1"}
THREATS = {"kind": "threatexchange", "group": "17", "token": "1|made-up"}
NEXT_SET = 1_767_000_000


def known(node, *digests: str) -> set[str]:
    with open_work(node, CONSOLE) as work:
        return set(hashes.known(work, digests))


def moved(node, by: timedelta) -> None:
    """Let the last pull be so much longer ago."""
    with open_work(node, CONSOLE) as work:
        change = "UPDATE hash_feeds SET pulled_at = pulled_at - CAST(:by AS interval)"
        work.db.execute(text(change), {"by": by})


class Stop:
    """StopNCII with two pages in its first set and one in its second, and a request that breaks."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.status = 200

    def __call__(self, method: str, path: str, _: bytes) -> tuple[int, str]:
        assert (method, urlsplit(path).path) == ("GET", "/FetchHashes")
        if self.status != 200:
            return self.status, ""
        asked = parse_qs(urlsplit(path).query)
        self.asked.append(asked)
        page = asked.get("nextPageToken", ["1"])[0]
        first = asked["startTimestamp"] == ["10"]
        records = {
            (True, "1"): [("VideoMD5", MD5[0], "Active"), ("ImagePDQ", PDQ, "Active")],
            (True, "t/2 +"): [("VideoMD5", MD5[1], "Received"), ("URL", "x", "Active")],
            (False, "1"): [("VideoMD5", MD5[0], "Withdrawn")],
        }[first, page]
        more = first and page == "1"
        return 200, json.dumps({
            "count": len(records), "hasMoreRecords": more, "nextSetTimestamp": NEXT_SET,
            "nextPageToken": "t/2 +" if more else None,
            "hashRecords": [
                {"signalType": kind, "hashValue": value, "hashStatus": status, "CSPFeedbacks": []}
                for kind, value, status in records
            ],
        })  # fmt: skip


def test_stopncii_is_pulled_on_where_it_was_and_takes_back_what_was_withdrawn(feeds, node) -> None:
    analyst, there, heard = opened(node, LIST), Stop(), list[Message]()
    with answering(there, heard) as address:
        feeds(address, **STOPNCII)
        first = pull(node, analyst)
        assert (first.done, first.counts.added) == (False, 2)
        there.status = 400
        with pytest.raises(Invalid, match="refused /FetchHashes with status 400"):
            pull(node, analyst)
        there.status = 200
        rest = actions.summed(pull_all(node, analyst))
        assert (rest["added"], rest["passed_over"]) == (1, {"signal of type URL": 1})
        activated(node, LIST)
        assert known(node, *MD5[:2]) == {*MD5[:2]}
        last = actions.summed(pull_all(node, analyst))
        assert (last["removed"], last["version"]) == (1, 2)
        with pytest.raises(Invalid, match="told of no votes"):
            push(node, analyst)
    activated(node, LIST)
    assert known(node, *MD5[:2]) == {MD5[1]}
    asked = [(each["startTimestamp"], each.get("nextPageToken")) for each in there.asked]
    assert asked == [(["10"], None), (["10"], ["t/2 +"]), ([str(NEXT_SET)], None)]
    assert {(each["x-functions-key"], each["ocp-apim-subscription-key"]) for each in heard} == {
        ("key-1", "sub-1")
    }


def test_a_name_of_a_page_that_is_long_ago_is_not_relied_on(feeds, node) -> None:
    analyst, there = opened(node, LIST), Stop()
    with answering(there) as address:
        feeds(address, **STOPNCII)
        pull(node, analyst)
        moved(node, timedelta(hours=13))
        again = pull(node, analyst)
        assert (again.counts.already_there, again.counts.version) == (2, None)
        assert pull(node, analyst).done
    assert [each.get("nextPageToken") for each in there.asked] == [None, None, ["t/2 +"]]


def threats(*records: tuple[str, bool]) -> str:
    return json.dumps({
        "data": [
            {"id": str(number), "type": "HASH_MD5", "indicator": value, "should_delete": gone,
             "last_updated": 1, "descriptors": [{"owner": {"id": "1"}, "status": "MALICIOUS"}]}
            for number, (value, gone) in enumerate(records)
        ],
    })  # fmt: skip


def test_threatexchange_is_pulled_and_what_is_kept_of_its_link_holds_no_credential(
    feeds, node
) -> None:
    analyst, asked = opened(node, LIST), list[dict[str, list[str]]]()
    pages = [threats((MD5[0], False), (MD5[1], False)), threats((MD5[2], False))]
    pages += [threats((MD5[0], True))]
    link = "https://elsewhere.example/v21.0/17/threat_updates/?access_token=1%7Cother&after=abc"
    pages[0] = json.dumps(json.loads(pages[0]) | {"paging": {"next": link}})

    def answer(method: str, path: str, _: bytes) -> tuple[int, str]:
        assert (method, urlsplit(path).path) == ("GET", "/17/threat_updates/")
        asked.append(parse_qs(urlsplit(path).query))
        return 200, pages.pop(0)

    with answering(answer) as address:
        feeds(address, **THREATS)
        assert not pull(node, analyst).done
        with open_work(node, CONSOLE) as work:
            rows = work.db.execute(text("SELECT following FROM hash_feeds")).scalars().all()
        assert rows == ["after=abc"]
        assert actions.summed(pull_all(node, analyst))["added"] == 1
        activated(node, LIST)
        assert actions.summed(pull_all(node, analyst))["removed"] == 1
        assert pages == []
        moved(node, timedelta(days=86))
        with pytest.raises(Conflict, match="86 days ago, and after 90 the feed forgets"):
            pull(node, analyst)
    activated(node, LIST)
    assert known(node, *MD5[:3]) == {*MD5[1:3]}
    assert [each["access_token"] for each in asked] == [["1|made-up"]] * 3
    assert [each.get("after") for each in asked] == [None, ["abc"], None]
    assert "start_time" not in asked[0]
    assert asked[2]["start_time"] == asked[0]["stop_time"]
    assert datetime.fromtimestamp(int(asked[0]["stop_time"][0]), UTC).year >= 2014


REFUSED = [
    (STOPNCII, "[]", "holds no object"),
    (STOPNCII, '{"hashRecords":[],"hasMoreRecords":true}', "names no page"),
    (STOPNCII, '{"hashRecords":[]}', "at which time"),
    (STOPNCII, '{"hashRecords":[],"nextSetTimestamp":1e30}', "at which time"),
    (STOPNCII, f'{{"hashRecords":[],"nextSetTimestamp":{10**40}}}', "at which time"),
    (THREATS, "{", "Not strict JSON"),
    (THREATS, '{"paging":{}}', "under 'data'"),
    (STOPNCII | {"kind": "other"}, "{}", "kind is one of hash-sharing, stopncii"),
    (THREATS | {"username": "u"}, "{}", "of kind threatexchange holds 'username'; it may hold"),
    (THREATS | {"group": "../17"}, "{}", "number of a privacy group"),
]


def test_what_is_no_page_or_no_feed_is_refused_and_loads_nothing(feeds, node) -> None:
    analyst, bodies = opened(node, LIST), list[str]()
    counts = loaded(node, analyst, LIST, MD5[3])
    with answering(lambda *_: (200, bodies[-1])) as address:
        for said, body, why in REFUSED:
            feeds(address, **said)
            bodies.append(body)
            with pytest.raises(Invalid, match=why):
                pull(node, analyst)
    with open_work(node, CONSOLE) as work:
        assert hashes.find_list(work, LIST).waiting_revision == counts.revision


def test_a_feed_that_names_the_same_page_for_ever_is_left(feeds, node) -> None:
    analyst = opened(node, LIST)
    link = {"paging": {"next": "https://feed.example/?after=abc"}}
    with answering(lambda *_: (200, json.dumps(json.loads(threats()) | link))) as address:
        feeds(address, **THREATS)
        pull(node, analyst)
        with pytest.raises(Invalid, match="names the page that it answers"):
            pull(node, analyst)
