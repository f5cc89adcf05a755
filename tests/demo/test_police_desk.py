"""The police's staff of the demo do again what a killed node may have kept, once in effect."""

from typing import cast

from tests.nodes import CONSOLE
from tests.police.folk import a_case, outcome_of, recorded, suspect
from tipbridge.demo.police_desk import PoliceDesk
from tipbridge.demo.world import World
from tipbridge.foundation.node import Node
from tipbridge.knowledge.law.model import Outcome


def test_a_decision_that_was_kept_before_the_node_died_is_not_made_again(node: Node) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    desk = PoliceDesk(
        node,
        cast("World", None),  # nobody is asked about: the person is recorded already
        investigator=CONSOLE,
        examiner=CONSOLE,
        examined=lambda _: None,
        asked={},
    )
    for _ in range(2):
        desk.decide(person_id)
    (decision,) = outcome_of(node, file.case.id, person_id).history.decisions
    assert decision.outcome is Outcome.BOOKED_AT_LIBERTY
