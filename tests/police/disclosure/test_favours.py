"""What favours somebody, the defence's words and corrections leave with what accuses."""

import json
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from tests.nodes import CONSOLE, add_staff, run_followups
from tests.police.disclosure.test_actions import approve, propose, write
from tests.police.disclosure.test_pages import SHOTS, client_of
from tests.police.disclosure.verdicts import both
from tests.police.evidence.test_actions import an_exhibit
from tests.police.folk import suspect, verified
from tests.web.chromium import chromium, opened_page, overflow_pixels, served
from tests.web.pages import PASSWORD, add_member, shell_app
from tipbridge.foundation.audit.log import sequence
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import undoing
from tipbridge.police.cases.fairness.model import CaseOrigin
from tipbridge.police.cases.model import PersonFacts, PersonRole
from tipbridge.police.disclosure import actions, pages
from tipbridge.police.disclosure.errors import ContentChanged
from tipbridge.police.disclosure.favouring import NOTHING
from tipbridge.police.disclosure.model import Json
from tipbridge.police.striking import actions as striking
from tipbridge.police.striking import joining

CAFE = "The line is a café's; so says 김나리의 mother, and Ann Lee."
ASKED, ANSWERED = "The log of the café of 2014-03-10.", "Sent on paper."


def a_case_of_two(node: Node) -> tuple[str, str]:
    """A case with a suspect, and a child who is a victim only; the case and the suspect."""
    with open_work(node, CONSOLE) as work:
        case = fairness.open_case(
            work, origin=CaseOrigin.PUBLIC_REPORT, grounds="A caller said so.", grade="B2"
        )
    an_exhibit(node, CONSOLE, case.id)
    with open_work(node, CONSOLE) as work:
        suspect = cases.add_person(work, case.id, roles=[PersonRole.SUSPECT])
        child = cases.add_person(work, case.id, roles=[PersonRole.VICTIM])
        cases.record_person(work, suspect, PersonFacts(name="Ann Lee"))
        cases.record_person(work, child, PersonFacts(name="김나리"))
        fairness.record_favour(work, case.id, child, text="Of the child alone.")
    return case.id, suspect


def with_both_sides(node: Node, case_id: str, person_id: str) -> None:
    with open_work(node, CONSOLE) as work:
        fairness.record_favour(work, case_id, person_id, text=CAFE)
        asked = fairness.note_defence(work, case_id, person_id, asked=ASKED)
        fairness.note_defence(work, case_id, person_id, asked="Still to be answered.")
        fairness.answer_defence(work, case_id, asked.id, answer=ANSWERED)
        fairness.correct_person(work, case_id, person_id, grounds="Another 김 나리 it was.")
    with open_work(node, CONSOLE) as work:
        undoing.take_back_correction(work, case_id, person_id, grounds="It was them.")
    run_followups(node)
    sequence(node.engine, node.id, node.sign_checkpoint)


def left(node: Node, case_id: str, folder: Path, purpose: str = "court") -> Path:
    proposed = propose(node, CONSOLE, case_id, purpose=purpose)
    for _ in range(2):
        approve(node, add_staff(node, Role.INVESTIGATOR), proposed.id)
    return write(node, CONSOLE, proposed.id, folder)


def told(folder: Path) -> Json:
    return json.loads((folder / "data/favours.json").read_bytes())


@pytest.mark.parametrize("purpose", ["court", "prosecution", "defence", "other-agency"])
def test_what_favours_the_defence_and_corrections_leave_with_the_rest(
    node: Node, tmp_path: Path, purpose: str
) -> None:
    case_id, person_id = a_case_of_two(node)
    with_both_sides(node, case_id, person_id)
    folder = left(node, case_id, tmp_path / "b", purpose)
    assert both(folder, node.keys.fingerprint) == []
    (person,) = told(folder)["people"]
    assert (person["person"], person["nothing"]) == (person_id, None)
    (favour,) = person["favours"]
    assert favour["text"] == "The line is a café's; so says [person 2]의 mother, and [person 1]."
    assert (favour["kind"], favour["source"]) == ("staff", CONSOLE.id)
    assert favour["at"]
    assert favour["via"]
    said = [
        (each["asked"], each["answer"], bool(each["answered_at"])) for each in person["defence"]
    ]
    words = {
        (ASKED, ANSWERED, True),
        ("Still to be answered.", None, False),
    }
    hidden = {(None, None, True), (None, None, False)}
    assert set(said) == (hidden if purpose == "other-agency" else words)
    wrong, undone = sorted(person["corrections"], key=lambda each: each["made_at"])
    assert wrong["grounds"] == "Another [person 2] it was."
    assert wrong["taken_back_at"]
    assert undone["undoes"] == wrong["id"]


def test_no_name_of_the_case_and_nothing_of_a_victim_leaves_in_it(
    node: Node, tmp_path: Path
) -> None:
    case_id, person_id = a_case_of_two(node)
    with_both_sides(node, case_id, person_id)
    folder = left(node, case_id, tmp_path / "b")
    every = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file()).decode()
    for word in ("김나리", "김 나리", "Ann Lee", "Of the child alone"):
        assert word not in every
    assert len(told(folder)["elsewhere"]) == 1, "the log names it, and says so openly"


def test_who_was_struck_out_as_the_wrong_person_leaves_with_that_and_what_favoured_them(
    node: Node, tmp_path: Path
) -> None:
    case_id, person_id = a_case_of_two(node)
    with open_work(node, CONSOLE) as work:
        fairness.record_favour(work, case_id, person_id, text=CAFE)
        fairness.correct_person(work, case_id, person_id, grounds="It was another subscriber.")
    run_followups(node)
    with open_work(node, CONSOLE) as work:
        striking.strike_person(work, case_id, person_id, because="Another's line.")
    sequence(node.engine, node.id, node.sign_checkpoint)
    folder = left(node, case_id, tmp_path / "b")
    assert both(folder, node.keys.fingerprint) == []
    (person,) = told(folder)["people"]
    assert (person["person"], len(person["favours"])) == (person_id, 1)
    assert [each["taken_back_at"] for each in person["corrections"]] == [None]


def test_what_was_said_of_two_records_of_one_human_leaves_with_the_one_that_is_kept(
    node: Node, tmp_path: Path
) -> None:
    case_id, person_id = a_case_of_two(node)
    with open_work(node, CONSOLE) as work:
        other = cases.add_person(work, case_id, roles=[PersonRole.SUSPECT])
        fairness.record_favour(work, case_id, other, text="Their line is shared.")
        asked = fairness.note_defence(work, case_id, other, asked=ASKED)
    with open_work(node, CONSOLE) as work:
        joining.join_people(work, case_id, person_id, other=other, because="The same man.")
    sequence(node.engine, node.id, node.sign_checkpoint)
    folder = left(node, case_id, tmp_path / "b")
    assert both(folder, node.keys.fingerprint) == []
    (person,) = told(folder)["people"]
    assert person["person"] == person_id
    assert [each["text"] for each in person["favours"]] == ["Their line is shared."]
    assert [each["id"] for each in person["defence"]] == [asked.id]


@pytest.mark.parametrize(
    ("born", "act_on", "child"),
    [
        (date(1999, 3, 10), date(2014, 3, 10), True),
        (date(1980, 3, 10), date(2014, 3, 10), False),
        (None, date(2014, 3, 10), None),
    ],
)
def test_a_child_is_marked_and_an_unknown_age_is_not_grown_up(
    node: Node, born: date | None, act_on: date, child: bool | None
) -> None:
    case_id, person_id = a_case_of_two(node)
    birth = None if born is None else verified(born)
    with open_work(node, CONSOLE) as work:
        cases.record_person(work, person_id, suspect(birth=birth, act_on=act_on))
    proposed = propose(node, CONSOLE, case_id)
    with open_work(node, CONSOLE) as work:
        files = actions.preview_disclosure(work, proposed.id)
    (person,) = json.loads(files["data/favours.json"])["people"]
    assert person["child"] is child
    page = client_of(node, "officer", Role.INVESTIGATOR).get(f"/disclosures/{proposed.id}").text
    assert ("Was a child" in page, "May have been a child" in page) == (
        child is True,
        child is None,
    )


def test_where_nothing_favours_it_is_said_plainly(node: Node, tmp_path: Path) -> None:
    case_id, _person_id = a_case_of_two(node)
    folder = left(node, case_id, tmp_path / "b")
    (person,) = told(folder)["people"]
    assert person["nothing"] == NOTHING
    assert (person["favours"], person["defence"], person["corrections"]) == ([], [], [])
    assert both(folder) == []


def test_what_favours_since_is_in_no_bundle_that_was_approved_before(
    node: Node, tmp_path: Path
) -> None:
    case_id, person_id = a_case_of_two(node)
    proposed = propose(node, CONSOLE, case_id)
    with open_work(node, CONSOLE) as work:
        fairness.record_favour(work, case_id, person_id, text=CAFE)
    with pytest.raises(ContentChanged):
        approve(node, add_staff(node, Role.INVESTIGATOR), proposed.id)


@pytest.mark.parametrize("purpose", ["defence", "other-agency"])
def test_the_page_says_what_favours_is_inside(node: Node, purpose: str) -> None:
    case_id, person_id = a_case_of_two(node)
    officer = client_of(node, "officer", Role.INVESTIGATOR)
    empty = propose(node, CONSOLE, case_id, purpose=purpose)
    page = unescape(officer.get(f"/disclosures/{empty.id}").text)
    assert NOTHING in page
    with_both_sides(node, case_id, person_id)
    proposed = propose(node, CONSOLE, case_id, purpose=purpose)
    page = unescape(officer.get(f"/disclosures/{proposed.id}").text)
    assert NOTHING not in page
    assert "so says [person 2]의 mother" in page
    assert "Put right as the wrong person" in page
    assert "Was not the wrong person after all" in page
    spoken = purpose == "defence"
    assert (ASKED in page, ANSWERED in page) == (spoken, spoken)
    assert ("not its words" in page) is not spoken
    assert "not answered yet" in page


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_with_both_sides_is_readable_in_a_browser(node: Node, language: str) -> None:
    case_id, person_id = a_case_of_two(node)
    with_both_sides(node, case_id, person_id)
    with open_work(node, CONSOLE) as work:
        cases.add_person(work, case_id, roles=[PersonRole.SUSPECT])
    made = propose(node, CONSOLE, case_id)
    add_member(node, "officer", Role.INVESTIGATOR)
    with (
        served(shell_app(node, routers=[pages.router], navigation=pages.NAV)) as address,
        chromium() as chrome,
        opened_page(chrome, language) as (page, complaints),
    ):
        page.goto(f"{address}/disclosures/{made.id}")
        page.get_by_role("textbox").first.fill("officer")
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button").click()
        page.goto(f"{address}/disclosures/{made.id}")
        said = "Nothing that favours is recorded" if language == "en" else "없다는 뜻은 아닙니다"
        assert page.get_by_text(said).count() == 1
        assert overflow_pixels(page) <= 0
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"favours-{language}.png", full_page=True)
    assert complaints == []
