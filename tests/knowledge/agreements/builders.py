"""Agreements, parts and facts for tests, overriding only what a test is about."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from tipbridge.knowledge.agreements.decisions import AgeRange, ReleaseFacts
from tipbridge.knowledge.agreements.model import (
    STANDARD_FORMS,
    Agreement,
    CoveredOffence,
    DataClass,
    FieldRule,
    Form,
    HandlingCode,
    MinimumAge,
    Part,
    Purpose,
    Terms,
    Tlp,
    Verdict,
)

AT = datetime(2014, 1, 15, 12, tzinfo=UTC)
ALLOW = FieldRule(verdict=Verdict.ALLOW)
EVERYTHING = dict.fromkeys((c for c in DataClass if c is not DataClass.FAVOURS), ALLOW)


def some_terms(**changes: object) -> Terms:
    """Terms from us.clearing to us.hsi that allow everything through 2014."""
    values: dict[str, object] = {
        "sender": "us.clearing",
        "receiver": "us.hsi",
        "purpose": Purpose.INVESTIGATION,
        "offences": frozenset({CoveredOffence.MATERIAL}),
        "rules": EVERYTHING,
        "tlp": Tlp.AMBER,
        "handling": (HandlingCode.H0,),
        "valid_from": date(2014, 1, 1),
        "valid_to": date(2014, 12, 31),
        "minimum_age": MinimumAge(years=14, jurisdiction="KR", citation="Criminal Act 9"),
    }
    return Terms(**(values | changes))  # type: ignore[arg-type]


def an_agreement(replaced_at: datetime | None = None, **changes: object) -> Agreement:
    """A standing agreement with `some_terms`."""
    return Agreement(
        sha256="ab" * 32,
        title="Test agreement",
        channel="standing-referral",
        version=1,
        replaces=None,
        legal_basis="none",
        terms=some_terms(**changes),
        replaced_at=replaced_at,
    )


def some_facts(**changes: object) -> ReleaseFacts:
    """Facts that fit `an_agreement`, about an adult."""
    values: dict[str, object] = {
        "sender": "us.clearing",
        "receiver": "us.hsi",
        "purpose": Purpose.INVESTIGATION,
        "offences": frozenset({CoveredOffence.MATERIAL}),
        "possible_self_production": False,
        "ages": {"people/0": AgeRange(low=30, high=30)},
    }
    return ReleaseFacts(**(values | changes))  # type: ignore[arg-type]


def a_part(label: str, data_class: DataClass, form: Form = Form.EXACT) -> Part:
    """A part whose value does not matter."""
    return Part(label=label, value="x", data_class=data_class, form=form)


@st.composite
def some_parts(draw: st.DrawFn) -> list[Part]:
    """Lists of parts of any class, exact and generalised, each label once."""
    parts: dict[str, Part] = {}
    for number in range(draw(st.integers(0, 12))):
        data_class = draw(st.sampled_from(list(DataClass)))
        form = draw(st.sampled_from([Form.EXACT, *STANDARD_FORMS.get(data_class, ())]))
        stem = draw(st.sampled_from(["people/0", "people/1", "files/0", "favours"]))
        label = f"{stem}/{number}" + ("" if form is Form.EXACT else f"~{form}")
        parts[label] = a_part(label, data_class, form)
    return list(parts.values())


@st.composite
def some_rules(draw: st.DrawFn) -> dict[DataClass, FieldRule]:
    """Field tables with any class allowed, generalised, withheld or left out."""
    rules: dict[DataClass, FieldRule] = {}
    for data_class in EVERYTHING:
        choices = [None, ALLOW, FieldRule(verdict=Verdict.WITHHOLD)]
        choices += [
            FieldRule(verdict=Verdict.GENERALISE, form=form)
            for form in STANDARD_FORMS.get(data_class, ())
        ]
        if (rule := draw(st.sampled_from(choices))) is not None:
            rules[data_class] = rule
    return rules
