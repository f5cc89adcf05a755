"""On the page somebody is detained, or let go, where the police decide it, as what it is."""

import pytest

from tests.nodes import CONSOLE
from tests.police.folk import a_case, outcome_of, recorded, suspect
from tests.police.test_new_doors import signed_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Custody, Outcome
from tipbridge.police.outcomes import actions
from tipbridge.police.outcomes.model import Change


@pytest.mark.parametrize(
    ("first", "then", "custody"),
    [
        (Outcome.BOOKED_AT_LIBERTY, "booked-detained", Custody.DETAINED),
        (Outcome.BOOKED_DETAINED, "booked-at-liberty", Custody.NOT_DETAINED),
    ],
)
def test_another_custody_of_who_is_booked_is_decided_on_the_page_without_a_reason(
    node: Node, first: Outcome, then: str, custody: Custody
) -> None:
    file = a_case(node)
    person_id = recorded(node, file, suspect())
    with open_work(node, CONSOLE) as work:
        actions.decide_outcome(work, person_id, outcome=first)
    client = signed_in(node, Role.INVESTIGATOR)
    shown = client.get(f"/cases/{file.case.id}/outcomes").text
    form = shown[shown.index('name="change"') :]
    assert form.split("<option")[1].startswith(' value="">')
    sent = {"outcome": then, "change": "", "grounds": ""}
    answer = client.post(f"/cases/{file.case.id}/people/{person_id}/outcome", data=sent)
    assert answer.status_code == 303
    told = outcome_of(node, file.case.id, person_id)
    assert told.person.custody is custody
    assert told.decision is not None
    assert (told.decision.change, told.decision.grounds) == (Change.CUSTODY, None)
