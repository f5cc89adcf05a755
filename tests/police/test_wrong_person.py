"""A wrong person is put right with everyone who got them: a chain of four nodes with a fork."""

import contextlib
import json
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.nodes import CONSOLE, add_staff
from tests.police.disclosure.bundles import laid
from tests.police.disclosure.verdicts import both
from tests.sharing import net
from tests.sharing.referral.road import PERSON, START, hold, view
from tests.tips.triage.filed import file_tip, report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import pages, telling, undoing
from tipbridge.police.cases.fairness.model import CaseOrigin, Target, Told, ToldState
from tipbridge.police.cases.model import Task, TaskKind
from tipbridge.police.disclosure import actions as disclosures
from tipbridge.police.disclosure.model import Json
from tipbridge.police.evidence.actions import add_exhibit
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.life import actions as lives
from tipbridge.sharing.referral.life import spreading, store, travelling
from tipbridge.sharing.referral.life.messages import saying_part
from tipbridge.sharing.referral.life.model import Saying, Why, Word
from tipbridge.sharing.referral.life.rules import about_the_same
from tipbridge.sharing.referral.model import Direction, SourceKind
from tipbridge.sharing.referral.releasing import salted
from tools.verify_bundle import verify

STRETCHES = (("us.clearing", "us.hsi"), ("us.hsi", "kr.knpa"), ("us.hsi", "jp.npa"), ("kr.knpa", "kr.city"))  # fmt: skip


@dataclass
class Net:
    """Clearinghouse → liaison → national police → city police; the liaison sends to Japan too."""

    nodes: dict[str, Node]
    sent: dict[tuple[str, str], str]

    def settle(self) -> None:
        net.settle(list(self.nodes.values()), follow)

    def received(self, node_id: str) -> str:
        with open_work(self.nodes[node_id], CONSOLE) as work:
            return actions.list_referrals(work, direction=Direction.IN)[0].id

    def case(self, node_id: str) -> str:
        with open_work(self.nodes[node_id], CONSOLE) as work:
            return min(cases.list_cases(work), key=lambda line: line.number).id

    def tasks(self, node_id: str, case_id: str | None = None) -> list[Task]:
        with open_work(self.nodes[node_id], CONSOLE) as work:
            return diary.tasks_of(work, case_id or self.case(node_id))

    def told(self) -> dict[str | None, Told]:
        city = self.nodes["kr.city"]
        with open_work(city, CONSOLE) as work:
            (side,) = fairness.read_due_process(work, self.case("kr.city")).people
        assert side.correction is not None
        return {each.receiver: each for each in side.correction.told}


def refer(net_: Net, sender: str, kind: SourceKind, source: str, receiver: str) -> None:
    with open_work(net_.nodes[sender], CONSOLE) as work:
        id_ = actions.open_referral(work, kind=kind, source_id=source, peer_id=receiver)
        actions.decide_referral(work, id_)
    with open_work(net_.nodes[sender], CONSOLE) as work:
        actions.release_referral(work, id_)
    net_.sent[sender, receiver] = id_
    net_.settle()


@pytest.fixture
def chain(make_node: Callable[..., Node]) -> Generator[Net]:
    """Five nodes; neighbours alone have pinned each other, and who verifies knows who signed."""
    names = sorted({name for stretch in STRETCHES for name in stretch})
    made = Net({name: make_node(name) for name in names}, {})
    for node in made.nodes.values():
        net.set_clock(node, START)
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(net.listening(node)) for name, node in made.nodes.items()}
        for pair in STRETCHES:
            for one, other in (pair, pair[::-1]):
                net.pin(made.nodes[one], made.nodes[other], urls[other])
                hold(made.nodes[one], "standing-referral", *pair)
        above = {"kr.knpa": ("us.clearing",), "jp.npa": ("us.clearing",)}
        above["kr.city"] = ("us.clearing", "us.hsi")
        for name, senders in above.items():
            for sender in senders:  # who checks a referral knows each who signed it on its way
                net.pin(made.nodes[name], made.nodes[sender])
                net.pin(made.nodes[sender], made.nodes[name])
        for node in made.nodes.values():
            net.events(node)
        yield made


def carry(chain: Net) -> str:
    """A tip to everyone; the report's id."""
    report_id = file_tip(chain.nodes["us.clearing"], report_xml(PERSON))
    net.events(chain.nodes["us.clearing"])
    refer(chain, "us.clearing", SourceKind.TIP, report_id, "us.hsi")
    for receiver in ("kr.knpa", "jp.npa"):
        refer(chain, "us.hsi", SourceKind.REFERRAL, chain.received("us.hsi"), receiver)
    refer(chain, "kr.knpa", SourceKind.REFERRAL, chain.received("kr.knpa"), "kr.city")
    return report_id


def correct(chain: Net) -> str:
    """The city's police find that the person was another one; the correction's id."""
    with open_work(chain.nodes["kr.city"], CONSOLE) as work:
        case_id = chain.case("kr.city")
        person = cases.people_seen(work, case_id)[0]
        return fairness.correct_person(work, case_id, person.id, grounds="Another.").id


def bundle(chain: Net, name: str) -> dict[str, bytes]:
    """What a police node disclosed: approved by two, and gone to a court."""
    node, case_id = chain.nodes[name], chain.case(name)
    with open_work(node, CONSOLE) as work:
        add_exhibit(
            work, case_id, mark="A1", kind="device", description="A telephone", place="Somewhere",
            authority="Warrant 1",
        )  # fmt: skip
    with open_work(node, CONSOLE) as work:
        made = disclosures.propose_disclosure(work, case_id, recipient="Court 1", purpose="court")
    for username in ("one", "two"):
        with open_work(node, add_staff(node, Role.INVESTIGATOR, username=username)) as work:
            disclosures.approve_disclosure(work, made.id)
    with open_work(node, CONSOLE) as work:
        return disclosures.write_disclosure(work, made.id)


def check_releases(chain: Net, name: str, files: dict[str, bytes], folder: Path) -> list[Json]:
    """The bundle is whole, and its one referral came here in words that each sender signed."""
    node = chain.nodes[name]
    folder = laid(folder, files)
    assert both(folder, node.keys.fingerprint) == []
    _, said = verify(str(folder))
    above = [sender for sender, receiver in STRETCHES if receiver != "jp.npa"]
    senders = above[: above.index(name)] if name in above else above
    assert said["senders"] == sorted((s, chain.nodes[s].keys.fingerprint) for s in senders)
    (release,) = json.loads(files["data/releases.json"])
    assert len(release["hops"]) == len(senders)
    decisions: list[Json] = release["decisions"]
    return decisions


def test_a_correction_at_the_end_of_a_chain_reaches_everyone_and_each_acknowledges(
    chain: Net, tmp_path: Path
) -> None:
    report_id = carry(chain)
    city = chain.nodes["kr.city"]
    with open_work(city, CONSOLE) as work:  # a second case of the node, fed by the same referral
        other = fairness.open_case(
            work, origin=CaseOrigin.OWN_INQUIRY, grounds="Another matter.", grade="A1"
        ).id
        cases.feed_referral(work, other, referral=chain.received("kr.city"))
    files = bundle(chain, "kr.city")
    assert check_releases(chain, "kr.city", files, tmp_path / "city") == []
    made = correct(chain)
    assert {each.state for each in chain.told().values()} == {ToldState.WAITING}
    chain.settle()
    told = chain.told()
    nodes = {name for name in told if name in chain.nodes}
    assert nodes == {"kr.knpa", "us.hsi", "jp.npa", "us.clearing"}
    assert {told[name].state for name in nodes} == {ToldState.ACKNOWLEDGED}
    assert told["jp.npa"].by == "kr.knpa"  # told on hop by hop, by whom the city knows
    # Every case that holds the same has a task, at the other receivers as here.
    for name in ("kr.knpa", "jp.npa"):
        kinds = [task.kind for task in chain.tasks(name)]
        assert kinds.count(TaskKind.REFERRAL_CORRECTED) == 1
    (own,) = [t for t in chain.tasks("kr.city", other) if t.kind is TaskKind.REFERRAL_CORRECTED]
    with open_work(city, CONSOLE) as work:
        number = cases.read_case(work, other).case.number
    assert told[number].state is told["Court 1"].state is ToldState.WAITING
    with open_work(city, CONSOLE) as work:
        diary.finish_task(work, other, own.id)
        telling.note_answer(
            work, chain.case("kr.city"), told["Court 1"].id or "", words="Letter of the court."
        )
    chain.settle()
    assert {each.state for each in chain.told().values()} == {ToldState.ACKNOWLEDGED}
    assert all(
        task.done_at for task in chain.tasks("kr.city") if task.kind is TaskKind.TELL_CORRECTION
    )
    # What the liaison's staff see: who said it, to whom it went, that all took it.
    with open_work(chain.nodes["us.hsi"], CONSOLE) as work:
        japan = actions.read_referral(work, chain.sent["us.hsi", "jp.npa"]).referral
        (withdrawal,) = lives.life_of(work, japan).withdrawals
        assert (withdrawal.waiting, withdrawal.failed) == ((), ())
        assert (withdrawal.saying.id, withdrawal.saying.why) == (made, Why.WRONG_PERSON)
        assert set(withdrawal.saying.labels) == set(
            about_the_same(spreading.released_labels(japan), ["people/0/"])
        )
    assert view(chain.nodes["us.clearing"], chain.sent["us.clearing", "us.hsi"]).feedback
    # The worker takes everything up again: nobody is told twice.
    before = {name: _said(node, made) for name, node in chain.nodes.items()}
    with open_work(city, WORKER) as work:
        fairness.send_correction(work, correction_id=made)
        assert disclosures.tell_receivers(work, correction_id=made) == 0
    chain.settle()
    assert {name: _said(node, made) for name, node in chain.nodes.items()} == before
    assert report_id
    check_own_decision(chain, tmp_path / "knpa")
    check_taken_back(chain, made)


def check_taken_back(chain: Net, made: str) -> None:
    """It was the right person after all: everyone who was told hears it on the same ways."""
    city, case_id = chain.nodes["kr.city"], chain.case("kr.city")
    with open_work(city, CONSOLE) as work:
        person = cases.people_seen(work, case_id)[0]
        telling.name_receiver(work, case_id, person.id, receiver="A school")
        undone = undoing.take_back_correction(work, case_id, person.id, grounds="The very one.")
    chain.settle()
    with open_work(city, CONSOLE) as work:
        (side,) = fairness.read_due_process(work, case_id).people
        assert (side.correction, [each.correction.id for each in side.undone]) == (
            None, sorted((made, undone.id)),
        )  # fmt: skip
        told = {each.receiver: each.state for view in side.undone[1:] for each in view.told}
        assert fairness.corrected_at(work, person.id) is None
    waiting = ToldState.WAITING
    assert (told.pop("Court 1"), told.pop("A school")) == (waiting, waiting)
    nodes = {"kr.knpa", "us.hsi", "jp.npa", "us.clearing"}
    assert {each for each in nodes if told[each] is ToldState.ACKNOWLEDGED} == nodes
    for name, referral in (("jp.npa", chain.received("jp.npa")), ("us.clearing", None)):
        with open_work(chain.nodes[name], CONSOLE) as work:
            (place,) = store.sayings_by_id(work.db, undone.id)
            said = store.sayings_of(work.db, referral or place.referral_id)
        assert [e.saying.why for e in said if e.saying.id == undone.id] == [Why.RIGHT_PERSON]
    with pytest.raises(Conflict), open_work(city, CONSOLE) as work:
        undoing.take_back_correction(work, case_id, person.id, grounds="Again.")
    with open_work(city, CONSOLE) as work:  # and may turn out to be the wrong one once more
        fairness.correct_person(work, case_id, person.id, grounds="Another, as was found.")


def check_own_decision(chain: Net, folder: Path) -> None:
    """The national police's bundle has their decision to pass it on, not what it was made from."""
    files = bundle(chain, "kr.knpa")
    decisions = check_releases(chain, "kr.knpa", files, folder)
    assert [each["moment"] for each in decisions] == ["decided", "released"]
    assert {each["recipient"] for each in decisions} == {"kr.city"}
    assert decisions[1]["package_id"]
    assert decisions[1]["result"]["parts"]
    assert not [each for each in decisions if {"inputs", "key_id"} & each.keys()]
    words = (b"203.0.113.7", b"user-1", b"Family", b"8210000001")
    assert not [word for word in words if word in files["data/releases.json"]]


def _said(node: Node, saying_id: str) -> int:
    """In how many places a node keeps a saying."""
    with open_work(node, CONSOLE) as work:
        return len(store.sayings_by_id(work.db, saying_id))


def test_who_was_not_reached_is_seen_as_failed_and_what_is_named_by_hand_is_answered(
    chain: Net,
) -> None:
    carry(chain)
    correct(chain)
    liaison = chain.nodes["us.hsi"]
    _stop_towards(chain, liaison, "jp.npa")
    told = chain.told()
    assert told["jp.npa"].state is ToldState.FAILED
    assert told["us.clearing"].state is ToldState.ACKNOWLEDGED
    assert TaskKind.REFERRAL_CORRECTED not in {task.kind for task in chain.tasks("jp.npa")}
    city, case_id = chain.nodes["kr.city"], chain.case("kr.city")
    with open_work(city, CONSOLE) as work:
        person = cases.people_seen(work, case_id)[0]
        by_hand = telling.name_receiver(work, case_id, person.id, receiver="A school")
    with pytest.raises(NotFound), open_work(city, CONSOLE) as work:
        telling.note_answer(work, case_id, "0" * 32, words="x")
    with pytest.raises(Invalid), open_work(city, CONSOLE) as work:
        telling.note_answer(work, case_id, by_hand.id, words=" ")
    for reached, state in ((False, ToldState.FAILED), (True, ToldState.ACKNOWLEDGED)):
        with open_work(city, CONSOLE) as work:
            answered = telling.note_answer(
                work, case_id, by_hand.id, words="By letter.", reached=reached
            )
        assert chain.told()["A school"].state is answered.state is state
    with pytest.raises(Conflict), open_work(city, CONSOLE) as work:
        telling.note_answer(work, case_id, by_hand.id, words="Again.")
    assert chain.told()["A school"].target is Target.HAND
    add_member(city, "desk", Role.INVESTIGATOR)
    desk = browser(shell_app(city, routers=(pages.router,)))
    sign_in(desk, "desk")
    shown = desk.get(f"/cases/{case_id}/due-process").text
    for word in ("jp.npa", "us.clearing", "A school", "By letter."):
        assert word in shown
    _receiver_recalls(chain)


def _receiver_recalls(chain: Net) -> None:
    """A receiver can't take a referral back for its sender: that is answered, and nothing done."""
    knpa, liaison = chain.nodes["kr.knpa"], chain.nodes["us.hsi"]
    with open_work(knpa, CONSOLE) as work:
        referral = actions.read_referral(work, chain.received("kr.knpa")).referral
        said = Saying(
            id=work.ids.new(), word=Word.RECALL, why=Why.SENT_IN_ERROR, labels=(), about=None,
            node_id=knpa.id, at=work.now,
        )  # fmt: skip
        parts = tuple(salted(work, [saying_part(said)]))
        travelling.withdraw_from(work, referral, said, parts)
    chain.settle()
    with open_work(liaison, CONSOLE) as work:
        sent = actions.read_referral(work, chain.sent["us.hsi", "kr.knpa"]).referral
        assert Word.RECALL not in {each.word for each in lives.life_of(work, sent).said}
    assert TaskKind.REFERRAL_RECALLED not in {task.kind for task in chain.tasks("jp.npa")}


def _stop_towards(chain: Net, sender: Node, peer_id: str) -> None:
    """Do all that follows, but let what `sender` queues for a peer end unsent."""
    while found := [(n, e, ids) for n in chain.nodes.values() for e, ids in net.events(n)]:
        for node, event, ids in found:
            if node is sender and event == "exchange.package.queued":
                with open_work(node, WORKER) as work:
                    package = exchange.sent_package(work, ids["package_id"])
                    assert package is not None
                    if package.recipient == peer_id:
                        exchange.stop_package(work, package.package_id)
            follow(node, event, ids)


@pytest.mark.parametrize(
    ("labels", "wrong", "same"),
    [
        (["people/0/name", "people/1/name"], ["people/0/"], ("people/0/name",)),
        (["people/0/ips/0~network"], ["people/0/name"], ("people/0/ips/0~network",)),
        (["incident/type", "incident/at"], ["incident/type"], ("incident/type",)),
        (["files/0/digests"], ["people/0/name"], ()),
    ],
)
def test_a_persons_parts_are_the_same_person_in_whatever_form(
    labels: list[str], wrong: list[str], same: tuple[str, ...]
) -> None:
    assert about_the_same(labels, wrong) == same
