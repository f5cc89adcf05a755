"""Deconfliction: who is told what when two cases hold the same."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.nodes import CONSOLE, add_unit, run_followups
from tests.police.cases.builders import account_parts, file_part, part, taken
from tests.police.folk import NOW, a_case, file_of
from tipbridge.foundation.base.actors import WORKER, Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions, identifiers, identifying
from tipbridge.police.cases.asking import actions as asking
from tipbridge.police.cases.asking.model import Hit
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.demands.model import DemandFacts, DemandKind, LetterLanguage
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.model import IdentifierKind, LinkState

IP = part("people/0/ips/0", {"address": "203.0.113.9"})
DEVICE = part("people/0/devices/0", {"type": "imei", "value": "35-1"})


def ask(node: Node, case_id: str, by: Actor = CONSOLE) -> tuple[Hit, ...]:
    with open_work(node, by) as work:
        asked = asking.ask_others(work, case_id, grounds="The same device.")
    assert file_of(node, case_id, by).askings[0].asking.answered_at is None
    run_followups(node)
    view = file_of(node, case_id, by).askings[0].asking
    assert (view.id, view.answered_at is None) == (asked.id, False)
    return view.hits


def test_a_hit_names_kind_and_unit_and_no_hit_says_so(
    node: Node, staff: Callable[..., Actor]
) -> None:
    city, port = add_unit(node, "city"), add_unit(node, "port")
    here, there = (
        staff(node, Role.INVESTIGATOR, unit=city),
        staff(node, Role.INVESTIGATOR, unit=port),
    )
    a_case(node)
    mine = taken(node, [*account_parts("a"), DEVICE, file_part(3)], unit_id=city).case_id
    theirs = taken(node, [*account_parts("b"), DEVICE, file_part(3)], unit_id=port).case_id
    assert ask(node, mine, here) == (
        Hit(kind=IdentifierKind.DEVICE, unit_id=port),
        Hit(kind=IdentifierKind.FILE, unit_id=port),
    )
    assert file_of(node, mine, here).links == ()  # the other case is not theirs to see
    assert file_of(node, theirs, there).links == ()
    alone = taken(node, account_parts("c"), unit_id=city).case_id
    assert ask(node, alone, here) == ()


def test_of_a_restricted_case_only_that_there_is_one_and_its_list_hears_who_asked(
    node: Node, staff: Callable[..., Actor]
) -> None:
    outsider = staff(node, Role.INVESTIGATOR)
    secret = a_case(node, [*account_parts("a"), IP]).case.id
    with open_work(node, CONSOLE) as work:
        actions.restrict_case(work, secret, members=())
    mine = taken(node, account_parts("b")).case_id
    with open_work(node, outsider) as work:
        person = actions.people_seen(work, mine)[0]
        found = identifiers.ip("203.0.113.9")
        assert found is not None
        identifying.add_identifier(work, person.id, found)
    run_followups(node)
    assert "cases.identifier.compared" in _facts(node, mine, outsider)
    assert _facts(node, mine, outsider)["cases.identifier.compared"] == ()  # as with no such case
    before = file_of(node, secret).notices
    assert [(each.about_case_id, each.kind) for each in before] == [(mine, IdentifierKind.IP)]
    assert file_of(node, mine, outsider).links == ()
    assert ask(node, mine, outsider) == (Hit(kind=IdentifierKind.IP, unit_id=None),)
    assert file_of(node, secret).notices == before  # told once
    assert file_of(node, secret).links == ()


def test_an_identifier_that_staff_found_proposes_a_link_to_an_open_case(node: Node) -> None:
    first = a_case(node, [*account_parts("a"), IP]).case.id
    second = taken(node, account_parts("b")).case_id
    with open_work(node, CONSOLE) as work:
        person = actions.people_seen(work, second)[0]
        found = identifiers.ip("203.0.113.9")
        assert found is not None
        identifying.add_identifier(work, person.id, found)
    run_followups(node)
    (link,) = file_of(node, first).links
    assert (link.other_id, link.state) == (second, LinkState.PROPOSED)


def _facts(node: Node, case_id: str, by: Actor) -> dict[str, tuple[tuple[str, str], ...]]:
    with open_work(node, by) as work:
        return {each.event: each.facts for each in diary.read_diary(work, case_id).timeline}


@pytest.mark.parametrize("times", [2])
def test_an_answer_is_given_once(node: Node, times: int) -> None:
    a_case(node, [*account_parts("a"), IP])
    mine = taken(node, [*account_parts("b"), IP]).case_id
    hits = ask(node, mine)
    asked = file_of(node, mine).askings[0].asking.id
    for _ in range(times):
        with open_work(node, WORKER) as work:
            asking.answer_asking(work, asking_id=asked)
    assert file_of(node, mine).askings[0].asking.hits == hits


def test_what_demands_ask_about_is_held_against_other_cases(node: Node) -> None:
    asked = DemandFacts(
        kind=DemandKind.SUBSCRIBER,
        addressee="Example Telecom",
        language=LetterLanguage.KOREAN,
        authority="A ground.",
    )
    address = replace(asked, ip="203.0.113.9", seen_at=NOW)
    named = replace(asked, account="line-7")
    mine = a_case(node, [*account_parts("a"), IP]).case.id
    others = [taken(node, account_parts(each)).case_id for each in "bcd"]
    for case_id, facts in (
        (others[0], address),
        (mine, named),
        (others[1], replace(named, addressee="Another Telecom")),  # another desk's account
    ):
        with open_work(node, CONSOLE) as work:
            demands.draft_demand(work, case_id, facts)
    with open_work(node, CONSOLE) as work:
        dropped = demands.draft_demand(work, others[2], address)
        demands.drop_demand(work, others[2], dropped.id, because="Not needed.")
    assert ask(node, mine) == (Hit(kind=IdentifierKind.IP, unit_id=1),)
    assert {link.other_id for link in file_of(node, mine).links} == {others[0]}
    assert ask(node, others[0]) == (Hit(kind=IdentifierKind.IP, unit_id=1),)
    with open_work(node, CONSOLE) as work:
        demands.draft_demand(work, others[1], replace(named, addressee="EXAMPLE telecom"))
    assert ask(node, others[1]) == (Hit(kind=IdentifierKind.ACCOUNT, unit_id=1),)


def _sent(node: Node, case_id: str, **asked: object) -> None:
    facts = DemandFacts(
        kind=DemandKind.SUBSCRIBER,
        addressee="Chat Example",
        language=LetterLanguage.KOREAN,
        authority="A ground.",
    )
    with open_work(node, CONSOLE) as work:
        made = demands.draft_demand(work, case_id, replace(facts, **asked))
        demands.send_demand(work, case_id, made.id)


def _linked(node: Node, case_id: str) -> set[tuple[str, IdentifierKind]]:
    return {(link.other_id, link.kind) for link in file_of(node, case_id).links}


AT_CHAT = part("people/0/accounts/0", {"service": "chat example", "account": "pupil-9"})
PHONE = part("people/0/phones/0", {"number": "+82 10-2000-0001"})


def test_a_sent_demand_is_compared_with_what_other_cases_hold(node: Node) -> None:
    about = part("people/0/role", "reported")
    mail = part("people/0/emails/0", {"address": "line@mail.example"})
    known = [a_case(node, [about, IP]), a_case(node, [about, AT_CHAT])]
    known += [a_case(node, [about, each]) for each in (PHONE, mail)]
    ip, chat, phone, post = (file.case.id for file in known)
    asking_case = taken(node, account_parts("z")).case_id
    for asked in (
        {"ip": "203.0.113.9", "seen_at": NOW},
        {"account": "pupil-9"},
        {"account": "010-2000-0001"},
        {"account": "Line@mail.example"},
    ):
        _sent(node, asking_case, **asked)
    assert _linked(node, asking_case) == set()  # the worker compares
    run_followups(node)
    assert _linked(node, asking_case) == {
        (ip, IdentifierKind.IP),
        (chat, IdentifierKind.ACCOUNT),
        (phone, IdentifierKind.PHONE),
        (post, IdentifierKind.EMAIL),
    }


def test_a_sent_demand_names_no_restricted_case_which_alone_hears(node: Node) -> None:
    secret = a_case(node, [*account_parts("a"), IP]).case.id
    with open_work(node, CONSOLE) as work:
        actions.restrict_case(work, secret, members=())
    mine = taken(node, account_parts("b")).case_id
    _sent(node, mine, ip="203.0.113.9", seen_at=NOW)
    run_followups(node)
    assert (_linked(node, mine), _linked(node, secret)) == (set(), set())
    assert [(each.about_case_id, each.kind) for each in file_of(node, secret).notices] == [
        (mine, IdentifierKind.IP)
    ]


def test_an_arriving_referral_meets_open_demands_and_joins_no_case_by_them(node: Node) -> None:
    mine = a_case(node, account_parts("a")).case.id
    _sent(node, mine, account="pupil-9")
    _sent(node, mine, account="+82 10 2000 0001")
    about = part("people/0/role", "reported")
    by_name, by_phone = (taken(node, [about, each]).case_id for each in (AT_CHAT, PHONE))
    assert mine not in {by_name, by_phone}, "a question ties nobody to a case"
    assert _linked(node, mine) == {
        (by_name, IdentifierKind.ACCOUNT),
        (by_phone, IdentifierKind.PHONE),
    }
