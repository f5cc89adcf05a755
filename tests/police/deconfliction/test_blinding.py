"""The arithmetic of questions: what comes together, and what nobody can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.base.ids import SystemIds
from tipbridge.police.cases.identifiers import compared
from tipbridge.police.cases.model import Identifier, IdentifierKind
from tipbridge.police.deconfliction import messages, rules
from tipbridge.police.deconfliction.blinding import MARK_BYTES, Secret, is_point, point_of
from tipbridge.police.deconfliction.model import AnswerMessage, QuestionMessage, Refusal

AGREEMENT = "ab" * 32
identifiers = st.builds(
    Identifier,
    kind=st.sampled_from(IdentifierKind),
    scope=st.text(max_size=8),
    value=st.text(min_size=1, max_size=20),
)


def secret() -> Secret:
    return Secret.drawn(SystemIds().random_bytes)


def answer(known: list[Identifier], asked: list[bytes]) -> AnswerMessage:
    own = secret()
    return AnswerMessage(
        question="q",
        refusal=None,
        points=tuple(own.times(point) for point in asked),
        known=rules.padded(rules.known_marks(AGREEMENT, own, known), SystemIds().random_bytes),
    )


@given(st.lists(identifiers, min_size=1, max_size=4), st.lists(identifiers, max_size=4))
def test_exactly_what_both_know_is_a_hit(asked: list[Identifier], known: list[Identifier]):
    own = secret()
    points = [own.times(rules.asked_point(AGREEMENT, each)) for each in asked]
    hits = rules.hits_of(own, len(asked), answer(known, points))
    assert hits == tuple(compared(each) in map(compared, known) for each in asked)


def test_a_secret_is_kept_and_read_back():
    own, point = secret(), point_of(AGREEMENT, Identifier(kind=IdentifierKind.IP, value="::1"))
    assert Secret.kept(own.to_bytes()).times(point) == own.times(point)
    assert own.undone().times(own.times(point)) == point


def test_fields_of_an_identifier_cannot_be_moved_into_each_other():
    one = Identifier(kind=IdentifierKind.ACCOUNT, scope="ab", value="c")
    other = Identifier(kind=IdentifierKind.ACCOUNT, scope="a", value="bc")
    assert point_of(AGREEMENT, one) != point_of(AGREEMENT, other)
    assert point_of(AGREEMENT, one) != point_of("cd" * 32, one)


@pytest.mark.parametrize(("known", "size"), [(0, 1024), (1024, 1024), (1025, 2048), (5000, 8192)])
def test_the_number_of_the_known_says_a_power_of_two(known: int, size: int):
    marks = {number.to_bytes(MARK_BYTES) for number in range(known)}
    found = rules.padded(marks, SystemIds().random_bytes)
    assert (len(found), marks <= found) == (size, True)


def test_a_question_and_an_answer_are_read_back():
    points = tuple(
        point_of(AGREEMENT, Identifier(kind=IdentifierKind.PHONE, value=str(number)))
        for number in range(3)
    )
    question = QuestionMessage(question="q", agreement=AGREEMENT, points=points)
    assert messages.read_question(messages.question_part(question).value) == question
    for each in (
        answer([], list(points)),
        AnswerMessage(question="q", refusal=Refusal.OVER_THE_LIMIT),
    ):
        assert messages.read_answer(messages.answer_part(each).value) == each


OFF_CURVE = next(
    each for each in (number.to_bytes(32) for number in range(100)) if not is_point(each)
)


@pytest.mark.parametrize(
    "points",
    [(), (b"short",), (OFF_CURVE,), (b"\xff" * 32,), (point_of("a", Identifier(kind=IdentifierKind.IP, value="x")),) * 101],
    ids=["none", "short", "off the curve", "no coordinate", "too many"],
)  # fmt: skip
def test_a_question_of_other_bytes_is_refused(points: tuple[bytes, ...]):
    part = messages.question_part(QuestionMessage(question="q", agreement=AGREEMENT, points=points))
    with pytest.raises(Invalid, match="asks for no hit"):
        messages.read_question(part.value)


@pytest.mark.parametrize(
    "changes",
    [{"known": ""}, {"refusal": "no-agreement"}, {"refusal": "other"}, {"points": "!"}, {"question": ""}],
    ids=str,
)  # fmt: skip
def test_an_answer_that_says_two_things_or_none_is_refused(changes: dict[str, str]):
    value = messages.answer_part(answer([], [])).value
    assert isinstance(value, dict)
    with pytest.raises(Invalid, match="no answer"):
        messages.read_answer(value | changes)


def test_an_answer_to_other_points_than_were_asked_is_none():
    own = secret()
    point = own.times(point_of(AGREEMENT, Identifier(kind=IdentifierKind.IP, value="::1")))
    with pytest.raises(ValueError, match="2"):
        rules.hits_of(own, 1, answer([], [point, point]))
