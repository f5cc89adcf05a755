"""Release decisions: default deny, reasons, minors, what favours the suspect."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.knowledge.agreements.builders import (
    AT,
    EVERYTHING,
    a_part,
    an_agreement,
    some_facts,
    some_parts,
    some_rules,
    some_terms,
)
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.clauses import Clauses, Extent, Mode
from tipbridge.knowledge.agreements.decisions import (
    AgeRange,
    Reason,
    Refusal,
    decision_document,
)
from tipbridge.knowledge.agreements.model import (
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    GrantedRequest,
    Part,
    Purpose,
    Verdict,
)
from tipbridge.knowledge.agreements.rules import (
    decide_release,
    decide_request_release,
    in_force,
    overlapping,
)

NAME = a_part("people/0/name", DataClass.NAME)
IP_FORMS = [
    a_part("people/0/ips/0", DataClass.IP),
    a_part("people/0/ips/0~prefix", DataClass.IP, Form.PREFIX),
    a_part("people/0/ips/0~network", DataClass.IP, Form.NETWORK),
    a_part("people/0/ips/0~country", DataClass.IP, Form.COUNTRY),
]


def _reason_for_name(**facts: object) -> Reason:
    return decide_release(an_agreement(), [NAME], some_facts(**facts), AT).parts[0].reason


@given(some_parts())
def test_without_an_agreement_nothing_leaves(parts: list[Part]) -> None:
    decision = decide_release(None, parts, some_facts(), AT)
    assert decision.refusal is Refusal.NO_AGREEMENT
    assert not decision.allowed
    assert sorted(decision.withheld) == sorted(part.label for part in parts)


@given(some_parts(), some_rules(), st.booleans())
def test_no_part_leaves_without_a_rule_that_covers_it(
    parts: list[Part], rules: dict[DataClass, FieldRule], self_production: bool
) -> None:
    facts = some_facts(possible_self_production=self_production)
    decision = decide_release(an_agreement(rules=rules), parts, facts, AT)
    for fate in decision.parts:
        if fate.released and fate.data_class is not DataClass.FAVOURS:
            rule = rules[fate.data_class]
            assert rule.verdict is not Verdict.WITHHOLD
            if rule.verdict is Verdict.GENERALISE:
                assert fate.form is not Form.EXACT


@given(some_parts(), some_rules())
def test_what_favours_the_suspect_travels_with_anything_that_leaves(
    parts: list[Part], rules: dict[DataClass, FieldRule]
) -> None:
    decision = decide_release(an_agreement(rules=rules), parts, some_facts(), AT)
    others = [fate for fate in decision.parts if fate.data_class is not DataClass.FAVOURS]
    favours = [fate for fate in decision.parts if fate.data_class is DataClass.FAVOURS]
    leaves = any(fate.released for fate in others)
    assert all(fate.released == leaves for fate in favours)


@given(some_parts(), some_rules(), st.randoms())
def test_the_decision_never_depends_on_the_order_of_parts(
    parts: list[Part], rules: dict[DataClass, FieldRule], random: object
) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    agreement = an_agreement(rules=rules)
    assert decide_release(agreement, parts, some_facts(), AT) == decide_release(
        agreement, shuffled, some_facts(), AT
    )


@given(some_parts(), some_rules())
def test_every_part_has_exactly_one_fate(
    parts: list[Part], rules: dict[DataClass, FieldRule]
) -> None:
    decision = decide_release(an_agreement(rules=rules), parts, some_facts(), AT)
    assert sorted([*decision.released, *decision.withheld]) == sorted(p.label for p in parts)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"sender": "us.other"}, Refusal.OTHER_SENDER),
        ({"receiver": "us.other"}, Refusal.OTHER_RECEIVER),
        ({"purpose": Purpose.REMOVAL}, Refusal.OTHER_PURPOSE),
        ({"offences": frozenset({CoveredOffence.TOURISM})}, Refusal.OFFENCE_NOT_COVERED),
        (
            {"offences": frozenset({CoveredOffence.TOURISM, CoveredOffence.MATERIAL})},
            Refusal.OFFENCE_NOT_COVERED,
        ),
        ({"offences": frozenset()}, Refusal.OFFENCE_UNKNOWN),
    ],
)
def test_a_release_outside_the_terms_is_refused_with_its_reason(
    changes: dict[str, object], refusal: Refusal
) -> None:
    decision = decide_release(an_agreement(), [NAME, *IP_FORMS], some_facts(**changes), AT)
    assert decision.refusal is refusal
    assert not decision.allowed


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (datetime(2013, 12, 31, 23, 59, tzinfo=UTC), Refusal.NOT_YET_VALID),
        (datetime(2014, 1, 1, tzinfo=UTC), None),
        (datetime(2014, 12, 31, 23, 59, tzinfo=UTC), None),
        (datetime(2015, 1, 1, tzinfo=UTC), Refusal.LAPSED),
    ],
)
def test_an_agreement_holds_on_both_its_days_and_not_beyond(
    at: datetime, refusal: Refusal | None
) -> None:
    assert decide_release(an_agreement(), IP_FORMS, some_facts(), at).refusal is refusal
    assert in_force(an_agreement(), at) == (refusal is None)


def test_a_replaced_agreement_allows_nothing_from_that_moment() -> None:
    replaced = an_agreement(replaced_at=AT)
    assert decide_release(replaced, IP_FORMS, some_facts(), AT).refusal is Refusal.REPLACED
    assert not in_force(replaced, AT)
    assert in_force(replaced, datetime(2014, 1, 14, tzinfo=UTC))


@pytest.mark.parametrize(
    ("form", "released"),
    [
        (Form.PREFIX, ["~prefix", "~network", "~country"]),
        (Form.NETWORK, ["~network", "~country"]),
        (Form.COUNTRY, ["~country"]),
    ],
)
def test_a_generalised_class_leaves_in_that_form_or_coarser(
    form: Form, released: list[str]
) -> None:
    rules = EVERYTHING | {DataClass.IP: FieldRule(verdict=Verdict.GENERALISE, form=form)}
    decision = decide_release(an_agreement(rules=rules), IP_FORMS, some_facts(), AT)
    assert set(decision.released) == {f"people/0/ips/0{suffix}" for suffix in released}


def test_a_form_that_its_label_does_not_name_counts_as_exact() -> None:
    rules = EVERYTHING | {DataClass.IP: FieldRule(verdict=Verdict.GENERALISE, form=Form.COUNTRY)}
    liar = a_part("people/0/ips/0", DataClass.IP, Form.COUNTRY)
    assert not decide_release(an_agreement(rules=rules), [liar], some_facts(), AT).allowed


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, Reason.ALLOWED),
        ({"possible_self_production": True}, Reason.MINOR_SELF_PRODUCTION),
        ({"ages": {}}, Reason.MINOR_AGE_UNKNOWN),
        ({"ages": {"people/1": AgeRange(low=40, high=40)}}, Reason.MINOR_AGE_UNKNOWN),
        (
            {"ages": {"people/0": AgeRange(low=13, high=20)}},
            Reason.MINOR_MAY_BE_UNDER_AGE,
        ),
        ({"ages": {"people/0": AgeRange(low=14, high=14)}}, Reason.ALLOWED),
        ({"victims": frozenset({"people/0"})}, Reason.VICTIM_NAME),
        ({"ages": {}, "first_release": False}, Reason.ALLOWED),
    ],
)
def test_a_name_stays_back_while_its_bearer_may_be_a_child(
    facts: dict[str, object], reason: Reason
) -> None:
    assert _reason_for_name(**facts) is reason


def test_the_decision_says_that_a_name_was_withheld_for_a_possible_child() -> None:
    decision = decide_release(an_agreement(), [NAME], some_facts(ages={}), AT)
    assert decision.name_withheld
    assert decision_document(decision)["name_withheld"] is True


def test_a_rule_that_withholds_names_beats_every_age() -> None:
    rules = EVERYTHING | {DataClass.NAME: FieldRule(verdict=Verdict.WITHHOLD)}
    decision = decide_release(an_agreement(rules=rules), [NAME], some_facts(), AT)
    assert decision.parts[0].reason is Reason.RULE_WITHHOLDS
    assert not decision.name_withheld


def test_a_name_that_belongs_to_nobody_stays_back() -> None:
    loose = a_part("incident/name", DataClass.NAME)
    assert not decide_release(an_agreement(), [loose], some_facts(), AT).allowed


def test_a_granted_request_releases_like_an_agreement_and_names_itself() -> None:
    granted = GrantedRequest(request_id="r1", terms=some_terms())
    decision = decide_request_release(granted, IP_FORMS, some_facts(), AT)
    assert decision.basis == "request:r1"
    assert len(decision.released) == len(IP_FORMS)


def test_a_request_not_granted_or_lapsed_releases_nothing() -> None:
    lapsed = GrantedRequest(request_id="r1", terms=some_terms(valid_to=date(2014, 1, 2)))
    assert not decide_request_release(None, IP_FORMS, some_facts(), AT).allowed
    assert decide_request_release(lapsed, IP_FORMS, some_facts(), AT).refusal is Refusal.LAPSED


def test_two_parts_with_one_label_are_refused() -> None:
    with pytest.raises(Invalid):
        decide_release(an_agreement(), [NAME, NAME], some_facts(), AT)


def test_overlap_needs_the_same_parties_purpose_subject_and_days() -> None:
    base = an_agreement()
    assert overlapping(base, an_agreement())
    assert not overlapping(base, an_agreement(receiver="us.other"))
    assert not overlapping(base, an_agreement(purpose=Purpose.REMOVAL))
    assert not overlapping(base, an_agreement(offences=frozenset({CoveredOffence.TOURISM})))
    of_hits = an_agreement(clauses=Clauses(mode=Mode(extent=Extent.HIT_NO_HIT)))
    assert not overlapping(base, of_hits), "a hit first, then details under the other"
    assert overlapping(of_hits, of_hits)
    later = {"valid_from": date(2015, 1, 1), "valid_to": date(2015, 12, 31)}
    assert not overlapping(base, an_agreement(**later))
    assert not overlapping(an_agreement(replaced_at=AT), an_agreement(valid_from=date(2014, 2, 1)))
