"""An own picture is an offence where it shows a child or youth on the day it was made."""

from dataclasses import replace
from datetime import date

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, file_of, outcome_of, recorded, suspect, verified
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Offence, Outcome
from tipbridge.police.cases.model import PersonFacts, TaskKind
from tipbridge.police.outcomes import actions
from tipbridge.police.outcomes.errors import OutcomeForbidden
from tipbridge.police.outcomes.rules import depicted_on


def test_a_grown_persons_own_picture_is_no_article_11_offence_and_an_undated_one_waits(
    node: Node,
) -> None:
    file = a_case(node)
    born = verified(date(1994, 5, 5))  # a child or youth to the end of 2012
    grown = suspect(offence=Offence.DISTRIBUTION, self_produced=True, birth=born)
    person_id = recorded(node, file, grown)
    told = outcome_of(node, file.case.id, person_id)
    assert told.advice is not None
    assert [each.outcome for each in told.advice.permitted] == [Outcome.NO_SUSPICION]
    assert told.advice.unknowns == ("age-when-depicted",)
    assert TaskKind.RESOLVE_AGE in {task.kind for task in file_of(node, file.case.id).tasks}
    with open_work(node, CONSOLE) as work, pytest.raises(OutcomeForbidden, match="AGE-UNRESOLVED"):
        actions.decide_outcome(
            work, person_id, outcome=Outcome.BOOKED_AT_LIBERTY, grounds="It looks like an old one."
        )
    recorded(node, file, PersonFacts(further_acts=("production 2013-05-05 suspect own",)))
    told = outcome_of(node, file.case.id, person_id)
    assert told.advice is not None
    assert told.advice.age_resolved
    rules = {each.outcome: each.source.rule for each in told.advice.forbidden}
    assert rules[Outcome.BOOKED_AT_LIBERTY] == "KR-YPA-2"
    assert "depicted-on=2013-05-05" in told.advice.inputs
    recorded(
        node, file, PersonFacts(further_acts=("production 2012-05-05..2012-05-06 suspect own",))
    )
    told = outcome_of(node, file.case.id, person_id)
    (shared,) = (each.advice for each in told.acts if each.act.offence is Offence.DISTRIBUTION)
    assert Outcome.BOOKED_AT_LIBERTY in {each.outcome for each in shared.permitted}


def test_the_day_of_a_picture_is_that_of_the_own_acts_of_production(node: Node) -> None:
    file = a_case(node)
    acts = (
        "production 2014-01-03..2014-01-05 suspect own",
        "production 2013-01-03 suspect own",
        "production 2012-01-03 suspect not-own",
        "attempted-production 2011-01-03 suspect own",
    )
    born = verified(date(1996, 5, 5))
    recorded(node, file, suspect(self_produced=True, birth=born, further_acts=acts))
    person = file_of(node, file.case.id).people[0].person
    assert depicted_on(person) == (date(2013, 1, 3), date(2014, 1, 5))
    for undated in ("production ? suspect not-own", "attempted-production ? suspect own"):
        assert depicted_on(replace(person, further_acts=(*acts, undated))) == depicted_on(person)


def test_an_undated_own_picture_beside_dated_ones_leaves_the_age_open(node: Node) -> None:
    file = a_case(node)
    grown = suspect(
        offence=Offence.POSSESSION, self_produced=True, birth=verified(date(1984, 5, 5))
    )
    dated = "production 2013-05-05 suspect own"
    person_id = recorded(node, file, replace(grown, further_acts=(dated,)))
    told = outcome_of(node, file.case.id, person_id)
    assert told.advice is not None
    (had,) = (each.advice for each in told.acts if each.act.offence is Offence.POSSESSION)
    assert {each.source.rule for each in had.forbidden} >= {"KR-YPA-2"}
    recorded(node, file, PersonFacts(further_acts=(dated, "production ? suspect own")))
    told = outcome_of(node, file.case.id, person_id)
    assert told.advice is not None
    assert not told.advice.age_resolved
    assert "age-when-depicted" in told.advice.unknowns
    (had,) = (each.advice for each in told.acts if each.act.offence is Offence.POSSESSION)
    assert "KR-YPA-2" not in {each.source.rule for each in had.forbidden}
    assert "AGE-UNRESOLVED" in {each.source.rule for each in had.forbidden}


def test_a_picture_older_than_every_loaded_law_is_dated_and_keeps_nothing_open(node: Node) -> None:
    file = a_case(node)
    grown = suspect(offence=Offence.DISTRIBUTION, self_produced=True)
    old = ("production 1996-05-05 suspect own",)  # sixteen; law is loaded from 2012
    person_id = recorded(node, file, replace(grown, further_acts=old))
    told = outcome_of(node, file.case.id, person_id)
    assert told.advice is not None
    assert Outcome.BOOKED_AT_LIBERTY in {each.outcome for each in told.advice.permitted}
    assert told.advice.unknowns == ("law-of-the-act",)
    with open_work(node, CONSOLE) as work:
        made = actions.decide_outcome(work, person_id, outcome=Outcome.NO_SUSPICION)
    assert "depicted-on=1996-05-05" in told.advice.inputs
    told = outcome_of(node, file.case.id, person_id)
    assert told.decision == made
    assert told.history.closed
