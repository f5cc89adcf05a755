import base64
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from tests.knowledge.hashes.lists import activated, loaded, opened
from tests.knowledge.hashsharing.sharing import MD5, PDQ, Sharer, enrol, image
from tests.nodes import CONSOLE, acting
from tests.sharing.net import audit
from tests.tips.intake.ispws import add_provider
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashsharing import actions
from tipbridge.knowledge.hashsharing.api import PATH
from tipbridge.knowledge.hashsharing.reading import MAX_BYTES

OTHER_MD5 = "fedcba9876543210" * 2
LARGE = b"synthetic fingerprint" * 9

UNFIT = [
    ("from=yesterday", "'from' must be a UTC time such as"),
    ("from=2024-13-01T00:00:00Z", "'from' must be a UTC time"),
    ("to=2024-01-01", "'to' must be a UTC time"),
    ("to=2999-01-01T00:00:00Z", "'to' lies in the future"),
    ("from=2024-01-02T00:00:00Z&to=2024-01-01T00:00:00Z", "may not be later than 'to'"),
    ("size=0", "'size' must be a whole number, 1 to 1000"),
    ("size=1001", "'size' must be a whole number, 1 to 1000"),
    ("start=-1", "'start' must be a whole number"),
    ("max=x", "'max' must be a whole number"),
    ("page=2", "No query parameter 'page'; the parameters are from, to, start, size, max"),
    ("size=1&size=2", "stands twice"),
]


def ids(root, kind: str = "image") -> list[str]:
    return [node.findtext("id") for node in root.iter(kind)]


@pytest.fixture
def pair(node) -> list[Sharer]:
    return enrol(node, "esp-one", "esp-two")


def test_a_credential_learns_who_it_is_and_who_else_shares(node, pair: list[Sharer]) -> None:
    one, two = pair
    status = one.get("/v2/status")
    assert status.findtext("username") == "esp-one"
    assert status.find("member").get("id") == str(one.member)
    assert status.findtext("ipAddress") == "testclient"
    members = {m.get("id"): m.text for m in one.get("/v2/members")}
    assert members == {
        "1": node.settings.name,
        str(one.member): "esp-one",
        str(two.member): "esp-two",
    }


def test_who_is_no_member_sees_nothing(node, pair: list[Sharer]) -> None:
    one, two = pair
    add_provider(node, "esp-new", "esp-new", "long-enough-1")
    http = one.http
    assert http.get(f"{PATH}/v2/status", auth=("esp-one", "wrong")).status_code == 401
    answer = http.get(f"{PATH}/v2/entries", auth=("esp-new", "long-enough-1"))
    assert answer.status_code == 403
    assert b"not a member" in answer.content
    with open_work(node, CONSOLE) as work:
        actions.end_member(work, member=two.member)
    for path in ("/v2/status", "/v2/members", "/v2/entries", "/v2/categorizations"):
        assert two.get(path, 403).findtext("kind") == "forbidden"
    assert {m.text for m in one.get("/v2/members")} == {node.settings.name, "esp-one"}


def test_an_entry_is_listed_once_in_its_newest_state(pair: list[Sharer]) -> None:
    one, two = pair
    more = f"<pdq>{PDQ}</pdq><pdna>12,34</pdna>"
    said = one.submit(image("a", more=more, after="<classification>A1</classification>"))
    assert [(e.get("id"), e.get("outcome")) for e in said] == [("a", "added")]
    first = two.everything().find("images/image")
    assert first.find("member").get("id") == str(one.member)
    assert {f.tag: f.text for f in first.find("fingerprints")} == {
        "md5": MD5,
        "pdq": PDQ,
        "pdna": "12,34",
    }
    assert first.findtext("classification") == "A1"
    again = one.submit(image("a", more=more, after="<classification>A1</classification>"))
    assert again[0].get("outcome") == "unchanged"
    assert again.get("timestamp") is None
    said = one.submit(image("a", OTHER_MD5) + image("b"))
    assert [e.get("outcome") for e in said] == ["updated", "added"]
    root = two.get(f"/v2/entries?to={later()}")
    assert ids(root) == ["a", "b"]
    assert root.findtext("images/image/fingerprints/md5") == OTHER_MD5
    assert root.find("images").get("count") == "2"
    assert root.find("videos").attrib == {"count": "0"}
    assert root.find("paging/next") is None


def later(seconds: int = 30) -> str:
    return (machine_now() + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_deleted_entry_stays_as_a_tombstone_and_can_come_back(pair: list[Sharer]) -> None:
    one, two = pair
    one.submit(
        "<video><id>v</id><fingerprints><sha1>" + "1" * 40 + "</sha1></fingerprints></video>"
    )
    said = one.submit("<deletedVideo><id>v</id></deletedVideo>")
    assert said[0].get("outcome") == "deleted"
    tomb = two.get(f"/v2/entries?to={later()}").find("videos/deletedVideo")
    assert [node.tag for node in tomb] == ["member", "id", "timestamp"]
    assert one.submit("<deletedVideo><id>v</id></deletedVideo>")[0].get("outcome") == "unchanged"
    assert "kind video" in one.submit(image("v"), 409).findtext("description")
    assert "no entry w" in one.submit("<deletedVideo><id>w</id></deletedVideo>", 409).findtext(
        "description"
    )
    said = one.submit(
        "<video><id>v</id><fingerprints><md5>" + MD5 + "</md5></fingerprints></video>"
    )
    assert said[0].get("outcome") == "updated"


def test_a_refused_submission_keeps_nothing_of_it(pair: list[Sharer]) -> None:
    one, _ = pair
    one.submit(image("a") + "<deletedImage><id>none</id></deletedImage>", 409)
    one.submit(image("b", after='<access><member id="77"/></access>'), 400)
    assert ids(one.get(f"/v2/entries?to={later()}")) == []


def test_large_fingerprints_go_by_reference(pair: list[Sharer]) -> None:
    one, two = pair
    one.submit(image("a", more=f"<tmk-pdqf>{base64.b64encode(LARGE).decode()}</tmk-pdqf>"))
    listed = two.everything().find(".//tmk-pdqf")
    assert (listed.get("rel"), listed.text) == ("self", None)
    answer = two.http.get(PATH + listed.get("href"))
    assert (answer.content, answer.headers["content-type"]) == (LARGE, "application/octet-stream")
    gone = f"/v2/entries/{one.member}/b/fingerprints/TMK_PDQF"
    assert two.get(gone, 404).findtext("kind") == "not-found"


def test_an_entry_shows_only_to_those_it_is_for(node, pair: list[Sharer]) -> None:
    one, two = pair
    (three,) = enrol(node, "esp-three")
    one.submit(image("a", after=f'<access><member id="{two.member}"/></access>'))
    assert ids(one.everything()) == ids(two.everything()) == ["a"]
    assert ids(three.everything()) == []
    path = f"{one.member}/a/MD5"
    assert three.vote(path, "<affirmative/>", 404).findtext("description") == (
        three.vote(f"{one.member}/b/MD5", "<affirmative/>", 404)
        .findtext("description")
        .replace("/b", "/a")
    )
    three.get(f"/v2/entries/{one.member}/a/fingerprints/MD5", 404)
    narrower = one.submit(image("a", after=f'<access><member id="{three.member}"/></access>'), 409)
    assert "never narrowed" in narrower.findtext("description")
    one.submit("<deletedImage><id>a</id></deletedImage>")
    until = f"/v2/entries?to={later()}"
    assert ids(two.get(until), "deletedImage") == ["a"]
    assert ids(three.get(until), "deletedImage") == []
    one.submit(image("a"))
    assert ids(three.get(f"/v2/entries?to={later(50)}")) == ["a"]


def test_votes_are_kept_with_reasons_and_bring_the_entry_again(node, pair: list[Sharer]) -> None:
    one, two = pair
    (three,) = enrol(node, "esp-three")
    one.submit(image("a", more=f"<pdq>{PDQ}</pdq>"))
    before = one.everything().findtext("images/image/timestamp")
    reasons = two.get("/v2/feedback/PDQ/reasons")
    guid, name = reasons[0].get("guid"), reasons[0].get("name")
    against = f"<negative><reasonIds><guid>{guid}</guid></reasonIds></negative>"
    path = f"{one.member}/a"
    two.vote(f"{path}/MD5", "<affirmative/>")
    assert two.vote(f"{path}/PDQ", against).findtext("outcome") == "updated"
    three.vote(f"{path}/PDQ", "<affirmative/>")
    wrong = two.vote(f"{path}/MD5", against, 400)
    assert "/v2/feedback/MD5/reasons" in wrong.findtext("description")
    two.vote(f"{path}/SHA1", "<affirmative/>", 404)
    two.vote(f"{path}/CRC", "<affirmative/>", 400)
    page = one.get(f"/v2/entries?from={before}&to={later()}")
    said = page.find("images/image/feedback")
    assert [(each.tag, each.get("type")) for each in said] == [
        ("affirmativeFeedback", "Md5"),
        ("affirmativeFeedback", "Pdq"),
        ("negativeFeedback", "Pdq"),
    ]
    reason, members = said[2].find("reasons")
    assert (reason.get("name"), members[0].text) == (name, "esp-two")
    assert two.vote(f"{path}/PDQ", against).findtext("outcome") == "unchanged"
    with open_work(node, CONSOLE) as work:
        (disputed,) = actions.list_disputed(work)
    assert (disputed.against, disputed.in_favour, disputed.reasons) == (1, 1, (name,))
    one.submit(image("a", more=f"<pdq>{'f0' * 32}</pdq>"))
    said = one.get(f"/v2/entries?to={later(50)}").find("images/image/feedback")
    assert [each.get("type") for each in said] == ["Md5"]  # the votes were about another value


def test_categorizations_are_those_that_a_submission_may_use(pair: list[Sharer]) -> None:
    names = [each.get("name") for each in pair[0].get("/v2/categorizations").iter("categorization")]
    assert names == ["A1", "A2", "B1", "B2"]


def test_pages_follow_each_other_in_time_order(pair: list[Sharer]) -> None:
    one, two = pair
    one.submit("".join(image(f"e{number}") for number in range(7)))
    path = f"/v2/entries?to={later()}&size=3"
    seen: list[list[str]] = []
    while path:
        root = two.get(path)
        seen.append(ids(root))
        path = root.findtext("paging/next")
        if len(seen) == 1:  # what moves on meanwhile leaves the range, and nothing slips past
            one.submit(image("e0", OTHER_MD5) + image("e4", OTHER_MD5))
    assert seen == [["e0", "e1", "e2"], ["e3", "e5", "e6"]]


def test_an_unfit_query_is_refused_with_what_is_allowed(node) -> None:
    (one,) = enrol(node, "esp-one")
    for query, told in UNFIT:
        assert told in one.get(f"/v2/entries?{query}", 400).findtext("description")


def test_other_unfit_requests_are_answered_in_the_same_form(pair: list[Sharer]) -> None:
    one, _ = pair
    one.get("/v2/nothing", 404)
    one.get("/v2/feedback/CRC/reasons", 400)
    one.get("/v2/entries/x/a/fingerprints/MD5", 404)
    one.get("/v2/entries/2/a%20b/fingerprints/MD5", 404)
    assert one.http.delete(f"{PATH}/v2/entries").status_code == 405
    assert one.http.post(f"{PATH}/v2/entries", content=b"x" * (MAX_BYTES + 1)).status_code == 413
    packed = one.http.post(f"{PATH}/v2/entries", content=b"x", headers={"content-encoding": "gzip"})
    assert packed.status_code == 400


def test_staff_publish_a_list_of_known_material_and_retract(node, pair: list[Sharer]) -> None:
    one, _ = pair
    opened(node, "own", "own-cases")
    opened(node, "named", handling="TLP:RED")
    preparing = opened(node)
    loaded(node, preparing, "known", f"{MD5},A2", f"{'2' * 64},series 7")
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        actions.publish_list(work, name="known", kind="image")
    activated(node, "known")
    loaded(node, preparing, "known", "3" * 64)  # it waits, so nobody is told
    with open_work(node, CONSOLE) as work:
        assert actions.publish_list(work, name="known", kind="image") == 2
    found = one.get(f"/v2/entries?to={later()}")
    shown = {
        node.findtext("id"): (node.findtext("classification"), node.find("fingerprints")[0].tag)
        for node in found.iter("image")
    }
    assert shown == {MD5: ("A2", "md5"), "2" * 64: (None, "sha256")}
    with open_work(node, CONSOLE) as work:
        actions.retract_entry(work, member=1, entry=MD5)
        assert actions.publish_list(work, name="known", kind="image") == 0
    assert ids(one.get(f"/v2/entries?to={later(50)}"), "deletedImage") == [MD5]
    for name, kind, error in (
        ("own", "image", Invalid),
        ("named", "image", Invalid),
        ("known", "sound", Invalid),
        ("none", "image", NotFound),
    ):
        with pytest.raises(error), open_work(node, CONSOLE) as work:
            actions.publish_list(work, name=name, kind=kind)


def test_a_member_that_ends_and_comes_back_keeps_its_number(node, pair: list[Sharer]) -> None:
    one, two = pair
    two.submit(image("a"))
    with open_work(node, CONSOLE) as work:
        actions.end_member(work, member=two.member)
    assert ids(one.everything()) == ["a"]
    with open_work(node, CONSOLE) as work:
        assert actions.enrol_member(work, provider="esp-two").id == two.member
        lines = {line.id: line.entry_count for line in actions.list_members(work)}
    assert lines == {1: 0, one.member: 0, two.member: 1}
    two.get("/v2/status")
    for member in (1, 99):
        with pytest.raises(NotFound), open_work(node, CONSOLE) as work:
            actions.end_member(work, member=member)


def test_every_request_leaves_one_record_without_fingerprints(node, pair: list[Sharer]) -> None:
    one, two = pair
    one.submit(image("a"))
    two.vote(f"{one.member}/a/MD5", "<affirmative/>")
    for path in ("status", "members", "categorizations", "feedback/MD5/reasons", "entries"):
        two.get(f"/v2/{path}")
    two.get("/v2/entries?size=0", 400)
    events = [event for event in audit(node) if event[0].startswith("hashsharing.")]
    assert sorted(event[0] for event in events) == [
        "hashsharing.entries.read",
        "hashsharing.entries.submitted",
        "hashsharing.member.enrolled",
        "hashsharing.member.enrolled",
        "hashsharing.members.read",
        "hashsharing.status.read",
        "hashsharing.vote.cast",
        "hashsharing.words.read",
        "hashsharing.words.read",
    ]
    assert MD5 not in repr(events)
    assert "access.action.refused" in {event[0] for event in audit(node)}


def test_the_database_lets_no_member_vote_for_another(node, pair: list[Sharer]) -> None:
    one, two = pair
    one.submit(image("a"))
    forged = text(
        "INSERT INTO hash_votes (entry, type, member_id, value_sha256, affirmative, reasons, at)"
        " SELECT id, 'MD5', :member, '', true, '{}', now() FROM hash_entries"
    )
    with acting(node.engine, two.actor) as db:
        db.execute(forged, {"member": two.member})
    with pytest.raises(ProgrammingError), acting(node.engine, two.actor) as db:
        db.execute(forged, {"member": one.member})


def test_times_are_whole_seconds_of_utc(pair: list[Sharer]) -> None:
    one, _ = pair
    stamp = one.submit(image("a")).get("timestamp")
    at = datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(at - machine_now()) < timedelta(minutes=1)
    root = one.get(f"/v2/entries?from={stamp}&to={later()}")
    assert ids(root) == []  # `from` is exclusive
    fraction = stamp.replace("Z", ".000Z").replace(":", "%3A")
    root = one.get(f"/v2/entries?to={fraction}")
    assert ids(root) == ["a"]  # and `to` inclusive
    assert root.find("images").get("maxTimestamp") == stamp
