"""What may leave, decided without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.clauses import Delivery, Occasion
from tipbridge.knowledge.agreements.decisions import AgeRange, Refusal, decision_document
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.model import (
    PERSONAL,
    Agreement,
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    GrantedRequest,
    MinimumAge,
    Part,
    Purpose,
    Suspension,
    Verdict,
)
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange.model import BasisKind
from tipbridge.sharing.referral import messages, rules
from tipbridge.sharing.referral.facts import (
    NAME_WITHHELD,
    facts_of,
    name_was_withheld,
    offences_of,
    origin_of,
    release_marks,
)
from tipbridge.sharing.referral.lawfulness import SidesLaw
from tipbridge.sharing.referral.model import Origin, RequestAnswer, Way

NOW = datetime(2014, 3, 1, tzinfo=UTC)
PARTIES = ("us.clearing", "us.hsi")


def _agreement() -> Agreement:
    document = template_text("standing-referral", sender=PARTIES[0], receiver=PARTIES[1])
    return load_agreement(document.encode())[0]


AGREEMENT = _agreement()
GRANTED = GrantedRequest(request_id="0" * 32, terms=AGREEMENT.terms)
PARTS = (
    Part(label="incident/type", value="sexual-abuse-material", data_class=DataClass.INCIDENT),
    Part(label="people/0/role", value="reported", data_class=DataClass.ACCOUNT),
    Part(label="people/0/name", value="N", data_class=DataClass.NAME),
    Part(label="people/0/age", value=30, data_class=DataClass.AGE),
    Part(label="people/0/accounts/0", value={"account": "a"}, data_class=DataClass.ACCOUNT),
    Part(label="favours/0", value={"kind": "possible-proxy"}, data_class=DataClass.FAVOURS),
)


def _facts(parts: tuple[Part, ...] = PARTS, *, first: bool = True):
    return facts_of(
        parts,
        parties=PARTIES,
        purpose=Purpose.INVESTIGATION,
        now=NOW,
        first_release=first,
        way=Way(),
        requested=frozenset(),
        delivery=Delivery.PUSH,
        law=SidesLaw(),
    )


def _with(label: str, value: object) -> tuple[Part, ...]:
    kept = tuple(part for part in PARTS if part.label != label)
    changed = [replace(part, value=value) for part in PARTS if part.label == label]
    return (*kept, *changed) if value is not None else kept


def _released(parts: tuple[Part, ...], *, first: bool, request: bool) -> set[str]:
    granted = [GRANTED] if request else []
    decision, _, _ = rules.decide([AGREEMENT], granted, parts, _facts(parts, first=first), NOW)
    return set(decision.released)


def test_the_name_of_a_grown_up_goes_at_first_release() -> None:
    assert "people/0/name" in _released(PARTS, first=True, request=False)


@pytest.mark.parametrize("age", [None, 12, 17])
def test_a_name_of_who_may_be_a_child_needs_a_granted_request_after_the_first(
    age: int | None,
) -> None:
    parts = _with("people/0/age", age)
    assert "people/0/name" not in _released(parts, first=True, request=False)
    assert "people/0/name" not in _released(parts, first=True, request=True)
    assert "people/0/name" not in _released(parts, first=False, request=False)
    assert "people/0/name" in _released(parts, first=False, request=True)


def test_an_agreement_is_the_first_right_and_a_request_the_second() -> None:
    _, basis, channel = rules.decide([AGREEMENT], [GRANTED], PARTS, _facts(), NOW)
    assert basis is not None
    assert (basis.kind, channel) == (BasisKind.AGREEMENT, AGREEMENT.channel)
    _, basis, _ = rules.decide([], [GRANTED], PARTS, _facts(), NOW)
    assert basis is not None
    assert basis.kind is BasisKind.REQUEST
    decision, basis, _ = rules.decide([], [], PARTS, _facts(), NOW)
    assert basis is None
    assert not decision.allowed


@pytest.mark.parametrize("first", ["0" * 64, "f" * 64])
def test_a_denial_names_what_came_closest_whatever_its_hash(first: str) -> None:
    other = replace(AGREEMENT.terms, offences=frozenset(CoveredOffence) - AGREEMENT.terms.offences)
    elsewhere = replace(AGREEMENT, sha256=first, terms=other)
    held = replace(
        AGREEMENT,
        sha256="8" * 64,
        suspensions=(Suspension(starts_at=NOW, ends_at=None, reason="Synthetic.", by="us.hsi"),),
    )
    asked = replace(
        AGREEMENT,
        sha256="9" * 64,
        terms=replace(
            AGREEMENT.terms,
            clauses=replace(
                AGREEMENT.terms.clauses,
                mode=replace(
                    AGREEMENT.terms.clauses.mode, occasions=frozenset({Occasion.ON_REQUEST})
                ),
            ),
        ),
    )
    cases = [
        ([elsewhere, held], Refusal.SUSPENDED),
        ([elsewhere, asked], Refusal.OTHER_OCCASION),
        ([held, asked], Refusal.OTHER_OCCASION),
    ]
    for agreements, refusal in cases:
        decision, basis, _ = rules.decide(agreements, [], PARTS, _facts(), NOW)
        assert (decision.refusal, basis) == (refusal, None)


def test_every_refusal_is_nearer_or_further_than_another() -> None:
    assert set(rules.NEARER) == set(Refusal)


def test_the_kept_decision_is_compared_but_for_its_time() -> None:
    decision, _, _ = rules.decide([AGREEMENT], [], PARTS, _facts(), NOW)
    later, _, _ = rules.decide([AGREEMENT], [], PARTS, _facts(), NOW + timedelta(hours=1))
    other, _, _ = rules.decide([AGREEMENT], [], PARTS[1:], _facts(), NOW)
    kept = decision_document(decision)
    assert rules.same_decision(kept, later)
    assert not rules.same_decision(kept, other)
    assert not rules.same_decision(None, later)


_CLASSES = [item for item in DataClass if item is not DataClass.FAVOURS]


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.sampled_from(_CLASSES), st.sampled_from(["allow", "withhold"])),
    st.booleans(),
)
def test_no_agreement_can_withhold_what_favours_the_suspect(
    table: dict[DataClass, str], first: bool
) -> None:
    terms = replace(
        AGREEMENT.terms,
        rules={name: FieldRule(verdict=Verdict(verdict)) for name, verdict in table.items()},
    )
    decision, _, _ = rules.decide(
        [replace(AGREEMENT, terms=terms)], [], PARTS, _facts(first=first), NOW
    )
    released = {part.label: part.data_class for part in decision.parts if part.released}
    if any(data_class in PERSONAL for data_class in released.values()):
        assert "favours/0" in released


def test_an_unknown_incident_type_is_no_offence_that_an_agreement_covers() -> None:
    assert offences_of(PARTS) == {CoveredOffence.MATERIAL}
    official = "Online Enticement of Children for Sexual Acts"
    assert offences_of(_with("incident/type", official)) == {CoveredOffence.ENTICEMENT}
    for word in ("Parking", None, 5):
        assert offences_of(_with("incident/type", word)) == frozenset()


def test_ages_come_from_every_part_and_the_lowest_counts() -> None:
    band = Part(
        label="people/1/age~band",
        value={"from": 10, "to": 13},
        data_class=DataClass.AGE,
        form=Form.BAND,
    )
    born = Part(label="people/0/birth_date", value="2001-03-02", data_class=DataClass.AGE)
    odd = Part(label="people/2/birth_date", value="soon", data_class=DataClass.AGE)
    ages = _facts((*PARTS, band, born, odd)).ages
    assert ages["people/0"] == AgeRange(low=12, high=30)
    assert ages["people/1"] == AgeRange(low=10, high=13)
    assert "people/2" not in ages


def test_a_held_back_name_is_said_to_be_held_back() -> None:
    parts = _with("people/0/age", None)
    decision, _, _ = rules.decide([AGREEMENT], [], parts, _facts(parts), NOW)
    marks = release_marks(decision, "us.clearing", Way())
    assert name_was_withheld(marks)
    told = marks[0].value
    assert isinstance(told, dict)
    assert (told["kind"], told["about"]) == (NAME_WITHHELD, "people/0")
    grown, _, _ = rules.decide([AGREEMENT], [], PARTS, _facts(), NOW)
    assert not name_was_withheld(release_marks(grown, "us.clearing", Way()))


def test_a_road_begins_with_a_report_or_with_a_lead() -> None:
    lead = Part(label="lead/grounds", value="x", data_class=DataClass.INCIDENT)
    report = Part(label="report/id", value="1", data_class=DataClass.INCIDENT)
    assert origin_of([lead]) is Origin.LIAISON_LEAD
    assert origin_of([lead, report]) is Origin.PROVIDER_TIP
    assert origin_of([]) is Origin.PROVIDER_TIP


ANSWER = RequestAnswer(
    granted=True,
    legal_basis="Act, article 5",
    allowed=frozenset({DataClass.ACCOUNT, DataClass.INCIDENT}),
    valid_from=date(2014, 3, 1),
    valid_to=date(2014, 4, 1),
    minimum_age=MinimumAge(years=14, jurisdiction="KR", citation="article 9"),
)


def test_an_answer_survives_its_journey_and_a_half_grant_is_refused() -> None:
    assert messages.read_answer(messages.answer_document(ANSWER)) == ANSWER
    for missing in ("valid_from", "valid_to", "minimum_age"):
        document = messages.answer_document(ANSWER) | {missing: None}
        with pytest.raises(Invalid):
            messages.read_answer(document)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=6,
)
_NAMES = st.sampled_from(
    [
        "granted",
        "legal_basis",
        "allowed",
        "valid_from",
        "valid_to",
        "minimum_age",
        "request_id",
        "offences",
        "incident_on",
        "feedback_id",
        "outcome",
        "at",
        "facts",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(_NAMES, _JSON))
def test_a_message_of_a_peer_is_read_or_refused_as_invalid(value: dict[str, object]) -> None:
    for read in (messages.read_answer, messages.read_feedback, messages.read_request):
        try:
            read(value)
        except Invalid:
            continue


def test_who_is_named_in_no_role_may_be_a_victim() -> None:
    unknown = tuple(part for part in PARTS if not part.label.endswith("/role"))
    assert _facts().victims == frozenset()
    assert _facts(_with("people/0/role", "victim")).victims == {"people/0"}
    assert _facts(unknown).victims == {"people/0"}
    assert "people/0/name" not in _released(unknown, first=True, request=False)
