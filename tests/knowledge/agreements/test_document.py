"""Agreement documents: strict reading, one name for one meaning."""

import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.errors import NotAnAgreement
from tipbridge.knowledge.agreements.forms import age_band, ip_prefix
from tipbridge.knowledge.agreements.model import DataClass, FieldRule, Form, Verdict
from tipbridge.knowledge.agreements.templates import TEMPLATES, template_text

SHIPPED = template_text("standing-referral")


def _changed(old: str, new: str) -> bytes:
    assert old in SHIPPED
    return SHIPPED.replace(old, new).encode()


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_shipped_template_loads_with_the_parties_it_is_given(name: str) -> None:
    agreement, _ = load_agreement(template_text(name, sender="a.one", receiver="b.two").encode())
    assert (agreement.terms.sender, agreement.terms.receiver) == ("a.one", "b.two")
    assert DataClass.FAVOURS not in agreement.terms.rules


def test_the_second_template_is_narrower_than_the_first() -> None:
    first, _ = load_agreement(template_text("standing-referral").encode())
    second, _ = load_agreement(template_text("hsi-knpa-2013").encode())
    assert second.terms.offences < first.terms.offences
    assert second.terms.rules[DataClass.DEVICE].verdict is Verdict.WITHHOLD
    assert second.terms.rules[DataClass.AGE] == FieldRule(
        verdict=Verdict.GENERALISE, form=Form.BAND
    )


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_canonical_form_loads_to_the_same_name(name: str) -> None:
    agreement, canonical = load_agreement(template_text(name).encode())
    again, same = load_agreement(canonical)
    assert (again, same) == (agreement, canonical)


def test_a_desk_named_before_its_agency_changes_no_name() -> None:
    text = template_text("police-mou")
    turned = re.sub(r"(agency = .*\n)((?:parent = .*\n)?)(desk = .*\n)", r"\3\1\2", text)
    assert turned != text
    agreement, canonical = load_agreement(turned.encode())
    assert load_agreement(canonical) == (agreement, canonical)
    assert agreement == load_agreement(text.encode())[0]


@pytest.mark.parametrize(
    "by", ['[["sender"]]', "[{a = 1}]", "[1]", '["sender", 2]', '"sender"', "[]"]
)
def test_who_may_suspend_is_a_list_of_the_two_sides(by: str) -> None:
    text = template_text("police-mou")
    changed = text.replace('by = ["sender", "receiver"]', f"by = {by}")
    assert changed != text
    with pytest.raises(NotAnAgreement, match=r"suspension[.]by is a list of sender and receiver"):
        load_agreement(changed.encode())


def test_order_of_words_and_lines_does_not_change_the_name() -> None:
    first, _ = load_agreement(SHIPPED.encode())
    moved = SHIPPED.replace("version = 1\n", "").replace(
        'format = "tipbridge-agreement/1"\n', 'version = 1\nformat = "tipbridge-agreement/1"\n'
    )
    moved = moved.replace(
        '"sexual-abuse-material", "child-sex-trafficking"',
        '"child-sex-trafficking", "sexual-abuse-material"',
    )
    assert moved != SHIPPED
    assert load_agreement(moved.encode())[0].sha256 == first.sha256


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("child-sexual-abuse-investigation", "tax-enforcement"),
        ("child-sex-tourism", "copyright"),
        ('name = "allow"', 'name = "maybe"'),
        ('name = "allow"', 'name = "generalise:prefix"'),
        ('name = "allow"', 'name = "allow:prefix"'),
        ('ip = "allow"', 'ip = "generalise:band"'),
        ('ip = "allow"', 'shoe-size = "allow"'),
        ('ip = "allow"', 'favours = "withhold"'),
        ("valid_to = 2015-12-31", "valid_to = 2012-12-31"),
        ("valid_to = 2015-12-31", 'valid_to = "soon"'),
        ("valid_to = 2015-12-31", "valid_to = 2015-12-31T00:00:00Z"),
        ("valid_to = 2015-12-31\n", ""),
        ("version = 1", "version = true"),
        ("version = 1", "version = 1\nsurprise = 2"),
        ("version = 1", 'version = 1\nreplaces = "abc"'),
        ("us.hsi", "us.clearing"),
        ("us.hsi", "US HSI"),
        ('"standing-referral"', '"case-by-case"'),
        ("TLP:AMBER", "TLP:BLUE"),
        ('codes = ["H0"]', 'codes = ["H9"]'),
        ('codes = ["H0"]', "codes = [1, {}]"),
        ("years = 18", "years = 0"),
        ('format = "tipbridge-agreement/1"', 'format = "tipbridge-agreement/3"'),
        ("[fields]", "[felds]"),
    ],
)
def test_a_document_outside_the_closed_lists_does_not_load(old: str, new: str) -> None:
    with pytest.raises(NotAnAgreement):
        load_agreement(_changed(old, new))


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_make_the_loader_fail_otherwise(data: bytes) -> None:
    with pytest.raises(Invalid):
        load_agreement(data)


def test_a_document_too_large_does_not_load() -> None:
    with pytest.raises(NotAnAgreement):
        load_agreement(b"#" * (64 * 1024 + 1))


def test_templates_are_files_of_the_package() -> None:
    folder = resources.files("tipbridge.knowledge.agreements") / "templates"
    assert {f"{name}.toml" for name in TEMPLATES} <= {entry.name for entry in folder.iterdir()}


@pytest.mark.parametrize(
    ("address", "prefix"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48")],
)
def test_an_address_generalises_to_its_prefix(address: str, prefix: str) -> None:
    assert ip_prefix(address) == prefix


def test_no_address_has_no_prefix() -> None:
    with pytest.raises(Invalid):
        ip_prefix("nowhere")


@given(st.integers(0, 120))
def test_an_age_lies_in_its_band(years: int) -> None:
    band = age_band(years)
    assert band["from"] is not None
    assert band["from"] <= years
    assert band["to"] is None or years <= band["to"]
