"""An agreement explained, its contradictions and gaps found, and a tip tried field by field."""

import json

import pytest
from typer.testing import CliRunner

from tipbridge.cli.main import cli
from tipbridge.foundation.base.errors import Invalid
from tipbridge.knowledge.agreements.checking import gaps, words
from tipbridge.knowledge.agreements.contradicting import contradictions
from tipbridge.knowledge.agreements.document import load_agreement
from tipbridge.knowledge.agreements.errors import NotAnAgreement
from tipbridge.knowledge.agreements.model import Agreement, DataClass
from tipbridge.knowledge.agreements.templates import TEMPLATES, template_text
from tipbridge.knowledge.agreements.trying import try_tip

MOU = template_text("police-mou")
TIP = {
    "offences": ["sexual-abuse-material"],
    "ages": {"people/0": {"low": 30, "high": 30}, "people/1": {"low": 12, "high": 15}},
    "parts": [
        {"label": "incident/type", "data_class": "incident"},
        {"label": "people/0/name", "data_class": "name"},
        {"label": "people/0/emails/0", "data_class": "contact"},
        {"label": "people/1/name", "data_class": "name"},
        {"label": "people/1/emails/0", "data_class": "contact"},
        {"label": "people/0/devices/0", "data_class": "device"},
        {"label": "people/0/age", "data_class": "age"},
        {"label": "people/0/age~band", "data_class": "age", "form": "band"},
        {"label": "incident/description", "data_class": "incident"},
        {"label": "files/0/content", "data_class": "content"},
        {"label": "favours/0", "data_class": "favours"},
    ],
}


def _load(text: str) -> Agreement:
    return load_agreement(text.encode())[0]


def _tried(text: str, **changes: object) -> dict[str, str]:
    decision = try_tip(_load(text), json.dumps(TIP | changes).encode())
    return {part.label: part.reason.value for part in decision.parts}


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_shipped_agreement_is_told_in_words_for_every_class(name: str) -> None:
    agreement = _load(template_text(name))
    text = "\n".join(str(line) for line in words(agreement))
    assert agreement.terms.sender in text
    assert all(f"{found}: " in text for found in DataClass)


def test_a_shipped_agreement_contradicts_itself_nowhere() -> None:
    for name in set(TEMPLATES) - {"hsi-knpa-2013"}:  # of the first format: it can grant no leave
        assert list(contradictions(_load(template_text(name)))) == [], name


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('onward = "consent"', 'onward = "granted"', "originator.onward: granted, but"),
        ('court = "consent"', 'court = "granted"', "originator.court: granted, but H1"),
        ('"spontaneous", "on-request"]', '"spontaneous"]', "fields.content: on-request"),
        ('content = "on-request"', 'content = "withhold"', "mode.extent: metadata-first"),
        ('victims = ["contact", "location"]', 'victims = ["incident"]', None),
        ('incident = "allow"', 'incident = "withhold"', None),
        ('device"]\npeople', 'contact"]\npeople', "emergency.widens: contact is allowed"),
        ('location = "allow"', 'location = "withhold"', "minors.victims: location has no rule"),
        (
            'description" = "withhold"',
            'description" = "allow"',
            "paths.incident/description: allow",
        ),
        ('"incident/description"', '"people/*/ip/*"', "paths.people/*/ip/*: no part of any tip"),
        ('"incident/description"', '"people/*"', "paths.people/*: no part of any tip"),
        ('"incident/description"', '"*/*"', None),
        ('name = "allow"', 'name = "on-request"', None),
        ('ip = "allow"', 'ip = "on-request"', None),
        ("keep_days = 1095\nreview_days = 365\n", "", "retention.proof_of_deletion: without keep"),
        (
            "[subject]\n",
            '[subject]\ndual_criminality = true\nsender_law = "US"\nreceiver_law = "KR"\n',
            "subject: which offences of a law",
        ),
        ("review_days = 365", "review_days = 2000", "retention: review_days"),
        ('["misleading-domain-name"', '["child-sex-tourism"', "child-sex-tourism is not among"),
    ],
)
def test_a_contradiction_is_named_with_its_place(old: str, new: str, said: str | None) -> None:
    assert old in MOU
    found = [str(line) for line in contradictions(_load(MOU.replace(old, new)))]
    assert [line for line in found if said is not None and said in line] == found
    assert bool(found) is (said is not None)


HITS = template_text("hit-no-hit")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('account = "hash"', 'account = "generalise:band"', None),
        (
            'account = "hash"',
            'content-hash = "hash"',
            "fields.content-hash: under hit-no-hit it is",
        ),
        (
            'account = "hash"',
            'account = "on-request"',
            "fields.account: under hit-no-hit it is not",
        ),
        ("[approval]\npeople = 0", "[approval]\npeople = 2", "approval.people: questions of hit"),
        ("child-sexual-abuse-investigation", "material-removal", "purpose: questions of hit or no"),
        ('delivery = ["pull"]', 'delivery = ["push"]', "mode.delivery: questions of hit or no hit"),
        ('["on-request"]', '["spontaneous"]', "mode.occasions: questions of hit or no hit are"),
    ],
)
def test_what_lets_no_question_of_a_hit_be_answered_is_named(
    old: str, new: str, said: str | None
) -> None:
    assert old in HITS
    if said is None:
        with pytest.raises(NotAnAgreement):
            _load(HITS.replace(old, new))
        return
    found = [str(line) for line in contradictions(_load(HITS.replace(old, new)))]
    assert [line for line in found if said in line]


def test_under_hit_no_hit_a_class_is_compared_and_nothing_is_said_to_leave() -> None:
    told = [str(line) for line in words(_load(HITS))]
    assert "account: is compared without being told, and never leaves." in told
    assert not [line for line in told if "goes only as a hash" in line]


def test_a_reports_own_words_that_may_name_somebody_are_a_gap_until_a_path_holds_them_back() -> (
    None
):
    line = "fields.incident: what a report says in its own words"
    assert not [each for each in gaps(_load(MOU)) if str(each).startswith(line)]
    open_ = MOU.replace('"incident/description" = "withhold"', '"incident/type" = "withhold"')
    assert [each for each in gaps(_load(open_)) if str(each).startswith(line)]
    held = open_.replace('incident = "allow"', 'incident = "withhold"')
    assert not [each for each in gaps(_load(held)) if str(each).startswith(line)]


def test_gaps_name_what_is_left_open() -> None:
    assert [str(line) for line in gaps(_load(MOU))] == [
        "fields: device has no rule and is withheld."
    ]
    open_ = [str(line) for line in gaps(_load(template_text("standing-referral")))]
    for said in ("format:", "parties.receiver:", "retention.keep_days:", "emergency:"):
        assert any(line.startswith(said) for line in open_)


def test_a_tip_is_tried_field_by_field() -> None:
    assert _tried(MOU) == {
        "incident/type": "allowed",
        "people/0/name": "allowed",
        "people/0/emails/0": "allowed",
        "people/1/name": "minor-may-be-under-minimum-age",
        "people/1/emails/0": "minor-restricted",
        "people/0/devices/0": "no-rule",
        "people/0/age": "finer-than-rule",
        "people/0/age~band": "generalised",
        "incident/description": "rule-withholds",
        "files/0/content": "on-request",
        "favours/0": "favours-suspect",
    }
    asked = _tried(MOU, requested=["content"], emergency_people=2)
    assert asked["files/0/content"] == "requested"
    assert asked["people/0/devices/0"] == "emergency"
    assert asked["people/1/emails/0"] == "minor-restricted"
    assert set(_tried(MOU, receiver_desk="nobody").values()) == {"nothing-allowed"}


def test_a_tip_that_cannot_be_read_names_the_place() -> None:
    with pytest.raises(Invalid, match=r"parts\.0\.data_class"):
        _tried(MOU, parts=[{"label": "x", "data_class": "gossip"}])


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('parent = "us.hsi"', 'parent = "us.fbi"', "parties.sender"),
        ('parent = "us.hsi"\n', "", "parties.sender"),
        ('desk = "attache-seoul"', 'desk = "cyber-crimes-center"', "parties.sender"),
        ('extent = "metadata-first"', 'extent = "some"', "mode.extent"),
        ('delivery = ["push", "pull"]', 'delivery = ["post"]', "mode.delivery"),
        ('restrict = ["contact"]', 'restrict = ["favours"]', "minors.restrict"),
        ('"incident/description"', '"favours/*"', "paths"),
        ('"incident/description"', '"people//x"', "paths"),
        ("people = 2\nreview", "people = 1\nreview", "emergency.people"),
        ('onward = "consent"', 'onward = "perhaps"', "originator.onward"),
        ("keep_days = 1095", "keep_days = 0", "retention.keep_days"),
        ("proof_of_deletion = true", "proof_of_deletion = 1", "retention.proof_of_deletion"),
        ('by = ["sender", "receiver"]', 'by = ["court"]', "suspension.by"),
        ('pap = "PAP:AMBER"', 'pap = "PAP:PINK"', "handling.pap"),
        ("[approval]\npeople = 2", "[approval]\npersons = 2", "approval"),
        ('content = "on-request"', 'content = "hash"', "fields.content"),
        ('age = "generalise:band"', 'age = "generalise:prefix"', "fields.age"),
    ],
)
def test_a_clause_outside_the_closed_lists_names_its_place(old: str, new: str, place: str) -> None:
    assert old in MOU
    with pytest.raises(NotAnAgreement) as caught:
        _load(MOU.replace(old, new, 1))
    assert place in str(caught.value)


def test_the_first_format_has_no_clauses_and_no_hashes() -> None:
    first = template_text("standing-referral")
    for changed in (
        first + '\n[mode]\nextent = "full"\n',
        first.replace('ip = "allow"', 'ip = "hash"'),
        first.replace('codes = ["H0"]', 'codes = ["H0"]\npap = "PAP:RED"'),
    ):
        with pytest.raises(NotAnAgreement):
            _load(changed)


def test_the_command_explains_a_file_and_tries_a_tip(tmp_path) -> None:
    file, tip = tmp_path / "mou.toml", tmp_path / "tip.json"
    file.write_text(MOU)
    tip.write_text(json.dumps(TIP))
    done = CliRunner().invoke(cli, ["agreements", "check", str(file), "--tip", str(tip)])
    assert done.exit_code == 0, done.output
    assert "leaves people/0/name  allowed" in done.output
    assert "stays  people/1/name  minor-may-be-under-minimum-age" in done.output
    told = CliRunner().invoke(cli, ["agreements", "check", str(file), "--json"])
    assert json.loads(told.output)["contradictions"] == []
