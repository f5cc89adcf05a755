"""Whose leave a use needs, what a consent covers, and what a receiver does not take. Pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.clauses import Leave, Pap
from tipbridge.knowledge.agreements.markings import Marking, lowers
from tipbridge.knowledge.agreements.model import DataClass, HandlingCode, Part, Purpose, Tlp
from tipbridge.sharing.exchange.model import SaltedPart
from tipbridge.sharing.referral.consent import rules
from tipbridge.sharing.referral.consent.messages import (
    answer_document,
    ask_part,
    marks_of,
    read_answer,
    read_ask,
)
from tipbridge.sharing.referral.consent.model import (
    Aim,
    Answer,
    Ask,
    Consent,
    ConsentState,
    Mark,
    Place,
    Refusing,
    Use,
)

AT = datetime(2014, 3, 1, tzinfo=UTC)
H1, H2 = HandlingCode.H1, HandlingCode.H2
ONWARD = Aim(use=Use.ONWARD, recipient="c", purpose=Purpose.INVESTIGATION)


def _mark(
    node: str,
    *codes: HandlingCode,
    onward: Leave = Leave.GRANTED,
    court: Leave = Leave.GRANTED,
    tlp: Tlp = Tlp.AMBER,
    consents: tuple[str, ...] = (),
) -> Mark:
    return Mark(
        node_id=node,
        marking=Marking(tlp=tlp, handling=frozenset(codes)),
        onward=onward,
        court=court,
        consents=frozenset(consents),
    )


def _consent(
    aim: Aim = ONWARD, *, originator: str = "a", days: int = 10, **said: object
) -> Consent:
    granted = said.get("granted", True) is True
    classes = said.get("classes", frozenset(DataClass))
    assert isinstance(classes, frozenset)
    answer = Answer(
        id="1",
        granted=granted,
        why=None if granted else Refusing.NOT_NEEDED,
        classes=classes,
        starts_at=AT if granted else None,
        ends_at=AT + timedelta(days=days) if granted else None,
    )
    return Consent(
        ask=Ask(id="1", aim=aim, originator=originator, asker="b"),
        place=Place.ASKED,
        unit_id=1,
        restricted=False,
        members=(),
        peer_id="a",
        referral_id="r",
        package_id="p",
        along_id=None,
        state=ConsentState.GRANTED if granted else ConsentState.REFUSED,
        answer=answer,
        asked_at=AT,
        asked_by="x",
    )


@pytest.mark.parametrize(
    ("marks", "use", "nodes"),
    [
        ((_mark("a"),), Use.ONWARD, ()),
        ((_mark("a", H2),), Use.ONWARD, ("a",)),
        ((_mark("a", H2),), Use.COURT, ()),
        ((_mark("a", H1),), Use.COURT, ("a",)),
        ((_mark("a", H1),), Use.ONWARD, ()),
        ((_mark("a", tlp=Tlp.RED),), Use.ONWARD, ("a",)),
        ((_mark("a", onward=Leave.CONSENT),), Use.ONWARD, ("a",)),
        ((_mark("a", court=Leave.CONSENT),), Use.COURT, ("a",)),
        # who only inherited a mark is not asked; who set it, or says so in its agreement, is
        ((_mark("a", H2), _mark("b", H2)), Use.ONWARD, ("a",)),
        ((_mark("a"), _mark("b", H2)), Use.ONWARD, ("b",)),
        ((_mark("a", H2), _mark("b", H2, tlp=Tlp.RED)), Use.ONWARD, ("a", "b")),
        ((_mark("a", H2), _mark("b", H2, onward=Leave.CONSENT)), Use.ONWARD, ("a", "b")),
    ],
)
def test_who_set_a_mark_is_asked(marks: tuple[Mark, ...], use: Use, nodes: tuple[str, ...]) -> None:
    assert rules.bound_by(marks, use).nodes == nodes


def test_what_is_never_allowed_is_asked_of_nobody() -> None:
    bound = rules.bound_by((_mark("a", H2), _mark("b", onward=Leave.NEVER)), Use.ONWARD)
    assert (bound.never, bound.nodes) == (True, ())


@pytest.mark.parametrize(
    ("consent", "at", "holds"),
    [
        (_consent(), AT, True),
        (_consent(), AT - timedelta(seconds=1), False),
        (_consent(), AT + timedelta(days=10), False),
        (_consent(granted=False, classes=frozenset()), AT, False),
        (_consent(Aim(use=Use.ONWARD, recipient="d", purpose=Purpose.INVESTIGATION)), AT, False),
        (_consent(Aim(use=Use.ONWARD, recipient="c", purpose=Purpose.CHILD_WELFARE)), AT, False),
        (_consent(Aim(use=Use.COURT, recipient=None, purpose=Purpose.INVESTIGATION)), AT, False),
    ],
)
def test_a_consent_holds_for_its_peer_purpose_use_and_time(
    consent: Consent, at: datetime, holds: bool
) -> None:
    assert rules.holds(consent, ONWARD, at) is holds


def test_what_a_consent_does_not_cover_stays_back_but_for_what_favours_the_suspect() -> None:
    parts = [
        Part(label="people/0/name", value="x", data_class=DataClass.NAME),
        Part(label="favours/0", value="x", data_class=DataClass.FAVOURS),
        Part(label="incident/type", value="x", data_class=DataClass.INCIDENT),
    ]
    narrow = _consent(
        Aim(use=Use.COURT, recipient=None, purpose=Purpose.INVESTIGATION),
        classes=frozenset({DataClass.INCIDENT}),
    )
    marks = (_mark("a", H1),)
    found = rules.court_leave(parts, marks, [narrow], Purpose.INVESTIGATION, AT)
    assert (found.may, found.may_not) == (("favours/0", "incident/type"), ("people/0/name",))
    none = rules.court_leave(parts, marks, [], Purpose.INVESTIGATION, AT)
    assert (none.may, none.waiting) == ((), ("a",))
    free = rules.court_leave(parts, (_mark("a"),), [], Purpose.INVESTIGATION, AT)
    assert free.may_not == ()


_MARKS = st.builds(
    lambda codes, tlp, pap, onward: Mark(
        node_id="n",
        marking=Marking(tlp=tlp, pap=pap, handling=frozenset(codes)),
        onward=onward,
        court=onward,
        consents=frozenset(),
    ),
    st.sets(st.sampled_from(HandlingCode)),
    st.sampled_from(Tlp),
    st.none() | st.sampled_from(Pap),
    st.sampled_from(Leave),
)


@given(st.lists(_MARKS, min_size=1, max_size=4), _MARKS)
def test_what_is_derived_is_never_marked_less_and_a_mark_more_never_frees(
    marks: list[Mark], more: Mark
) -> None:
    found = rules.inherited(marks)
    assert not any(lowers(mark.marking, found) for mark in marks)
    for use in Use:
        before, after = rules.bound_by(marks, use), rules.bound_by([*marks, more], use)
        assert after.never or set(before.nodes) <= set(after.nodes)
        assert not before.never or after.never


@pytest.mark.parametrize(
    ("marks", "who"),
    [
        ((_mark("a"), _mark("b")), None),
        ((_mark("a", H2), _mark("b", H2, consents=("1",))), None),
        ((_mark("a", H2), _mark("b", H2)), "b"),
        ((_mark("a", H2), _mark("b", consents=("1",))), "b"),
        ((_mark("a", tlp=Tlp.RED), _mark("b", tlp=Tlp.GREEN, consents=("1",))), "b"),
        ((_mark("a", onward=Leave.NEVER), _mark("b", consents=("1",))), "b"),
        ((_mark("a"), _mark("b", H2), _mark("c", H2)), "c"),
        ((_mark("a", H2),), None),
    ],
)
def test_a_receiver_names_who_passed_on_without_leave_or_marked_less(
    marks: tuple[Mark, ...], who: str | None
) -> None:
    assert rules.unasked(marks) == who


@pytest.mark.parametrize("value", [None, {}, {"tlp": "TLP:PINK"}, "text", {"conditions": None}])
def test_a_mark_that_cannot_be_read_needs_leave_for_everything(value: object) -> None:
    part = Part(label="release/a", value=value, data_class=DataClass.INCIDENT)
    (mark,) = marks_of([SaltedPart(part=part, salt=b"", hop=0)], ["a"])
    assert (mark.onward, mark.court) == (Leave.CONSENT, Leave.CONSENT)


def test_messages_come_back_as_they_were_and_nothing_else_does() -> None:
    ask = Ask(id="1", aim=ONWARD, originator="a", asker="b")
    value = ask_part(ask).value
    assert isinstance(value, dict)
    assert read_ask(value, "b") == ask
    for wrong in ({**value, "use": "court"}, {**value, "id": ""}, {**value, "purpose": "sport"}):
        with pytest.raises(Invalid):
            read_ask(wrong, "b")
    with pytest.raises(Invalid):
        read_ask(value, "another")
    answer = _consent().answer
    assert answer is not None
    document = answer_document(answer)
    assert read_answer(document) == answer
    for wrong in (
        {**document, "ends_at": None},
        {**document, "ends_at": "2014-03-01T00:00:00"},
        {**document, "granted": False},
        {**document, "classes": []},
        {**document, "why": "not-needed"},
    ):
        with pytest.raises(Invalid):
            read_answer(wrong)
