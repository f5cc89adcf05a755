"""What follows received packages that wait is done in groups: as one by one, and none lost with another."""

import pytest
from sqlalchemy import text

from tests.nodes import acting, run_followups
from tests.sharing import net
from tests.sharing.exchange.pairs import Pair
from tipbridge import pipeline
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Profile
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions
from tipbridge.sharing.exchange.model import PackageKind

RECEIVED = "exchange.package.received"
QUESTION = PackageKind.DECONFLICTION_QUESTION.value
NOBODYS = "0" * 32


def received(pair: Pair, count: int) -> list[str]:
    """Packages that came, with their jobs still waiting."""
    ids = [pair.queue() for _ in range(count)]
    for each in ids:
        pair.receive(pair.sealed(each))
    return ids


def taken(pair: Pair) -> list[tuple[str, object]]:
    """Which packages were followed, and what came of it."""
    return sorted(
        (subject, facts["outcome"])
        for event, subject, facts in net.audit(pair.receiver)
        if event == "referral.package.taken"
    )


def referrals(pair: Pair) -> list[tuple[str, str, str]]:
    asked = text("SELECT package_id, peer_id, state FROM referrals ORDER BY package_id")
    with acting(pair.receiver.engine, WORKER) as db:
        return [tuple(row) for row in db.execute(asked)]


def test_a_group_does_for_each_package_what_one_by_one_would(pair: Pair) -> None:
    ids = sorted(received(pair, 3))
    assert pipeline.follow_along(pair.receiver, RECEIVED) == 3
    assert taken(pair) == [(each, "followed") for each in ids]
    alone = received(pair, 1)
    run_followups(pair.receiver)
    found = referrals(pair)
    assert sorted(row[0] for row in found) == sorted([*ids, *alone])
    assert {row[1:] for row in found} == {("us.clearing", "received")}
    assert queue.waiting(pair.receiver.engine) == 0


def test_one_that_is_parked_leaves_the_others_followed(pair: Pair) -> None:
    ids = received(pair, 2)
    with open_work(pair.receiver, WORKER) as work:
        package = actions.received_package(work, ids[0])
    pair.receiver.vault.destroy_key(package.key_id)
    assert pipeline.follow_along(pair.receiver, RECEIVED) == 2
    assert taken(pair) == sorted([(ids[0], "parked"), (ids[1], "followed")])
    assert [row[0] for row in referrals(pair)] == [ids[1]]
    events = [event for event, _, _ in net.audit(pair.receiver)]
    assert events.count("referral.referral.received") == 1


def test_when_one_of_a_group_fails_all_wait_as_before(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = received(pair, 2)
    genuine = pipeline.arriving.taking.keep_referral

    def fail(work: object, package_id: str) -> object:
        if package_id == ids[1]:
            raise RuntimeError("a defect")
        return genuine(work, package_id)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline.arriving.taking, "keep_referral", fail)
    with pytest.raises(RuntimeError, match="a defect"):
        pipeline.follow_along(pair.receiver, RECEIVED)
    assert (taken(pair), referrals(pair)) == ([], [])
    assert queue.due(pair.receiver.engine) == 2
    run_followups(pair.receiver)
    assert taken(pair) == [(ids[0], "followed")]


def test_a_question_that_may_take_its_time_holds_up_no_group(pair: Pair) -> None:
    ids = received(pair, 1)
    with open_work(pair.receiver, WORKER) as work:
        work.emit(RECEIVED, package_id=NOBODYS, kind=QUESTION)
    assert pipeline.follow_along(pair.receiver, RECEIVED) == 1
    assert taken(pair) == [(ids[0], "followed")]
    assert next(ids for _, ids in net.events(pair.receiver))["kind"] == QUESTION


def test_what_nothing_follows_is_told_by_profile() -> None:
    police, liaison = (
        pipeline.unfollowed(frozenset({each})) for each in (Profile.POLICE, Profile.LIAISON)
    )
    assert "referral.withdrawal.received" in liaison - police
    assert RECEIVED not in liaison | police
    assert pipeline.unfollowed(frozenset(Profile)) == frozenset()
