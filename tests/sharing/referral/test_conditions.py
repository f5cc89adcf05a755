"""Every condition of the rules that stand around an agreement's was true and false: as written, both ways."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from tests.knowledge.agreements.builders import AT, a_part, an_agreement, some_facts, some_terms
from tests.knowledge.agreements.watching import Seen, watched
from tipbridge.knowledge.agreements import receiving
from tipbridge.knowledge.agreements.clauses import (
    Clauses,
    Desk,
    Extent,
    Mode,
    Occasion,
    Parties,
    Subject,
)
from tipbridge.knowledge.agreements.decisions import Refusal
from tipbridge.knowledge.agreements.model import (
    CASE_BY_CASE,
    Agreement,
    CoveredOffence,
    DataClass,
    FieldRule,
    GrantedRequest,
    Part,
    Verdict,
)
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.sharing.exchange.model import SaltedPart
from tipbridge.sharing.referral import lawfulness, rules

ALLOW = FieldRule(verdict=Verdict.ALLOW)
IP, NAME = a_part("people/0/ips/0", DataClass.IP), a_part("people/0/name", DataClass.NAME)
MATERIAL, TOURISM = CoveredOffence.MATERIAL, CoveredOffence.TOURISM


def _grant(**changes: object) -> GrantedRequest:
    return GrantedRequest(request_id="r", terms=some_terms(**changes))


def _choice(space: dict[str, Any]) -> None:
    """By which right something leaves: none, an agreement, a grant, and which of them first."""
    decide, held, facts = space["decide"], an_agreement(), some_facts(first_release=True)
    later = replace(facts, first_release=False)
    nobody = decide([], [], [IP], facts, AT)
    assert (nobody[0].allowed, nobody[1:]) == (False, (None, None))
    assert decide([held], [], [IP], facts, AT)[2] == held.channel
    assert decide([held], [_grant()], [IP], facts, AT)[2] == held.channel
    assert decide([held], [_grant()], [IP], later, AT)[2] == CASE_BY_CASE
    unruled = an_agreement(rules={DataClass.INCIDENT: ALLOW})
    refused = decide([unruled], [], [IP], facts, AT)
    assert (refused[0].allowed, refused[1]) == (False, None)
    beside = an_agreement(offences=frozenset({TOURISM}))
    far = decide([beside], [_grant(offences=frozenset({TOURISM}))], [IP], facts, AT)
    assert far[0].refusal is Refusal.OFFENCE_NOT_COVERED
    assert far[0].basis.startswith("request:")
    keyed = {held.sha256: [replace(IP, label="people/0/ips/0~keyed")]}
    assert len(decide([held], [], [IP], facts, AT, keyed=keyed)[0].parts) == 2


def _around(space: dict[str, Any]) -> None:
    speaks_of, hits = space["speaks_of"], Clauses(mode=Mode(extent=Extent.HIT_NO_HIT))
    shut_out = Clauses(subject=Subject(excluded=frozenset({TOURISM})))
    covering = an_agreement(offences=frozenset({MATERIAL}), clauses=shut_out)
    assert speaks_of(covering, [MATERIAL])
    assert speaks_of(covering, [TOURISM])
    assert not speaks_of(covering, [CoveredOffence.ENTICEMENT])
    assert not speaks_of(an_agreement(clauses=hits), [MATERIAL])
    given = _grant(rules={DataClass.IP: ALLOW, DataClass.NAME: ALLOW})
    bound = space["bound_by"](given, an_agreement(rules={DataClass.IP: ALLOW}))
    assert set(bound.terms.rules) == {DataClass.IP}
    (decision, *_) = space["decide"]([an_agreement()], [], [IP], some_facts(), AT)
    kept = space["decision_document"](decision)
    assert space["same_decision"](kept, decision)
    assert not space["same_decision"](None, decision)
    assert not space["same_decision"]({**kept, "allowed": False}, decision)
    assert space["released_own"]([IP, NAME], decision) == [IP]
    received = [SaltedPart(part=each, salt=b"0" * 32, hop=0) for each in (IP, NAME)]
    assert space["released_received"](received, decision) == received[:1]


def _referral_rules(space: dict[str, Any]) -> None:
    _choice(space)
    _around(space)


def _desk(name: str) -> Desk:
    return Desk(agency="A", parent=None, desk=name, contact=f"{name}@example.org")


def _receiving(space: dict[str, Any]) -> None:
    """What a receiver lets in, each reason not to."""
    told, never = space["Told"], space["never_agreed"]
    favour = Part(label="favours/0", value={"kind": "age"}, data_class=DataClass.FAVOURS)
    plain = some_terms(rules={DataClass.IP: ALLOW}, offences=frozenset({MATERIAL}))
    assert never(plain, [IP, favour], told(offences=frozenset({MATERIAL}))) == ()
    assert never(plain, [NAME], told()) == ("people/0/name: no-rule",)
    desks = Parties(sender=(_desk("one"),), receiver=(_desk("two"),))
    for clauses, said, refusal in (
        (Clauses(), {"offences": frozenset({TOURISM})}, "offence-not-covered"),
        (Clauses(parties=desks), {"sender_desk": "other"}, "desk-not-named"),
        (Clauses(parties=desks), {"receiver_desk": "other"}, "desk-not-named"),
        (Clauses(mode=Mode(occasions=frozenset({Occasion.BULK}))),
         {"occasion": Occasion.SPONTANEOUS}, "other-occasion"),
        (Clauses(mode=Mode(extent=Extent.HIT_NO_HIT)), {}, "hit-or-no-hit-only"),
    ):  # fmt: skip
        assert never(replace(plain, clauses=clauses), [IP], told(**said)) == (refusal,)
    assert never(plain, [IP], told(occasion=Occasion.SPONTANEOUS)) == ()
    assert never(plain, [IP], told(emergency=True)) == ()
    granted = space["never_granted"]
    assert granted([DataClass.IP], [MATERIAL], [IP, favour], told()) == ()
    assert granted([DataClass.IP], [MATERIAL], [NAME], told()) == ("people/0/name: no-rule",)
    assert granted([], [], [IP], told(offences=frozenset({MATERIAL}))) == ("offence-not-covered",)


def _between(sender: str | None, receiver: str | None) -> Agreement:
    subject = Subject(sender_law=sender, receiver_law=receiver)
    return an_agreement(clauses=Clauses(subject=subject))


def _lawfulness(space: dict[str, Any]) -> None:
    """The law of both sides: of one that is unknown, nothing; the lowest of what both carry."""
    ask, laws = space["sides_law"], shipped_laws()
    act, both = date(2014, 2, 20), [_between("US", "KR")]
    asked = (MATERIAL, CoveredOffence.ENTICEMENT)
    found = ask(both, asked, act, laws)
    assert (found.criminal_in_both, found.penalty_months) == ({MATERIAL: True}, {MATERIAL: 12})
    for unknown, day in (
        (both, None),
        (both, date(1990, 1, 1)),
        ([_between("US", None)], act),
        ([*both, _between("US", "JP")], act),
        ([], act),
    ):
        assert ask(unknown, asked, day, laws) == space["SidesLaw"]()
    bare = [replace(law, offences=()) if law.jurisdiction == "KR" else law for law in laws]
    assert ask(both, asked, act, bare).criminal_in_both == {MATERIAL: False}
    korea = next(law for law in laws if law.jurisdiction == "KR")
    text = korea.offences[0]
    assert space["_heaviest"](replace(text, life=True)) == lawfulness.OPEN_END_MONTHS
    assert (
        space["_heaviest"](replace(text, life=False, max_months=None)) == lawfulness.OPEN_END_MONTHS
    )
    assert space["_heaviest"](replace(text, life=False, max_months=7)) == 7


@pytest.mark.parametrize(
    ("module", "drive"),
    [(rules, _referral_rules), (receiving, _receiving), (lawfulness, _lawfulness)],
)
def test_every_condition_around_an_agreements_rules_was_true_and_false(
    module: ModuleType, drive: Any
) -> None:
    seen: Seen = defaultdict(set)
    drive(watched(module, seen))
    assert seen
    one_way = sorted((place, found) for place, found in seen.items() if len(found) < 2)
    assert not one_way
