"""Lists pulled from a feed and votes handed to it: against a real node's `/hashsharing/v2`."""

import hashlib
from datetime import UTC, datetime

import pytest

from tests.clients.test_hash_client import serving
from tests.knowledge.hashes.feeding import answering, document, feeds, pull, pull_all
from tests.knowledge.hashes.lists import activated, events, listed, opened
from tests.knowledge.hashsharing.sharing import MD5, PDQ, enrol, image
from tests.nodes import CONSOLE, add_staff
from tests.watching import until
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound, Unavailable
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes import history
from tipbridge.knowledge.hashes.feeds import actions
from tipbridge.knowledge.hashes.feeds.documents import NAMESPACE, read_page
from tipbridge.knowledge.hashes.model import Confidence, Entry, Gone, Passed, Scheme
from tipbridge.knowledge.hashsharing import actions as sharing

MANY = 1_001

__all__ = ["feeds"]


def known(node, *digests: str) -> set[str]:
    with open_work(node, CONSOLE) as work:
        return set(hashes.known(work, digests))


def test_a_feed_is_pulled_page_by_page_and_votes_go_back(make_node, feeds) -> None:
    there, here = make_node("us.clearing"), make_node("kr.police")
    one, two, three = enrol(there, "esp-one", "esp-two", "esp-three")
    one.submit(image("a", more=f"<pdq>{PDQ}</pdq>", after="<classification>B2</classification>"))
    one.submit("<video><id>v</id><fingerprints><tmk-pdqf>QUFB</tmk-pdqf></fingerprints></video>")
    for member in (two, three):  # the second is ourselves: it counts with our people alone
        member.vote(f"{one.member}/a/MD5", "<affirmative/>")
    digests = [hashlib.sha1(b"%d" % number).hexdigest() for number in range(MANY)]
    listed(there, "known", *digests)
    with open_work(there, CONSOLE) as work:
        sharing.publish_list(work, name="known", kind="image")
    analyst = opened(here, "shared")
    with serving(there) as address:
        feeds(address)
        first = pull(here, analyst)
        assert (first.done, first.counts.added) == (False, 1_000)
        rest = pull_all(here, analyst)  # as after a stop: it goes on where it was
        assert [page.done for page in rest] == [True]
        assert first.counts.passed_over | rest[0].counts.passed_over == {
            "fingerprint of type tmk-pdqf": 1
        }
        assert known(here, MD5, digests[-1]) == set()
        activated(here, "shared")
        assert known(here, MD5, digests[0], digests[-1]) == {MD5, digests[0], digests[-1]}

        with open_work(here, add_staff(here, Role.EXAMINER)) as work:
            said = actions.vote(work, name="shared", kind="md5", digest=MD5, affirmative=True)
        assert (said.confidence, said.in_favour) == (Confidence.OPEN, 2)
        with open_work(here, analyst) as work:
            actions.vote(
                work, name="shared", kind="pdq", digest=PDQ, affirmative=False, reason="not it",
                feed_reason="The fingerprint matches other files",
            )  # fmt: skip
        with open_work(here, analyst) as work:
            done = actions.push_votes(work, name="shared")
        assert (done.pushed, done.refused) == (2, ())
        with open_work(here, analyst) as work:
            assert actions.push_votes(work, name="shared").pushed == 0
        with open_work(there, CONSOLE) as work:
            (disputed,) = sharing.list_disputed(work)
            sharing.retract_entry(work, member=1, entry=digests[0])
        assert (disputed.entry_id, disputed.type, disputed.against) == ("a", "PDQ", 1)
        assert disputed.reasons == ("The fingerprint matches other files",)

        # A pull goes up to the last whole second, so the retraction may come with the next one.
        removed = until(lambda: sum(page.counts.removed for page in pull_all(here, analyst)))
        assert removed >= 1
    activated(here, "shared")
    assert known(here, MD5, digests[0], digests[-1]) == {MD5, digests[-1]}


def test_a_feed_that_is_not_named_or_does_not_answer_is_told(make_node, feeds, tmp_path) -> None:
    node = make_node()
    analyst = opened(node, "shared")
    opened(node, "other")
    feeds("http://127.0.0.1:9")
    with pytest.raises(Unavailable, match="did not answer"):
        pull(node, analyst)
    with pytest.raises(NotFound), open_work(node, analyst) as work:
        actions.pull_page(work, name="other")
    feeds("http://feed.example")
    with pytest.raises(Invalid, match="use https beyond loopback"):
        pull(node, analyst)
    (tmp_path / "feeds.toml").chmod(0o644)
    with pytest.raises(Invalid, match="Others can read"):
        pull(node, analyst)


PAGE = f"""<queryResult xmlns="{NAMESPACE}"><images count="2" maxTimestamp="2026-01-02T03:04:05Z">
<image><member id="7">Synthetic</member><timestamp>2026-01-02T03:04:05Z</timestamp><id>img-a</id>
<classification>A1</classification><fingerprints><md5>{MD5}</md5><pdna/>
<tmk-pdqf rel="self" href="/v2/entries/7/fingerprints/TMK_PDQF"/></fingerprints>
<feedback lastUpdateTimestamp="2026-01-03T00:00:00Z"><negativeFeedback type="Md5"><reasons>
<reason guid="g" name="n" type="Md5"/><members timestamp="2026-01-02T00:00:00Z"><member id="8">Third</member></members></reasons>
</negativeFeedback></feedback></image>
<deletedImage><member id="7">Synthetic</member><id>img-b</id></deletedImage>
</images><videos count="0"/>
<paging><next>/v2/entries?from=x&amp;start=1001</next></paging></queryResult>"""


def test_a_page_as_the_protocol_describes_it_is_read() -> None:
    page = read_page(PAGE.encode(), Scheme.INDUSTRY)
    gone, entry, passed, last = page.records
    assert gone == Gone(item="7/img-a", renewed=True)
    assert isinstance(entry, Entry)
    assert (entry.digest.hex(), entry.mark, entry.item) == (MD5, "A1", "7/img-a")
    assert isinstance(passed, Passed)
    assert last == Gone(item="7/img-b")
    (vote,) = page.votes
    assert (vote.voter, vote.affirmative) == ("member:8", False)
    assert vote.at == datetime(2026, 1, 2, tzinfo=UTC)
    assert page.following == "/v2/entries?from=x&start=1001"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html/>",
        PAGE.replace("/v2/entries?from", "https://elsewhere.example/?x").encode(),
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><queryResult>&b;</queryResult',
        PAGE[:-20].encode(),
    ],
)
def test_what_is_no_page_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        read_page(body, Scheme.FREE)


def test_an_entity_brings_nothing_in() -> None:
    body = PAGE.replace("<queryResult", '<!DOCTYPE q [<!ENTITY x "A2">]><queryResult').replace(
        "<classification>A1", "<classification>&x;"
    )
    try:
        page = read_page(body.encode(), Scheme.FREE)
    except Invalid:
        return
    assert all(each.mark != "A2" for each in page.records if isinstance(each, Entry))


def entry(number: int, *, mark: str = "A1", md5: str | None = None, more: str = "") -> str:
    text = f"{number:032x}" if md5 is None else md5
    return (
        f'<image><member id="7">Synthetic</member><id>img-{number}</id>'
        f"<classification>{mark}</classification>"
        f"<fingerprints><md5>{text}</md5>{more}</fingerprints></image>"
    )


def test_a_pull_tells_and_keeps_every_count_and_makes_no_version_without_news(feeds, node) -> None:
    analyst = opened(node, "shared", scheme="industry")
    pages = [
        [entry(1), entry(2, md5="d41d8cd98f00b204e9800998ecf8427e"), entry(3, md5="no")],
        [entry(4, more="<videntifier href='x'/>"), entry(5, mark="C")],
    ]
    news = [
        entry(1, mark="B1"),
        '<deletedImage><member id="7">S</member><id>img-9</id></deletedImage>',
    ]
    answers = [document("queryResult", f"<images>{''.join(each)}</images>") for each in pages]
    following = "<paging><next>/v2/entries?start=4</next></paging>"
    answers[0] = answers[0].replace("</queryResult>", f"{following}</queryResult>")
    answers += [*answers, document("queryResult", f"<images>{''.join(news)}</images>")]

    with answering(lambda *_: (200, answers.pop(0))) as address:
        feeds(address)
        found = actions.summed(pull_all(node, analyst))
        assert found == {
            "version": 1, "added": 2, "changed": 0, "removed": 0, "already_there": 0,
            "not_there": 0, "trivial_refused": 1, "votes": 0,
            "trivial": {"an empty file": 1},
            "passed_over": {
                "not 32 hexadecimal digits (md5)": 1, "fingerprint of type videntifier": 1,
                "mark is none of the scheme industry: A1, A2, B1, B2": 1,
            },
        }  # fmt: skip
        again = actions.summed(pull_all(node, analyst))
        assert (again["version"], again["added"], again["removed"]) == (None, 0, 0)
        assert (again["already_there"], again["trivial_refused"]) == (2, 1)
        with open_work(node, CONSOLE) as work:
            (waiting,) = history.show_list(work, name="shared").versions
        assert waiting.revision == 2  # one for each page with news, none for those without
        kept = [(each.trivial_refused, each.passed_over) for each in waiting.imports]
        assert kept == [(1, 1), (0, 2)]
        activated(node, "shared")
        last = actions.summed(pull_all(node, analyst))
    assert (last["version"], last["added"], last["removed"], last["not_there"]) == (2, 1, 1, 1)
    facts = [each.facts for each in events(node, "hashes.feed.pulled")]
    assert [(each["added"], each["already_there"]) for each in facts] == [
        (1, 0), (1, 0), (0, 1), (0, 1), (1, 0),
    ]  # fmt: skip
    assert [each["trivial_refused"] for each in facts] == [1, 0, 1, 0, 0]
