"""A restriction more never releases more, whatever the ways there are; and no order of them counts."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.knowledge.agreements.builders import AT, some_parts, some_rules, some_terms
from tests.knowledge.agreements.test_narrowing import narrowed, other_facts, some_clauses
from tipbridge.knowledge.agreements.clauses import Clauses, Leave
from tipbridge.knowledge.agreements.decisions import Onward, ReleaseFacts
from tipbridge.knowledge.agreements.markings import Marking, strictest
from tipbridge.knowledge.agreements.model import (
    Agreement,
    DataClass,
    FieldRule,
    GrantedRequest,
    HandlingCode,
    Part,
    Terms,
    Tlp,
)
from tipbridge.sharing.referral import rules

_INHERITED = st.builds(
    Marking,
    tlp=st.sampled_from([None, *Tlp]),
    handling=st.frozensets(st.sampled_from(HandlingCode)),
)
_ONWARD = st.none() | st.builds(
    Onward,
    leave=st.sampled_from(Leave),
    consented=st.booleans(),
    other_purpose=st.booleans(),
    outside=st.frozensets(st.sampled_from(["people/0/1", "files/0/2"])),
)


@st.composite
def _bound(draw: st.DrawFn) -> ReleaseFacts:
    """Facts of a release, received material with what binds it among them."""
    return replace(draw(other_facts()), inherited=draw(_INHERITED), onward=draw(_ONWARD))


def _agreement(terms: Terms, name: str = "a") -> Agreement:
    return Agreement(
        sha256=name * 64,
        title="A",
        channel="a-to-b",
        version=1,
        replaces=None,
        legal_basis="Act",
        terms=terms,
    )


def _released(terms: Terms, given_terms: Terms, parts: list[Part], facts: ReleaseFacts) -> set[str]:
    """What leaves beside an agreement and a grant that it covers, as a release judges them."""
    agreement = _agreement(terms)
    grant = GrantedRequest(request_id="r", terms=given_terms)
    covers = rules.speaks_of(agreement, facts.offences)
    bound = rules.bound_by(grant, agreement) if covers else grant
    return set(rules.decide([agreement], [bound], parts, facts, AT)[0].released)


@settings(max_examples=150)
@given(some_parts(), some_rules(), some_rules(), some_clauses(), _bound(), st.data())
def test_an_agreement_narrowed_releases_no_more_by_a_grant_beside_it(
    parts: list[Part],
    own: dict[DataClass, FieldRule],
    granted: dict[DataClass, FieldRule],
    clauses: Clauses,
    facts: ReleaseFacts,
    data: st.DataObject,
) -> None:
    """What it may lose by its narrowing is its say in the matter, never what it holds back."""
    terms, by_hand = some_terms(rules=own, clauses=clauses), some_terms(rules=granted)
    narrower = data.draw(narrowed(terms))
    if not rules.speaks_of(_agreement(narrower), facts.offences):
        return  # it covers this no more: the grant stands by itself, as where there is none
    later = replace(facts, first_release=False)
    wide = _released(terms, by_hand, parts, facts) | _released(terms, by_hand, parts, later)
    alone = set(rules.decide([_agreement(terms)], [], parts, facts, AT)[0].released)
    assert _released(narrower, by_hand, parts, facts) <= wide | alone


@settings(max_examples=150)
@given(some_parts(), some_rules(), some_clauses(), _bound(), _INHERITED, st.data())
def test_a_grant_or_a_road_narrowed_releases_no_more(
    parts: list[Part],
    granted: dict[DataClass, FieldRule],
    clauses: Clauses,
    facts: ReleaseFacts,
    more: Marking,
    data: st.DataObject,
) -> None:
    terms = some_terms(rules=granted, clauses=clauses)
    narrower = data.draw(narrowed(terms))

    def left(given_terms: Terms, found: ReleaseFacts) -> set[str]:
        grant = GrantedRequest(request_id="r", terms=given_terms)
        return set(rules.decide([], [grant], parts, found, AT)[0].released)

    before = left(terms, facts)
    assert left(narrower, facts) <= before
    assert left(terms, replace(facts, inherited=strictest(facts.inherited, more))) <= before
    onward = facts.onward
    if onward is not None:
        for stricter in (
            replace(onward, leave=Leave.NEVER),
            replace(onward, consented=False),
            replace(onward, other_purpose=True),
            replace(onward, outside=onward.outside | {part.label for part in parts[:1]}),
        ):
            assert left(terms, replace(facts, onward=stricter)) <= before


@settings(max_examples=100)
@given(
    some_parts(),
    st.lists(some_rules(), min_size=1, max_size=3),
    st.lists(some_rules(), max_size=3),
    _bound(),
    st.randoms(),
)
def test_no_order_of_agreements_or_grants_changes_a_decision(
    parts: list[Part],
    own: list[dict[DataClass, FieldRule]],
    granted: list[dict[DataClass, FieldRule]],
    facts: ReleaseFacts,
    random: object,
) -> None:
    agreements = [
        _agreement(some_terms(rules=each), "abc"[number]) for number, each in enumerate(own)
    ]
    grants = [
        GrantedRequest(request_id=str(number), terms=some_terms(rules=each))
        for number, each in enumerate(granted)
    ]
    found = rules.decide(agreements, grants, parts, facts, AT)
    for ways in (agreements, grants, parts):
        random.shuffle(ways)  # type: ignore[attr-defined]
    assert rules.decide(agreements, grants, parts, facts, AT) == found
