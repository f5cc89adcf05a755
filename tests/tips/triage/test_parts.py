"""Tips and leads as parts."""

from dataclasses import replace

from tests.tips.triage.tips import AT, NOW, full_person, make_tip, person, tip_file
from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.knowledge.agreements.model import DataClass, Form, Part
from tipbridge.knowledge.hashes.model import Handling
from tipbridge.tips.enrichment.model import ListHit, NearListHit
from tipbridge.tips.report.model import PersonRole
from tipbridge.tips.triage.model import Lead, LeadSource, LeadState, SourceGrade, Suspicion
from tipbridge.tips.triage.parts import lead_parts, tip_parts


def by_label(parts: list[Part]) -> dict[str, Part]:
    found = {each.label: each for each in parts}
    assert len(found) == len(parts)
    return found


def member(part: Part, name: str) -> object:
    assert isinstance(part.value, dict)
    return part.value[name]


def lead(**facts: object) -> Lead:
    given = {
        "id": "l",
        "source": LeadSource.TIP,
        "report_id": 1,
        "person_index": 0,
        "identifiers": {},
        "grounds": "",
        "incident_type": "x",
        "suspicion": None,
        "grade": None,
        "unit_id": 1,
        "restricted": False,
        "members": (),
        "state": LeadState.OPEN,
        "opened_at": NOW,
        "opened_by": "worker",
    }
    return Lead(**{**given, **facts})


def test_an_address_comes_with_its_generalised_forms_as_parts_of_their_own() -> None:
    """A coarser form never carries what only the exact one may say."""
    parts = by_label(tip_parts(make_tip(full_person())))
    label = "people/0/ips/0"
    assert parts[label].value == {
        "address": "203.0.113.140",
        "event": "Login",
        "at": "2014-02-20T01:00:00Z",
    }
    forms = {each.label: each.form for each in parts.values() if each.label.startswith(label)}
    assert forms == {
        label: Form.EXACT,
        f"{label}~prefix": Form.PREFIX,
        f"{label}~network": Form.NETWORK,
        f"{label}~country": Form.COUNTRY,
    }
    for form in ("prefix", "network", "country"):
        assert "203.0.113.140" not in str(parts[f"{label}~{form}"].value)
    assert "203" not in str(parts[f"{label}~country"].value)
    assert parts[f"{label}~country"].value == {
        "country": "KR",
        "event": "Login",
        "at": "2014-02-20T01:00:00Z",
    }


def test_a_person_is_cut_into_one_part_for_each_thing_said() -> None:
    parts = by_label(tip_parts(make_tip(full_person())))
    classes = {
        label.removeprefix("people/0/"): part.data_class
        for label, part in parts.items()
        if label.startswith("people/0/") and "/ips/" not in label
    }
    assert classes == {
        "role": DataClass.ACCOUNT,
        "name": DataClass.NAME,
        "birth_date": DataClass.AGE,
        "age": DataClass.AGE,
        "age~band": DataClass.AGE,
        "accounts/0": DataClass.ACCOUNT,
        "emails/0": DataClass.CONTACT,
        "phones/0": DataClass.CONTACT,
        "devices/0": DataClass.DEVICE,
        "country": DataClass.LOCATION,
        "place": DataClass.ACCOUNT,
    }
    assert parts["people/0/age~band"].value == {"from": 10, "to": 13}
    assert parts["people/0/place"].value == {"kind": "social-network", "service": "Example Social"}


def test_the_age_band_is_told_also_when_only_a_birth_date_is_known() -> None:
    parts = by_label(tip_parts(make_tip(person(birth_on=full_person().birth_on))))
    assert "people/0/age" not in parts
    assert parts["people/0/age~band"].form is Form.BAND


def test_a_file_is_cut_into_digests_content_marks_and_address() -> None:
    file = tip_file(
        annotations=("viral", "possibleSelfProduction"),
        viewed_by_provider=False,
        location_url="https://drive.example/x",
    )
    parts = by_label(tip_parts(make_tip(files=(file,))))
    assert parts["files/0/content"].value == {"sha256": file.digests.sha256, "size_bytes": 6}
    assert parts["files/0/marks"].value == {
        "viral": True,
        "possible_self_production": True,
        "viewed_by_provider": False,
    }
    assert parts["files/0/address"].data_class is DataClass.MATERIAL_ADDRESS


def test_what_lists_say_of_a_file_is_a_part_as_data_and_no_withheld_list_is_named() -> None:
    tip = make_tip(files=(tip_file(), tip_file(1)))
    said = {"file_id": "f0", "purpose": "known-material", "mark": "A1"}
    exact = [
        ListHit(**said, list_id="1", list_name="national", handling=Handling.GREEN),
        ListHit(**said, list_id="2", list_name="secret", handling=Handling.RED),
    ]
    near = [
        NearListHit(
            **said, list_id=name, list_name=name, handling=handling, by="turned", distance_bits=7
        )
        for name, handling in (("allies", Handling.AMBER), ("quiet", Handling.AMBER_STRICT))
    ]
    facts = replace(tip.facts, hits=tuple(exact), near=tuple(near))
    parts = by_label(tip_parts(replace(tip, facts=facts)))
    assert parts["files/0/matches"].data_class is DataClass.INCIDENT
    known = {"purpose": "known-material", "classification": "A1"}
    measured = {"matched_as": "turned", "distance_bits": 7}
    assert parts["files/0/matches"].value == {
        "exact_matches": [
            {"list": "national", **known, "handling": "TLP:GREEN"},
            {"handling": "TLP:RED"},
        ],
        "near_matches": [
            {"list": "allies", **known, "handling": "TLP:AMBER", **measured},
            {"handling": "TLP:AMBER+STRICT", **measured},
        ],
    }
    assert "files/1/matches" not in parts


def test_what_nobody_said_is_absent_and_never_false() -> None:
    parts = by_label(tip_parts(make_tip(files=(tip_file(),))))
    assert parts["files/0/marks"].value == {}


def test_what_favours_a_person_are_parts() -> None:
    parts = by_label(tip_parts(make_tip(full_person())))
    found = [each for each in parts.values() if each.data_class is DataClass.FAVOURS]
    assert "shared-address-without-port" in {member(each, "kind") for each in found}
    assert {each.label for each in found} == {f"favours/{n}" for n in range(len(found))}


def test_every_value_has_a_canonical_form() -> None:
    for part in tip_parts(make_tip(full_person(), urls=("https://web.example/a",), at=AT)):
        canonical_json(part.value)


def test_a_lead_leaves_out_the_other_reported_people_and_keeps_the_victim() -> None:
    tip = make_tip(full_person(), person(PersonRole.VICTIM), person(number=2, compromised=True))
    labels = {
        each.label.split("/")[1] for each in lead_parts(lead(), tip) if "people/" in each.label
    }
    assert labels == {"0", "1"}
    abouts = {
        member(each, "about")
        for each in lead_parts(lead(person_index=2), tip)
        if each.data_class is DataClass.FAVOURS
    }
    assert "people/2" in abouts
    assert not any(str(each).startswith("people/0") for each in abouts)


def test_a_lead_of_own_grounds_has_the_same_parts_without_a_report() -> None:
    own = lead(
        source=LeadSource.OWN_GROUNDS,
        report_id=None,
        grounds="A seized server names this account as a buyer.",
        grade=SourceGrade(source="B", information=2),
        suspicion=Suspicion.PREPARING_SALE,
        identifiers={
            "age": 30,
            "accounts": [{"service": "Example Market", "account": "seller"}],
            "place": {"kind": "paid-site"},
        },
    )
    parts = by_label(lead_parts(own, None))
    assert parts["lead/source_grade"].value == "B2"
    assert parts["lead/suspicion"].value == "preparing-sale"
    assert parts["people/0/accounts/0"].data_class is DataClass.ACCOUNT
    assert parts["people/0/age~band"].value == {"from": 30, "to": 39}
    assert not any(label.startswith("report/") for label in parts)
