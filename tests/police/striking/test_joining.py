"""Two records of one human in a case are joined, and parted again."""

from dataclasses import replace
from datetime import date

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts
from tests.police.cases.test_demands import ASKED, NAMED
from tests.police.folk import a_case, file_of, looked_after, record_of, recorded, suspect, verified
from tests.police.striking.test_striking import PHONE, restore
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.law.model import Birth, Certainty, Custody, Offence, Stage
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import checks, identifying, seeing
from tipbridge.police.cases import pages as case_pages
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands.about import demands_about
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import (
    KnownPerson,
    PersonFacts,
    PersonRole,
    TaskKind,
    WelfareFlag,
)
from tipbridge.police.cases.struck.uniting import birth_of, one_of
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.striking import joining, pages, rules
from tipbridge.police.welfare import actions as welfare

GROWN = verified(date(1990, 1, 1))
CHILD = verified(date(2001, 5, 5))
GUESS = Birth(earliest=date(2000, 1, 1), latest=date(2003, 1, 1), certainty=Certainty.ESTIMATED)


def known(node: Node, case_id: str) -> dict[str, KnownPerson]:
    return {each.person.id: each for each in file_of(node, case_id).people}


def test_two_records_are_one_human_with_all_that_either_knew_until_parted(node: Node) -> None:
    parts = [*account_parts("a"), *account_parts("b", person=1)]
    file = a_case(node, parts)
    case_id, (kept, other) = file.case.id, [each.person.id for each in file.people]
    recorded(node, file, suspect(birth=GROWN, flags=frozenset({WelfareFlag.INTERPRETER})))
    with open_work(node, CONSOLE) as work:
        given = PersonFacts(
            name="person-002", birth=CHILD, roles=frozenset({PersonRole.REPORTED_USER, PersonRole.VICTIM}),
            flags=frozenset({WelfareFlag.SELF_HARM}), offence=Offence.DISTRIBUTION,
            act_on=date(2014, 4, 1),
        )  # fmt: skip
        cases.record_person(work, other, given)
        identifying.add_identifier(work, other, PHONE)
        asked = demands.draft_demand(work, case_id, replace(ASKED, person_id=other))
    run_followups(node)
    before = known(node, case_id)
    with open_work(node, CONSOLE) as work:
        records = len(welfare.list_records(work))
    add_member(node, "desk", Role.INVESTIGATOR)
    client = browser(shell_app(node, routers=(case_pages.router, pages.router)))
    sign_in(client, "desk")
    where = f"/cases/{case_id}/people/{kept}"
    assert f'action="{where}/same"' in client.get(where).text
    form = {"other": other, "because": "One account twice."}
    assert client.post(f"{where}/same", data=form).status_code == 303
    assert f"/people/{other}" in client.get(where).text
    run_followups(node)
    (one,) = known(node, case_id).values()
    person = one.person
    assert person.roles == {*PersonRole} - {PersonRole.RECIPIENT}
    assert person.flags == {WelfareFlag.INTERPRETER, WelfareFlag.SELF_HARM}
    assert person.name == "person-002"
    assert person.further_acts == ("distribution 2014-04-01 reported-user victim",)
    assert {each.value for each in one.identifiers} > {"+821055551234"}
    assert len(one.identifiers) == 3
    assert person.birth == Birth(
        earliest=date(1990, 1, 1), latest=date(2001, 5, 5), certainty=Certainty.ESTIMATED
    )
    with open_work(node, CONSOLE) as work:
        (told,) = outcomes.read_outcomes(work, case_id)
        assert told.advice is not None
        assert not told.advice.age_resolved
        assert len(seeing.mentioned_in(work, person)) == 1
        assert set(seeing.mentions_of(work, case_id).values()) == {kept}
        assert [each.id for each in demands_about(work, person)] == [asked.id]
        assert len(welfare.list_records(work)) == records
    restore(node, case_id, other)
    after = known(node, case_id)
    assert after == before
    with open_work(node, CONSOLE) as work:
        assert [each.id for each in demands_about(work, after[other].person)] == [asked.id]
        assert set(seeing.mentions_of(work, case_id).values()) == {kept, other}
    with open_work(node, CONSOLE) as work:  # and may be joined again
        demands.send_demand(work, case_id, asked.id)
        chase = diary.open_task(work, case_id, TaskKind.CHASE_DEMAND, other, title=ASKED.addressee)
        joining.join_people(work, case_id, kept, other=other, because="After all.")
        demands.answer_demand(work, case_id, asked.id, said=[NAMED])
        assert work.now in [e.done_at for e in diary.tasks_of(work, case_id) if e.id == chase.id]
    assert len(known(node, case_id)[kept].identifiers) == 3


def test_no_child_loses_its_open_welfare_record_to_one_that_is_closed(node: Node) -> None:
    file = a_case(node, [*account_parts("a"), *account_parts("b", person=1)])
    case_id = file.case.id
    shown = suspect(birth=CHILD, self_produced=True)
    done, waits = (recorded(node, file, shown, index) for index in (0, 1))
    record = record_of(node, done)
    with open_work(node, CONSOLE) as work:
        looked_after(work, record)
    with pytest.raises(Conflict, match="record is open"), open_work(node, CONSOLE) as work:
        joining.join_people(work, case_id, done, other=waits, because="One child.")
    assert record_of(node, waits).ending is None
    with open_work(node, CONSOLE) as work:  # what the other one says opens the kept one's again
        cases.record_person(work, waits, PersonFacts(roles=frozenset({PersonRole.VICTIM})))
        joining.join_people(work, case_id, done, other=waits, because="One child.")
    assert record_of(node, done).ending is None


def test_births_that_exclude_each_other_make_a_range_and_others_the_narrower() -> None:
    wide = replace(GUESS, certainty=Certainty.DECLARED)
    for one, other, whole in (
        (None, CHILD, CHILD),
        (CHILD, None, CHILD),
        (GUESS, CHILD, CHILD),
        (CHILD, GUESS, CHILD),
        (wide, GUESS, wide),
        (replace(CHILD, certainty=Certainty.DECLARED), CHILD, CHILD),
    ):
        assert birth_of(one, other) == whole
    both = birth_of(CHILD, GROWN)
    assert both is not None
    assert (both.earliest, both.latest) == (date(1990, 1, 1), date(2001, 5, 5))
    assert both.certainty is Certainty.ESTIMATED
    person = checks.unknown_person("p", "c", 1)
    suspected = frozenset({PersonRole.SUSPECT})
    harmed = replace(
        person,
        offence=Offence.POSSESSION,
        act_on=date(2014, 3, 1),
        roles=frozenset({PersonRole.VICTIM}),
    )
    acted = replace(harmed, offence=Offence.DISTRIBUTION, roles=suspected)
    blank = replace(person, roles=suspected)
    assert one_of(blank, acted).offence is one_of(harmed, acted).offence is Offence.DISTRIBUTION
    assert one_of(blank, harmed).offence is None  # what was done to them is no act of theirs
    assert one_of(acted, harmed).further_acts == one_of(acted, acted).further_acts == ()


def test_of_two_who_were_decided_about_or_put_right_none_goes() -> None:
    kept, other = (checks.unknown_person(each, "c", 1) for each in "ab")
    clear = rules.Standing(decided=False, coerced=False, demand_drafts=1, told=("x",), corrected=False)  # fmt: skip
    booked = replace(other, stage=Stage.BOOKED)
    for one, gone, standing, corrected, words in (
        (kept, kept, clear, False, "two records"),
        (kept, other, clear, True, "wrong person"),
        (replace(kept, stage=Stage.BOOKED), booked, clear, False, "about both"),
        (kept, booked, clear, False, "keep that"),
        (kept, replace(other, custody=Custody.DETAINED), clear, False, "keep that"),
        (kept, other, replace(clear, coerced=True), False, "keep that"),
    ):
        against = rules.reason_against_joining(one, gone, standing, either_corrected=corrected)
        assert words in (against or "")
    assert rules.reason_against_joining(kept, other, clear, either_corrected=False) is None


def test_a_record_is_not_joined_to_itself(node: Node) -> None:
    file = a_case(node)
    (only,) = file.people
    with pytest.raises(Conflict), open_work(node, CONSOLE) as work:
        joining.join_people(work, file.case.id, only.person.id, other=only.person.id, because="x")
