"""Hit or no hit between two real nodes, and what either side can and can't learn by it."""

import re
from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.nodes import CONSOLE, acting
from tests.police.cases.builders import part
from tests.police.deconfliction.pair import Pair, a_suspect, many, open_pair
from tests.police.folk import NOW, file_of, recorded, suspect, verified
from tests.sharing import net
from tests.sharing.referral.road import hold
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.police.cases.actions import restrict_case
from tipbridge.police.cases.identifiers import account
from tipbridge.police.cases.model import Identifier, IdentifierKind, PersonRole
from tipbridge.police.deconfliction import actions, messages, rules
from tipbridge.police.deconfliction.answering import answer_question, take_answer
from tipbridge.police.deconfliction.blinding import Secret, mark_of, point_of
from tipbridge.police.deconfliction.model import AnswerMessage, QuestionMessage, Refusal
from tipbridge.police.deconfliction.model import QuestionState as State
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import SaltedPart
from tipbridge.sharing.referral.messages import message_value

ANSWERED = "deconfliction.question.answered"


@pytest.fixture
def pair(make_node) -> Generator[Pair]:
    with open_pair(make_node) as opened:
        yield opened


@pytest.fixture
def device_pair(make_node) -> Generator[Pair]:
    with open_pair(make_node, devices=True) as opened:
        yield opened


def hits(view) -> dict[str, bool | None]:
    return {each.identifier.value: each.hit for each in view.asked}


def parts_received(node, package_kind: str) -> list[tuple[SaltedPart, ...]]:
    with open_work(node, CONSOLE) as work:
        _, received, _ = exchange.list_packages(work)
    found = [each for each in received if each.kind == package_kind]
    with open_work(node, WORKER) as work:
        return [exchange.received_header(work, each.package_id).parts for each in found]


def question_at(holder) -> QuestionMessage:
    parts = parts_received(holder, "deconfliction-question")[0]
    return messages.read_question(message_value(parts, messages.QUESTION))


def answers_at(asker) -> list[AnswerMessage]:
    return [
        messages.read_answer(message_value(parts, messages.ANSWER))
        for parts in parts_received(asker, "deconfliction-answer")
    ]


def wire(message: AnswerMessage) -> dict[str, str]:
    value = messages.answer_part(message).value
    assert isinstance(value, dict)
    return {str(name): str(each) for name, each in value.items()}


def test_what_the_other_agency_knows_is_a_hit_and_the_rest_is_not(pair: Pair):
    a_suspect(pair.holder, "both")
    a_suspect(pair.holder, "theirs")
    case = a_suspect(pair.asker, "both").case.id
    other = a_suspect(pair.asker, "ours").case.id
    hit, miss = pair.ask(case), pair.ask(other)
    assert hits(hit) == {"both": True}
    assert hits(miss) == {"ours": False}
    assert (hit.question.state, hit.hits, hit.question.compared) == (State.ANSWERED, 1, 1024)
    assert hit.contacts == ("us.hsi cyber-crimes-center c3@hsi.example",)
    assert hit.question.secret is None


_SPELLED = (
    ("devices", {"type": "imei", "value": "35-209900-176148-1"}, {"type": "IMEI", "value": "352099001761481"}),
    ("devices", {"type": "mac", "value": "00:00:5e:00:53:af"}, {"type": "mac", "value": "00-00-5E-00-53-AF"}),
    ("devices", {"type": "serial", "value": "기기-둘"}, {"type": "serial", "value": "기기-둘"}),
    ("phones", {"number": "+82 10-2000-0001"}, {"number": "+821020000001"}),
    ("emails", {"address": "U@Mail.example"}, {"address": "u@mail.example"}),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "ours", "theirs"), _SPELLED)
def test_what_is_the_same_in_another_spelling_is_a_hit(
    device_pair: Pair, kind: str, ours: dict[str, str], theirs: dict[str, str]
):
    pair = device_pair
    a_suspect(pair.holder, "theirs", also=[part(f"people/0/{kind}/0", theirs)])
    case = a_suspect(pair.asker, "ours", also=[part(f"people/0/{kind}/0", ours)]).case.id
    told = hits(pair.ask(case))
    assert told.pop("ours") is False
    assert list(told.values()) == [True]


def test_a_device_of_another_type_or_another_number_is_no_hit(device_pair: Pair):
    pair = device_pair
    a_suspect(
        pair.holder, "theirs", also=[part("people/0/devices/0", {"type": "mac", "value": "12-34"})]
    )
    also = [
        part("people/0/devices/0", {"type": "imei", "value": "1234"}),
        part("people/0/devices/1", {"type": "mac", "value": "1235"}),
    ]
    told = hits(pair.ask(a_suspect(pair.asker, "ours", also=also).case.id))
    assert set(told.values()) == {False}


def test_an_earlier_release_that_asks_by_the_exact_spelling_still_gets_its_hit():
    known = Identifier(kind=IdentifierKind.DEVICE, scope="mac", value="00:5e")
    own, theirs = (Secret.drawn(SystemIds().random_bytes) for _ in range(2))
    marks = rules.known_marks("ab" * 32, theirs, [known])
    asked = own.times(point_of("ab" * 32, known))
    assert mark_of(own.undone().times(theirs.times(asked))) in marks


def test_a_case_with_more_identifiers_than_a_question_holds_is_asked_about_in_turns(pair: Pair):
    """The peer knows the last of 130 accounts: the second question finds it."""
    a_suspect(pair.holder, "many-129")
    case = a_suspect(pair.asker, "many-0", also=many(130)[1:]).case.id
    first, second = pair.ask(case), pair.ask(case)
    assert (len(first.asked), len(second.asked)) == (100, 100)
    names = [set(hits(view)) for view in (first, second)]
    assert len(names[0] | names[1]) == 130
    assert any(hits(view).get("many-129") for view in (first, second))
    left = [
        facts["left"]
        for event, _, facts in net.audit(pair.asker)
        if event.endswith("question.asked")
    ]
    assert left == [30, 0]
    assert [view.question.left_out for view in (first, second)] == left


def test_the_answering_side_keeps_who_asked_and_how_many_and_nothing_of_what(pair: Pair):
    a_suspect(pair.holder, "both")
    pair.ask(a_suspect(pair.asker, "both").case.id)
    (kept,) = pair.answered()
    assert (kept.peer_id, kept.points, kept.refusal, kept.at) == ("kr.knpa", 1, None, NOW)
    told = [facts for event, _, facts in net.audit(pair.holder) if event == ANSWERED]
    assert told == [{"sender": "kr.knpa", "points": 1, "outcome": "answered"}]


def test_a_dictionary_of_everything_does_not_tell_the_answering_side_what_was_asked(pair: Pair):
    """The attack: who answers knows every account there could be, and its own secrets."""
    case = a_suspect(pair.asker, "kid-7").case.id
    pair.ask(case)
    question = question_at(pair.holder)
    (answer,) = answers_at(pair.asker)
    dictionary = [account("example-social", f"kid-{number}") for number in range(50)]
    candidates = {point_of(question.agreement, each) for each in dictionary if each}
    seen = {*question.points, *answer.points}
    assert not candidates & seen
    assert not {mark_of(each) for each in candidates} & {mark_of(each) for each in seen}
    own = Secret.drawn(pair.holder.ids.random_bytes)
    multiples = {own.times(each) for each in candidates}
    assert not multiples & {own.undone().times(each) for each in seen} | multiples & seen


def test_the_same_question_twice_shares_nothing_on_the_wire(pair: Pair):
    case = a_suspect(pair.asker, "kid1").case.id
    pair.ask(case)
    pair.ask(case)
    questions = [
        messages.read_question(message_value(parts, messages.QUESTION))
        for parts in parts_received(pair.holder, "deconfliction-question")
    ]
    assert len(questions) == 2
    assert not set(questions[0].points) & set(questions[1].points)


def test_an_answer_tells_the_asker_nothing_but_what_it_asked(pair: Pair):
    """The attack: who asked tries a dictionary on both answers, with all its secrets."""
    a_suspect(pair.holder, "theirs")
    case = a_suspect(pair.asker, "ours").case.id
    secrets = []
    for _ in range(2):
        with open_work(pair.asker, CONSOLE) as work:
            asked = actions.ask_peer(work, case, peer_id="us.hsi", reason="again")
        assert asked.secret is not None
        secrets.append(Secret.kept(asked.secret))
        pair.settle()
    first, second = answers_at(pair.asker)
    assert not first.known & second.known, "a secret for each answer: the known can't be followed"
    (agreement,) = {view.question.agreement for view in pair.views(case)}
    theirs = account("example-social", "theirs")
    assert theirs is not None
    point = point_of(agreement, theirs)
    tried = {point, *(each.times(point) for each in secrets)}
    tried |= {each.undone().times(point) for each in secrets}
    assert not {mark_of(each) for each in tried} & (first.known | second.known)


def test_a_hit_and_a_miss_look_alike_on_the_wire(pair: Pair):
    a_suspect(pair.holder, "both")
    pair.ask(a_suspect(pair.asker, "both").case.id)
    pair.ask(a_suspect(pair.asker, "miss").case.id)
    hit, miss = answers_at(pair.asker)
    shape = [[(name, len(value)) for name, value in wire(each).items()] for each in (hit, miss)]
    assert shape[0] == shape[1]


def test_who_asks_too_much_in_a_day_is_refused_and_seen_until_the_day_is_over(pair: Pair):
    settings = pair.holder.settings.model_copy(update={"deconfliction_per_day": 2})
    pair.holder = replace(pair.holder, settings=settings)
    case = a_suspect(pair.asker, "kid1").case.id
    states = [pair.ask(case).question for _ in range(3)]
    assert [each.refusal for each in states] == [None, None, Refusal.OVER_THE_LIMIT]
    assert [each.refusal for each in pair.answered()] == [Refusal.OVER_THE_LIMIT, None, None]
    assert hits(pair.views(case)[0]) == {"kid1": None}
    for node in (pair.asker, pair.holder):
        net.set_clock(node, NOW + timedelta(days=1, seconds=1))
        net.events(node)
    assert pair.ask(case).question.refusal is None


def test_restricted_cases_children_witnesses_and_what_is_bound_are_not_compared(pair: Pair):
    restricted = a_suspect(pair.holder, "restricted").case.id
    with open_work(pair.holder, CONSOLE) as work:
        restrict_case(work, restricted, members=())
    child = verified(NOW.date().replace(year=NOW.year - 13))
    a_suspect(pair.holder, "child", birth=child, act_on=None)
    earlier = f"possession {NOW.date().replace(year=NOW.year - 20)}"
    grown = verified(NOW.date().replace(year=NOW.year - 33))
    a_suspect(pair.holder, "once", birth=grown, further_acts=(earlier,))  # at 13
    witness = a_suspect(pair.holder, "witness")
    recorded(pair.holder, witness, suspect(roles=frozenset({PersonRole.VICTIM})))
    a_suspect(pair.holder, "adult")
    a_suspect(pair.holder, "bound", handling=("H0", "H2"))
    for name, expected in (
        ("restricted", False), ("child", False), ("once", False), ("witness", False),
        ("adult", True), ("bound", False),
    ):  # fmt: skip
        assert hits(pair.ask(a_suspect(pair.asker, name).case.id)) == {name: expected}


def test_a_child_is_not_asked_about(pair: Pair):
    child = verified(NOW.date().replace(year=NOW.year - 13))
    case = a_suspect(pair.asker, "kid1", birth=child, act_on=None).case.id
    with open_work(pair.asker, CONSOLE) as work, pytest.raises(Conflict, match="no suspect"):
        actions.ask_peer(work, case, peer_id="us.hsi", reason="r")
    earlier = f"possession {NOW.date().replace(year=NOW.year - 20)}"
    grown = verified(NOW.date().replace(year=NOW.year - 33))
    case = a_suspect(pair.asker, "kid2", birth=grown, further_acts=(earlier,)).case.id
    with open_work(pair.asker, CONSOLE) as work, pytest.raises(Conflict, match="no suspect"):
        actions.ask_peer(work, case, peer_id="us.hsi", reason="r")


def test_without_an_agreement_of_hits_nothing_is_asked(make_node):
    with open_pair(make_node, agreed=False) as pair:
        case = a_suspect(pair.asker, "kid1").case.id
        with open_work(pair.asker, CONSOLE) as work:
            assert actions.peers_to_ask(work) == []
        with open_work(pair.asker, CONSOLE) as work, pytest.raises(Conflict, match="hit-no-hit"):
            actions.ask_peer(work, case, peer_id="us.hsi", reason="r")
        with open_work(pair.asker, CONSOLE) as work, pytest.raises(NotFound):
            actions.ask_peer(work, case, peer_id="us.unknown", reason="r")


def test_hits_and_the_details_that_follow_have_agreements_side_by_side(pair: Pair):
    for node in (pair.asker, pair.holder):
        hold(node, "police-mou", pair.holder.id, pair.asker.id)
        with open_work(node, CONSOLE) as work:
            assert len(agreements.list_agreements(work)) == 2
        net.events(node)
    a_suspect(pair.holder, "both")
    assert hits(pair.ask(a_suspect(pair.asker, "both").case.id)) == {"both": True}


def test_an_agreement_that_the_other_side_suspended_answers_nothing(pair: Pair):
    case = a_suspect(pair.asker, "kid1").case.id
    with open_work(pair.holder, CONSOLE) as work:
        (held,) = agreements.list_agreements(work)
        agreements.suspend_agreement(work, held.sha256, reason="review")
    net.events(pair.holder)
    view = pair.ask(case)
    assert (view.question.state, view.question.refusal) == (State.REFUSED, Refusal.NO_AGREEMENT)
    assert hits(view) == {"kid1": None}


def test_a_question_needs_a_reason_and_waits_for_its_answer(pair: Pair):
    case = a_suspect(pair.asker, "kid1").case.id
    with open_work(pair.asker, CONSOLE) as work, pytest.raises(Invalid, match="reason"):
        actions.ask_peer(work, case, peer_id="us.hsi", reason=" ")
    with open_work(pair.asker, CONSOLE) as work:
        actions.ask_peer(work, case, peer_id="us.hsi", reason="first")
    with open_work(pair.asker, CONSOLE) as work, pytest.raises(Conflict, match="waits"):
        actions.ask_peer(work, case, peer_id="us.hsi", reason="second")
    (view,) = pair.views(case)
    assert (view.question.state, hits(view)) == (State.OPEN, {"kid1": None})


def test_the_reason_and_the_case_stay_with_the_asker(pair: Pair):
    file = a_suspect(pair.asker, "kid1")
    pair.ask(file.case.id)
    told = str(parts_received(pair.holder, "deconfliction-question"))
    assert not re.search("same account|kid1|" + re.escape(file.case.number), told)


def test_an_answer_that_comes_twice_changes_nothing(pair: Pair):
    a_suspect(pair.holder, "both")
    case = a_suspect(pair.asker, "both").case.id
    before = pair.ask(case)
    with open_work(pair.asker, CONSOLE) as work:
        _, received, _ = exchange.list_packages(work)
    answer = next(each for each in received if each.kind == "deconfliction-answer")
    with open_work(pair.asker, WORKER) as work:
        assert take_answer(work, package_id=answer.package_id, kind=answer.kind) == 1
        assert answer_question(work, package_id=answer.package_id, kind=answer.kind) == 0
    assert pair.views(case) == [before]


def test_what_was_asked_about_somebody_goes_when_they_are_erased(pair: Pair):
    case = a_suspect(pair.asker, "kid1").case.id
    pair.ask(case)
    with acting(pair.asker.engine, WORKER) as db:
        db.execute(text("SELECT tb_erase_case(:case, now())"), {"case": case})
        left = db.execute(text("SELECT count(*) FROM deconfliction_asked")).scalar_one()
    assert left == 0
    assert file_of(pair.asker, case).people == ()
