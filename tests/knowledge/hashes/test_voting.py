"""Votes on entries: what they count for, and how they reach a feed."""

import re

import pytest

from tests.knowledge.hashes.feeding import LIST, answering, document, feeds, pull, push
from tests.knowledge.hashes.lists import activated, listed, loaded, opened
from tests.knowledge.hashsharing.sharing import MD5, PDQ
from tests.nodes import CONSOLE, add_staff
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Invalid, NotFound, Unavailable
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.beside import store
from tipbridge.knowledge.hashes.feeds import actions
from tipbridge.knowledge.hashes.model import Confidence, DigestKind, Standing
from tipbridge.knowledge.hashes.rules import standing_of

__all__ = ["feeds"]

GUID = "00000000-0000-4000-8000-000000000007"
REASON = f'<reason guid="{GUID}" name="Not of a child" type="Md5"/>'


def vote(node, actor, name: str = LIST, *, kind="md5", digest=MD5, **said) -> Standing:
    with open_work(node, actor) as work:
        return actions.vote(
            work, name=name, kind=kind, digest=digest, affirmative="reason" not in said, **said
        )


def standing(node, name: str = LIST) -> Standing:
    with open_work(node, CONSOLE) as work:
        place = (hashes.find_list(work, name).id, DigestKind.MD5, bytes.fromhex(MD5))
        return standing_of(store.votes(work.db, [place]).get(place, {}))


def marked(node, mark: str, actor=None):
    """The one entry of the feed, of this class, in effect; and who loaded it."""
    actor = actor or opened(node, LIST)
    loaded(node, actor, LIST, "md5,item,mark", f"{MD5},7/img-a,{mark}")
    activated(node, LIST)
    return actor


def test_a_vote_against_needs_a_reason_and_an_entry_in_effect(node) -> None:
    listed(node, "national", MD5)
    analyst = add_staff(node, Role.ANALYST)
    with pytest.raises(Invalid, match="needs a reason"):
        vote(node, analyst, "national", reason=" ")
    with pytest.raises(NotFound):
        vote(node, analyst, "national", digest="1" * 32)


def test_three_people_make_an_entry_trusted_and_one_disputes_it(node) -> None:
    listed(node, "national", MD5)
    for expected in (Confidence.OPEN, Confidence.OPEN, Confidence.TRUSTED):
        said = vote(node, add_staff(node, Role.ANALYST), "national")
        assert said.confidence is expected
    said = vote(node, add_staff(node, Role.ANALYST), "national", reason="no child")
    assert (said.confidence, said.in_favour, said.against) == (Confidence.DISPUTED, 3, 1)


def test_votes_are_on_the_class_and_none_is_carried_over_to_another(node) -> None:
    analyst = marked(node, "A1")
    voters = [add_staff(node, Role.EXAMINER) for _ in range(3)]
    assert [vote(node, voter).confidence for voter in voters][-1] is Confidence.TRUSTED
    loaded(node, analyst, LIST, f"{MD5},B2")
    assert standing(node).confidence is Confidence.TRUSTED  # what waits changes nothing
    activated(node, LIST)
    assert standing(node) == standing_of({})
    assert vote(node, voters[0]).in_favour == 1
    marked(node, "A1", analyst)
    assert standing(node).in_favour == 3


def feed_of_votes(mark: str, votes: str) -> str:
    said = f'<affirmativeFeedback type="Md5">{votes}</affirmativeFeedback>'
    return document("queryResult", (
        f'<images><image><member id="7">Synthetic</member><id>img-a</id>'
        f"<classification>{mark}</classification><fingerprints><md5>{MD5}</md5></fingerprints>"
        f"<feedback>{said}</feedback></image></images>"
    ))  # fmt: skip


def members(at: str, *numbers: int) -> str:
    inside = "".join(f'<member id="{number}">Synthetic</member>' for number in numbers)
    return f'<members timestamp="2026-01-0{at}T00:00:00Z">{inside}</members>'


def test_votes_of_a_feed_count_without_our_own_and_for_the_class_they_were_cast_on(
    feeds, node
) -> None:
    analyst = opened(node, LIST)
    pages: list[str] = []

    def answer(_: str, path: str, __: bytes) -> tuple[int, str]:
        status = document("status", '<username>us</username><member id="4">Us</member>')
        return 200, status if path == "/v2/status" else pages.pop()

    with answering(answer) as address:
        feeds(address)
        pages.append(feed_of_votes("A1", members("1", 4, 5, 8, 9)))
        assert pull(node, analyst).votes == 3  # the fourth is our own
        activated(node, LIST)
        assert standing(node).confidence is Confidence.TRUSTED
        # The owner changes the class: what was said before of another says nothing of it.
        pages.append(feed_of_votes("B2", members("1", 4, 5, 8) + members("2", 9)))
        pull(node, analyst)
        assert standing(node).in_favour == 3
        activated(node, LIST)
        assert standing(node).in_favour == 1


def test_a_vote_that_was_not_answered_is_sent_again(feeds, node) -> None:
    analyst = marked(node, "A1")
    vote(node, analyst)
    told: list[bytes] = []
    statuses = [401, 403, 429, 503, 302]

    def answer(_: str, __: str, body: bytes) -> tuple[int, str]:
        told.append(body)
        return [*statuses, 200][len(told) - 1], document("submissionResult", "")

    with answering(answer) as address:
        feeds(address)
        for status in statuses:
            with pytest.raises(Unavailable, match=str(status)):
                push(node, analyst)
        done = push(node, analyst)
    assert (done.pushed, done.waiting, done.stopped) == (1, 0, None)
    assert [b"<affirmative/>" in each for each in told] == [True] * 6


def test_what_was_sent_before_the_feed_fell_silent_is_not_sent_again(feeds, node) -> None:
    analyst = opened(node, LIST)
    lines = (f"{number:032x},7/img-{number}" for number in (1, 2, 3))
    loaded(node, analyst, LIST, "md5,item", *lines)
    activated(node, LIST)
    for number in (1, 2, 3):
        vote(node, analyst, digest=f"{number:032x}")
    told: list[str] = []

    def answer(_: str, path: str, __: bytes) -> tuple[int, str]:
        told.append(re.sub(r".*/(img-\d)/.*", r"\1", path))
        return {2: 429, 3: 404}.get(len(told), 200), document("submissionResult", "")

    with answering(answer) as address:
        feeds(address)
        done = push(node, analyst)
        assert (done.pushed, done.waiting) == (1, 2)
        assert "429" in (done.stopped or "")
        done = push(node, analyst)
        assert (done.pushed, done.waiting, done.stopped) == (1, 0, None)
        assert [each[:9] for each in done.refused] == ["7/img-2: "]
        assert push(node, analyst).pushed == 0
    assert told == ["img-1", "img-2", "img-2", "img-3"]


def test_a_vote_cast_while_the_feed_answers_is_not_taken_for_told(feeds, node) -> None:
    analyst, other = marked(node, "A1"), add_staff(node, Role.EXAMINER)
    vote(node, analyst)
    told: list[bytes] = []

    def answer(method: str, _: str, body: bytes) -> tuple[int, str]:
        if method == "GET":
            return 200, document("availableFeedbackReasons", REASON)
        told.append(body)
        if len(told) == 1:
            vote(node, other, reason="no child", feed_reason="Not of a child")
        return 200, document("submissionResult", "")

    with answering(answer) as address:
        feeds(address)
        assert push(node, analyst).pushed == 1
        assert push(node, analyst).pushed == 1
    assert GUID.encode() not in told[0]
    assert GUID.encode() in told[1]


def test_a_vote_against_goes_with_a_reason_somebody_chose_or_stays_here(feeds, node) -> None:
    analyst = marked(node, "A1")

    def answer(method: str, path: str, _: bytes) -> tuple[int, str]:
        assert (method, path) == ("GET", "/v2/feedback/MD5/reasons")
        return 200, document("availableFeedbackReasons", REASON)

    with answering(answer) as address:
        feeds(address)
        with pytest.raises(Invalid, match=rf"reasons against md5 are: 'Not of a child' \({GUID}"):
            vote(node, analyst, reason="a drawing", feed_reason="?")
        vote(node, analyst, reason="a drawing")
        done = push(node, analyst)
    assert (done.pushed, done.refused, done.waiting) == (0, (), 0)
    assert [each.partition(":")[0] for each in done.kept] == ["7/img-a"]
    assert "--feed-reason" in done.kept[0]


def test_a_vote_on_a_class_that_the_feed_gave_up_is_not_told_to_it(feeds, node) -> None:
    analyst = marked(node, "A1")
    vote(node, analyst)
    loaded(node, analyst, LIST, f"{MD5},B2")  # as a pull does: it waits
    feeds("http://127.0.0.1:9")
    done = push(node, analyst)
    assert (done.pushed, len(done.kept)) == (0, 1)
    assert "another class" in done.kept[0]


def test_kinds_that_are_only_kept_are_voted_on_too(node) -> None:
    listed(node, "national", "kind,digest,item,frame", "photodna,17a+/==,,", f"vpdq,{PDQ},film,3")
    analyst = add_staff(node, Role.ANALYST)
    for kind, digest in (("photodna", "17a+/=="), ("vpdq", PDQ)):
        assert vote(node, analyst, "national", kind=kind, digest=digest).in_favour == 1
