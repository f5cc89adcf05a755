"""What a receiver lets in of what a sender decided: what was never let out, and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.knowledge.agreements.builders import (
    ALLOW,
    AT,
    EVERYTHING,
    a_part,
    an_agreement,
    some_facts,
    some_parts,
    some_rules,
    some_terms,
)
from tipbridge.knowledge.agreements.clauses import (
    Clauses,
    Desk,
    Emergency,
    Extent,
    Minors,
    Mode,
    Occasion,
    Parties,
    Subject,
)
from tipbridge.knowledge.agreements.decisions import AgeRange, Reason, Refusal
from tipbridge.knowledge.agreements.model import (
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    Part,
    Terms,
    Verdict,
)
from tipbridge.knowledge.agreements.receiving import Told, never_agreed, never_granted
from tipbridge.knowledge.agreements.rules import decide_release

NAME = a_part("people/0/name", DataClass.NAME)
IP = a_part("people/0/ips/0", DataClass.IP)
CONTENT = a_part("files/0/content", DataClass.CONTENT)
UNKNOWN = frozenset({None})


@given(some_parts(), some_rules(), st.integers(0, 40), st.booleans(), st.booleans(), st.booleans())
def test_what_a_sender_may_send_is_always_let_in(
    parts: list[Part],
    rules: dict[DataClass, FieldRule],
    years: int,
    victim: bool,
    self_production: bool,
    says_less: bool,
) -> None:
    """Whatever of the facts travels with it: a receiver is never stricter than the rules."""
    minors = Minors(restrict=frozenset({DataClass.IP}), victims=frozenset({DataClass.AGE}))
    agreement = an_agreement(rules=rules, clauses=Clauses(minors=minors))
    ages = {"people/0": AgeRange(low=years, high=years)}
    victims = frozenset({"people/0"} if victim else ())
    facts = some_facts(ages=ages, victims=victims, possible_self_production=self_production)
    decision = decide_release(agreement, parts, facts, AT)
    sent = [part for part in parts if part.label in set(decision.released)]
    told = Told() if says_less else Told(
        offences=frozenset({CoveredOffence.MATERIAL}),
        ages=ages,
        victims=victims,
        possible_self_production=self_production,
        occasion=Occasion.SPONTANEOUS,
    )  # fmt: skip
    assert never_agreed(agreement.terms, sent, told) == ()


@pytest.mark.parametrize(
    ("rule", "part", "reason"),
    [
        (None, IP, Reason.NO_RULE),
        (FieldRule(verdict=Verdict.WITHHOLD), IP, Reason.RULE_WITHHOLDS),
        (FieldRule(verdict=Verdict.GENERALISE, form=Form.PREFIX), IP, Reason.FINER_THAN_RULE),
        (FieldRule(verdict=Verdict.HASH), IP, Reason.HASHED_ONLY),
        (FieldRule(verdict=Verdict.ON_REQUEST), CONTENT, Reason.ON_REQUEST),
    ],
)
def test_what_no_rule_lets_out_is_named_with_the_reason(
    rule: FieldRule | None, part: Part, reason: Reason
) -> None:
    rules = {**EVERYTHING, part.data_class: rule}
    terms = some_terms(rules={kept: each for kept, each in rules.items() if each is not None})
    fine = a_part("incident/at", DataClass.INCIDENT)
    assert never_agreed(terms, [fine, part], Told()) == (f"{part.label}: {reason}",)
    if reason is Reason.ON_REQUEST:
        asked = Told(asked=frozenset({part.data_class}))
        assert never_agreed(terms, [fine, part], asked) == ()


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (Told(ages={"people/0": AgeRange(low=13, high=15)}), Reason.MINOR_MAY_BE_UNDER_AGE),
        (Told(victims=frozenset({"people/0"})), Reason.VICTIM_NAME),
        (Told(possible_self_production=True), Reason.MINOR_SELF_PRODUCTION),
    ],
)
def test_a_name_that_the_package_itself_says_is_a_childs_is_not_let_in(
    told: Told, reason: Reason
) -> None:
    assert never_agreed(some_terms(), [NAME], told) == (f"people/0/name: {reason}",)
    assert never_agreed(some_terms(), [NAME], Told()) == ()


def _terms(**clauses: object) -> Terms:
    return some_terms(clauses=Clauses(**clauses))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("terms", "told", "refusal"),
    [
        (_terms(), Told(offences=UNKNOWN), Refusal.OFFENCE_NOT_COVERED),
        (
            _terms(),
            Told(offences=frozenset({CoveredOffence.TOURISM})),
            Refusal.OFFENCE_NOT_COVERED,
        ),
        (
            _terms(subject=Subject(excluded=frozenset({CoveredOffence.MATERIAL}))),
            Told(offences=frozenset({CoveredOffence.MATERIAL})),
            Refusal.EXCLUDED_CRIME,
        ),
        (_terms(mode=Mode(extent=Extent.HIT_NO_HIT)), Told(), Refusal.HIT_OR_NO_HIT_ONLY),
        (
            _terms(mode=Mode(occasions=frozenset({Occasion.ON_REQUEST}))),
            Told(occasion=Occasion.BULK),
            Refusal.OTHER_OCCASION,
        ),
        (
            _terms(parties=Parties(receiver=(Desk(agency="a", parent=None, desk="d", contact="c"),))),
            Told(receiver_desk="another"),
            Refusal.DESK_NOT_NAMED,
        ),
    ],
)  # fmt: skip
def test_what_the_terms_do_not_speak_of_is_not_let_in_at_all(
    terms: Terms, told: Told, refusal: Refusal
) -> None:
    assert never_agreed(terms, [IP], told) == (refusal.value,)


def test_an_emergency_lets_in_what_the_agreement_widens_then_and_no_more() -> None:
    rules = {DataClass.INCIDENT: ALLOW}
    clauses = Clauses(emergency=Emergency(widens=frozenset({DataClass.IP})))
    terms = some_terms(rules=rules, clauses=clauses)
    assert never_agreed(terms, [IP], Told(emergency=True)) == ()
    assert never_agreed(terms, [IP], Told()) == (f"{IP.label}: {Reason.NO_RULE}",)
    assert never_agreed(terms, [NAME], Told(emergency=True)) == (f"{NAME.label}: {Reason.NO_RULE}",)


def test_under_a_granted_request_comes_what_was_granted() -> None:
    offences = {CoveredOffence.MATERIAL}
    told = Told(offences=frozenset(offences))
    favours = a_part("favours/0", DataClass.FAVOURS)
    assert never_granted({DataClass.IP}, offences, [IP, favours], told) == ()
    beyond = never_granted({DataClass.IP}, offences, [IP, NAME], told)
    assert beyond == (f"{NAME.label}: {Reason.NO_RULE}",)
    other = replace(told, offences=frozenset({CoveredOffence.TOURISM}))
    refused = never_granted({DataClass.IP}, offences, [IP], other)
    assert refused == (Refusal.OFFENCE_NOT_COVERED.value,)
