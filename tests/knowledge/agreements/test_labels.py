"""A label has its class: one table for who writes a part and who lets it in."""

import pytest

from tipbridge.knowledge.agreements.labels import class_of, mislabelled
from tipbridge.knowledge.agreements.model import DataClass


@pytest.mark.parametrize(
    ("label", "data_class"),
    [
        ("people/0/name", DataClass.NAME),
        ("people/zero/name", DataClass.NAME),
        ("people/0/name~keyed", DataClass.NAME),
        ("people/0/age~band", DataClass.AGE),
        ("people/10/ips/3~prefix", DataClass.IP),
        ("incident/addresses/0", DataClass.MATERIAL_ADDRESS),
        ("incident/description", DataClass.INCIDENT),
        ("favours/us.node-0", DataClass.FAVOURS),
        ("people/0/hobby", None),
        ("people/0", None),
        ("message/0", None),
    ],
)
def test_a_label_has_one_class_whatever_its_form(label: str, data_class: DataClass | None) -> None:
    assert class_of(label) is data_class


def test_what_says_another_class_than_its_label_is_named_with_both() -> None:
    fine = [("favours/0", DataClass.FAVOURS), ("people/0/hobby", DataClass.ACCOUNT)]
    wrong = [("people/0/name", DataClass.FAVOURS), ("people/0/hobby", DataClass.FAVOURS)]
    assert mislabelled(fine) == ()
    assert mislabelled([*fine, *wrong]) == (
        "people/0/name: favours, must be name",
        "people/0/hobby: favours, must be favours/N",
    )
