"""Adding a restriction never releases more, whatever it is and whatever is released."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.knowledge.agreements.builders import AT, some_facts, some_parts, some_rules, some_terms
from tests.knowledge.agreements.cases import HASH, ON_REQUEST, WITHHOLD, coarse
from tipbridge.knowledge.agreements.clauses import (
    Clauses,
    Delivery,
    Desk,
    Emergency,
    Extent,
    Minors,
    Mode,
    Occasion,
    Parties,
    Subject,
)
from tipbridge.knowledge.agreements.decisions import AgeRange, ReleaseFacts
from tipbridge.knowledge.agreements.model import (
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    GrantedRequest,
    Part,
    Terms,
    Verdict,
)
from tipbridge.knowledge.agreements.rules import decide_request_release

_CLASSES = st.frozensets(st.sampled_from([c for c in DataClass if c is not DataClass.FAVOURS]))
_VERDICTS = st.sampled_from([WITHHOLD, HASH, ON_REQUEST, coarse(Form.NETWORK), coarse(Form.BAND)])
_PATTERNS = st.sampled_from(["people/0/*", "people/*/*", "*/0/*", "files/*/*", "people/1/3"])


@st.composite
def some_clauses(draw: st.DrawFn) -> Clauses:
    return Clauses(
        mode=Mode(extent=draw(st.sampled_from([Extent.FULL, Extent.METADATA_FIRST]))),
        paths=draw(st.dictionaries(_PATTERNS, _VERDICTS, max_size=2)),
        minors=Minors(
            restrict=draw(_CLASSES),
            victims=draw(_CLASSES),
            contact_required=draw(st.booleans()),
            welfare_contact=draw(st.sampled_from([None, "care@knpa.example"])),
        ),
        emergency=Emergency(widens=draw(_CLASSES)),
    )


@st.composite
def other_facts(draw: st.DrawFn) -> ReleaseFacts:
    low = draw(st.integers(5, 40))
    return some_facts(
        ages=draw(st.sampled_from([{}, {"people/0": AgeRange(low=low, high=low)}])),
        victims=draw(st.frozensets(st.sampled_from(["people/0", "people/1"]))),
        possible_self_production=draw(st.booleans()),
        requested=draw(_CLASSES),
        emergency_people=draw(st.integers(0, 3)),
        first_release=draw(st.booleans()),
        occasion=draw(st.sampled_from(Occasion)),
        delivery=draw(st.sampled_from(Delivery)),
        receiver_desk=draw(st.sampled_from([None, "a", "b"])),
    )


def _with(terms: Terms, **clauses: object) -> Terms:
    return replace(terms, clauses=replace(terms.clauses, **clauses))  # type: ignore[arg-type]


def _ruled(terms: Terms, data_class: DataClass, rule: FieldRule | None) -> Terms:
    rules = {key: kept for key, kept in terms.rules.items() if key is not data_class}
    return replace(terms, rules=rules if rule is None else {**rules, data_class: rule})


@st.composite
def narrowed(draw: st.DrawFn, terms: Terms) -> Terms:
    """The same terms with one restriction more."""
    clauses, data_class = (
        terms.clauses,
        DataClass(draw(st.sampled_from(sorted(terms.rules) or [DataClass.NAME]))),
    )
    rule = terms.rules.get(data_class)
    stricter = draw(_VERDICTS) if rule and rule.verdict is Verdict.ALLOW else WITHHOLD
    desk = (Desk(agency="x", parent=None, desk="a", contact="a@x.example"),)
    ways: list[Callable[[], Terms]] = [
        lambda: _ruled(terms, data_class, None),
        lambda: _ruled(terms, data_class, stricter),
        lambda: _with(terms, paths={**clauses.paths, draw(_PATTERNS): WITHHOLD}),
        lambda: _with(terms, paths={"people/0/7": draw(_VERDICTS), **clauses.paths}),
        lambda: _with(terms, mode=replace(clauses.mode, extent=Extent.METADATA_FIRST)),
        lambda: _with(terms, mode=replace(clauses.mode, extent=Extent.HIT_NO_HIT)),
        lambda: _with(terms, mode=replace(clauses.mode, occasions=frozenset({Occasion.BULK}))),
        lambda: _with(terms, mode=replace(clauses.mode, delivery=frozenset({Delivery.PULL}))),
        lambda: _with(terms, subject=Subject(excluded=frozenset({CoveredOffence.MATERIAL}))),
        lambda: _with(terms, subject=Subject(dual_criminality=True)),
        lambda: _with(terms, subject=Subject(minimum_penalty_months=1)),
        lambda: _with(terms, parties=Parties(receiver=desk)),
        lambda: _with(
            terms, minors=replace(clauses.minors, restrict=clauses.minors.restrict | draw(_CLASSES))
        ),
        lambda: _with(
            terms, minors=replace(clauses.minors, victims=clauses.minors.victims | draw(_CLASSES))
        ),
        lambda: _with(terms, emergency=Emergency(widens=frozenset())),
        lambda: _with(terms, emergency=replace(clauses.emergency, people=3)),
        lambda: replace(terms, minimum_age=replace(terms.minimum_age, years=25)),
        lambda: replace(terms, offences=frozenset({CoveredOffence.TOURISM})),
    ]
    return draw(st.sampled_from(ways))()


def _released(terms: Terms, parts: list[Part], facts: ReleaseFacts) -> set[str]:
    granted = GrantedRequest(request_id="r", terms=terms)
    return set(decide_request_release(granted, parts, facts, AT).released)


@settings(max_examples=200)
@given(some_parts(), some_rules(), some_clauses(), other_facts(), st.data())
def test_a_restriction_more_never_releases_more(
    parts: list[Part],
    rules: dict[DataClass, FieldRule],
    clauses: Clauses,
    facts: ReleaseFacts,
    data: st.DataObject,
) -> None:
    terms = some_terms(rules=rules, clauses=clauses)
    narrower = data.draw(narrowed(terms))
    assert _released(narrower, parts, facts) <= _released(terms, parts, facts)


@given(some_parts(), some_rules(), some_clauses(), other_facts(), st.randoms())
def test_no_order_of_parts_or_clauses_changes_what_leaves(
    parts: list[Part],
    rules: dict[DataClass, FieldRule],
    clauses: Clauses,
    facts: ReleaseFacts,
    random: object,
) -> None:
    turned = replace(clauses, paths=dict(list(clauses.paths.items())[::-1]))
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = some_terms(rules=dict(list(rules.items())[::-1]), clauses=turned)
    terms = some_terms(rules=rules, clauses=clauses)
    assert _released(terms, parts, facts) == _released(other, shuffled, facts)


@given(some_parts(), some_clauses(), other_facts())
def test_clauses_alone_let_nothing_leave(
    parts: list[Part], clauses: Clauses, facts: ReleaseFacts
) -> None:
    """No field leaves without an allow: a rule of its class, or an emergency that widens it."""
    released = _released(some_terms(rules={}, clauses=clauses), parts, facts)
    widened = clauses.emergency.widens if facts.emergency_people >= 2 else frozenset()
    by_label = {part.label: part.data_class for part in parts}
    assert {by_label[label] for label in released} <= widened | {DataClass.FAVOURS}
    assert widened or not released
