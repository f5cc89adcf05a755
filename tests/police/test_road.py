"""A tip on the whole road: case, removal, decision, and what goes back."""

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, taken
from tests.police.folk import file_of, outcome_of, suspect, verified
from tests.sharing import net
from tests.sharing.referral.road import Road, open_road, view
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Outcome, Stage
from tipbridge.office.actions import read_audit
from tipbridge.pipeline import follow
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import Origin
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.outcomes import mistaken, steps
from tipbridge.police.outcomes.model import StepFacts
from tipbridge.tips.quality import actions as quality
from tipbridge.tips.quality.present import own_json
from tipbridge.tips.triage import actions as triage


@pytest.fixture
def road(make_node: Callable[..., Node]) -> Generator[Road]:
    """Three nodes that follow the pipeline."""
    with open_road(make_node) as made:
        made.settle = lambda: net.settle(made.nodes, follow)  # type: ignore[method-assign]
        yield made


def _cases(node: Node) -> list[CaseFile]:
    with open_work(node, CONSOLE) as work:
        lines = cases.list_cases(work)
    return [file_of(node, line.id) for line in lines]


def test_a_tip_becomes_a_case_and_its_outcome_goes_back_to_the_report(road: Road) -> None:
    report_id = road.tip()
    first, _, second, at_police = road.carry(report_id)
    road.settle()
    (file,) = _cases(road.police)
    (taken,) = file.referrals
    assert (taken.referral_id, taken.origin) == (at_police, Origin.PROVIDER_TIP)
    assert taken.channel == "hsi-knpa-mou"
    assert taken.report_number == report_id
    assert taken.reported_at is not None
    assert file.item_count > 0
    with open_work(road.police, CONSOLE) as work:
        facts = suspect(birth=verified(date(2001, 1, 1)), act_on=date(2014, 2, 1))
        person = cases.record_person(work, file.people[0].person.id, facts)
        outcomes.decide_outcome(work, person.id, outcome=Outcome.JUVENILE_DIVISION)
    road.settle()
    for node, referral_id in (
        (road.police, at_police),
        (road.liaison, second),
        (road.clearing, first),
    ):
        (feedback,) = view(node, referral_id).feedback
        assert feedback.outcome == "juvenile-division"
        assert feedback.sender == "kr.knpa"
        assert feedback.facts["reason"] == "below-age"
    with open_work(road.clearing, CONSOLE) as work:
        (on_tip,) = triage.read_tip(work, report_id).record.feedback
    assert (on_tip.sender, on_tip.outcome) == ("kr.knpa", "juvenile-division")
    assert outcome_of(road.police, file.case.id, person.id).welfare is not None


def test_what_prosecutor_and_court_did_goes_back_too_and_no_provider_reads_it(road: Road) -> None:
    report_id = road.tip()
    first, _, second, at_police = road.carry(report_id)
    road.settle()
    (file,) = _cases(road.police)
    with open_work(road.police, CONSOLE) as work:
        facts = suspect(birth=verified(date(2001, 1, 1)), act_on=date(2014, 2, 1))
        person = cases.record_person(work, file.people[0].person.id, facts)
        outcomes.decide_outcome(work, person.id, outcome=Outcome.JUVENILE_DIVISION)
        for stage in (Stage.JUVENILE_DIVISION, Stage.PROTECTIVE_MEASURE):
            told = steps.record_step(work, person.id, StepFacts(stage=stage))
    road.settle()
    with open_work(road.police, WORKER) as work:
        steps.tell_step(work, step_id=told.id)
    road.settle()
    for node, referral_id in (
        (road.police, at_police),
        (road.liaison, second),
        (road.clearing, first),
    ):
        said = view(node, referral_id).feedback
        assert sorted(each.outcome for each in said) == [
            "further-stage",
            "further-stage",
            "juvenile-division",
        ]
        (last,) = [each for each in said if each.feedback_id == told.id]
        assert last.facts == {
            "stage": "protective-measure",
            "custody": "not-detained",
            "step_by": "juvenile-division",
            "happened_on": told.on.isoformat(),
        }
    because = "The measure of another was entered here."
    with open_work(road.police, CONSOLE) as work:
        mistaken.take_back_step(work, person.id, stage=Stage.PROTECTIVE_MEASURE, because=because)
    road.settle()
    with open_work(road.police, WORKER) as work:
        mistaken.tell_taken_back(work, step_id=told.id)
    road.settle()
    for node, referral_id in ((road.liaison, second), (road.clearing, first)):
        said = view(node, referral_id).feedback
        (back,) = [each for each in said if "taken_back" in each.facts]
        assert (back.outcome, back.facts["taken_back"]) == ("further-stage", "protective-measure")
        assert back.facts["stage"] == "with-juvenile-division"
        assert because not in str(back.facts)
    with open_work(road.clearing, CONSOLE) as work:
        on_tip = triage.read_tip(work, report_id).record
        quality_view = quality.read_quality(work, on_tip.provider_name)
    assert len(on_tip.feedback) == 4
    reads = own_json(quality_view)
    assert reads["outcomes"] == {"acted-on": 1}
    assert "stage" not in str(reads["feedback"]) + str(reads["reports"])


def test_everything_said_twice_is_done_once(road: Road) -> None:
    *_, at_police = road.carry(road.tip())
    (file,) = _cases(road.police)
    case_id = file.case.id
    for _ in range(3):
        for event, ids in (
            ("referral.referral.received", {"referral_id": at_police}),
            ("cases.case.opened", {"case_id": case_id, "referral_id": at_police}),
            ("cases.people.changed", {"case_id": case_id}),
        ):
            follow(road.police, event, ids)
    assert _cases(road.police) == [file]
    person_id = file.people[0].person.id
    with open_work(road.police, CONSOLE) as work:
        facts = suspect(act_on=date(2014, 2, 1))
        cases.record_person(work, person_id, facts)
        decision = outcomes.decide_outcome(work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY)
    for _ in range(3):
        with open_work(road.police, WORKER) as work:
            outcomes.send_feedback(work, outcome_id=decision.id)
    road.settle()
    assert len(view(road.police, at_police).feedback) == 1


def test_a_referral_feeds_a_further_case_once_and_its_outcome_goes_back_once(road: Road) -> None:
    *_, at_police = road.carry(road.tip())
    (first,) = _cases(road.police)
    second = file_of(road.police, taken(road.police, account_parts("somebody-else")).case_id)
    with open_work(road.police, CONSOLE) as work:
        cases.feed_referral(work, second.case.id, referral=at_police)
    with pytest.raises(Conflict), open_work(road.police, CONSOLE) as work:
        cases.feed_referral(work, second.case.id, referral=at_police)
    road.settle()
    fed = file_of(road.police, second.case.id)
    assert [each.referral_id for each in fed.referrals].count(at_police) == 1
    assert fed.item_count == first.item_count
    assert len(fed.people) == len(second.people) + len(first.people)
    after = file_of(road.police, first.case.id)
    assert {link.other_id for link in after.links} == {second.case.id}, "compared once it is fed"
    assert replace(after, links=()) == first
    (line,) = (k.person for k in fed.people if k.identifiers == first.people[0].identifiers)
    with open_work(road.police, CONSOLE) as work:
        facts = suspect(birth=verified(date(2001, 1, 1)), act_on=date(2014, 2, 1))
        cases.record_person(work, line.id, facts)
        outcomes.decide_outcome(work, line.id, outcome=Outcome.JUVENILE_DIVISION)
    road.settle()
    assert len(view(road.police, at_police).feedback) == 1
    with open_work(road.police, CONSOLE) as work:
        opened = joining.split_case(work, fed.case.id, people=[line.id], grounds="A child.")
    road.settle()
    offshoot = file_of(road.police, opened.id)
    assert (offshoot.item_count, offshoot.foreign_numbers) == (1, first.foreign_numbers)
    with open_work(road.police, CONSOLE) as work:
        told = [each.event.event for each in read_audit(work, subject=opened.id)]
    assert told.count("removals.addresses.noted") == 1, "its places are noted as when it was fed"
