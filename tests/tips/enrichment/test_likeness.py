"""Reported files compared with lists by likeness: advice for staff, and every file accounted for."""

import shutil

import pytest

from tests.knowledge.hashes.files.made import archive, damaged, film, picture, turned
from tests.knowledge.hashes.lists import activated, events, listed, loaded
from tests.knowledge.hashes.test_matching import build
from tests.nodes import acting, add_staff, run_followups
from tests.tips.triage.filed import file_report, report_xml
from tests.web.pages import add_member, browser, shell_app, sign_in
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.box.archives.model import Skip
from tipbridge.foundation.box.model import Reason
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes.files import boxes
from tipbridge.knowledge.hashes.files.contents import CONTENT_CLOSED
from tipbridge.knowledge.hashes.files.kinds import Content
from tipbridge.knowledge.hashes.files.reading import hash_file
from tipbridge.knowledge.hashes.indexes import FOLDER
from tipbridge.tips.enrichment import sentences
from tipbridge.tips.enrichment.actions import enrich_tip, forget_tip, tip_of
from tipbridge.tips.enrichment.likeness import actions as likeness
from tipbridge.tips.enrichment.likeness.actions import compare_file
from tipbridge.tips.enrichment.likeness.rules import LISTS_NOT_READY
from tipbridge.tips.enrichment.model import FavourKind, Looked, Tip
from tipbridge.tips.intake.actions import read_report
from tipbridge.tips.triage import pages
from tipbridge.tips.triage.actions import read_tip
from tipbridge.tips.triage.model import ReasonCode, TipView
from tipbridge.tips.triage.parts import lead_parts
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue

HEAD = "kind,digest,mark,item,quality,frame"
REPORTER_ONLY = report_xml("<personOrUserReported></personOrUserReported>")


@pytest.fixture(scope="module", autouse=True)
def one_box():
    """The box of this process ends with the module."""
    yield
    boxes.close_boxes()


@pytest.fixture(autouse=True)
def kernel_walls(monkeypatch) -> None:
    """The walls that start soonest."""
    monkeypatch.setenv("TIPBRIDGE_BOX_WALLS", "kernel")


def moved(pdq: bytes, bits: int) -> str:
    return f"{int.from_bytes(pdq) ^ ((1 << bits) - 1):064x}"


@pytest.fixture
def known(node):
    """A list with a picture 10 bits away and a film's frames 5 bits away."""
    box = boxes.box_of(node.settings)
    image = hash_file(box, "a", picture()).itself.picture
    video = hash_file(box, "a", film()).itself.video
    assert image
    assert video
    listed(
        node, "national", HEAD, f"pdq,{moved(image.pdq, 10)},A1,file 1,90,",
        *(f"vpdq,{moved(each.pdq, 5)},A2,film 1,90,{each.number}" for each in video.frames),
    )  # fmt: skip
    build(node)
    return node


def tip_now(node, report_id: str) -> Tip:
    with open_work(node, WORKER) as work:
        return tip_of(work, read_report(work, report_id))


def viewed(node, report_id: str) -> TipView:
    with open_work(node, add_staff(node, Role.ANALYST)) as work:
        return read_tip(work, report_id)


def test_what_files_are_near_to_is_found_after_the_report_without_anybody_waiting(known) -> None:
    report_id = file_report(known, files=(picture(), turned(), film(), picture(42)))
    run_followups(known)
    tip = tip_now(known, report_id)
    order = [each.file_id for each in tip.source.files]
    found = sorted((order.index(n.file_id), n.mark, n.by, n.distance_bits) for n in tip.facts.near)
    assert [each[:3] for each in found] == [
        (0, "A1", "as-it-is"), (1, "A1", "turned"), (2, "A2", "frame"),
    ]  # fmt: skip
    assert (found[0][3], found[2][3]) == (10, 5)
    assert found[1][3] <= 31
    assert tip.facts.hits == ()
    assert {each.looked for each in tip.facts.looks} == {Looked.COMPARED}
    facts = [each.facts for each in events(known, "enrichment.file.compared")]
    assert sorted(each["near"] for each in facts) == [0, 1, 1, 1]


def test_a_near_match_is_said_to_favour_and_goes_with_the_lead_and_is_a_reason_to_look(
    known,
) -> None:
    report_id = file_report(known, files=(picture(), picture(42)))
    run_followups(known)
    view = viewed(known, report_id)
    (said,) = [each for each in view.tip.facts.favours if "Alike" in each.text]
    assert said.text == (
        "Alike, not the same: something on national; at the nearest 10 of 256 bits differ."
    )
    assert said.about == "files/0"
    assert view.triage is not None
    near = [each.about for each in view.triage.reasons if each.code is ReasonCode.NEAR_MATERIAL]
    assert near == ["files/0"]
    assert ReasonCode.KNOWN_MATERIAL not in {each.code for each in view.triage.reasons}
    (lead,) = view.leads
    carried = [str(part.value) for part in lead_parts(lead, view.tip) if "favours" in part.label]
    assert any(said.text in each for each in carried)
    (matches,) = [part for part in lead_parts(lead, view.tip) if part.label == "files/0/matches"]
    assert isinstance(matches.value, dict)
    assert [each["distance_bits"] for each in matches.value["near_matches"]] == [10]


def test_a_near_match_alone_opens_nothing_about_a_person(known) -> None:
    report_id = file_report(known, REPORTER_ONLY, files=(picture(),))
    run_followups(known)
    view = viewed(known, report_id)
    assert len(view.tip.facts.near) == 1
    without = viewed(known, _followed(known, REPORTER_ONLY, picture(42)))
    assert without.tip.facts.near == ()
    assert len(view.leads) == len(without.leads)
    assert view.triage
    assert without.triage
    assert view.triage.queue is without.triage.queue


def _followed(node, document: bytes, *files: bytes) -> str:
    report_id = file_report(node, document, files=files)
    run_followups(node)
    return report_id


def test_every_file_is_accounted_for_with_the_reason_when_it_was_not_all_compared(known) -> None:
    report_id = file_report(known, files=(damaged(), b"only words", archive(), b""))
    run_followups(known)
    tip = tip_now(known, report_id)
    order = [each.file_id for each in tip.source.files]
    looks = {order.index(each.file_id): (each.looked, each.reasons) for each in tip.facts.looks}
    assert looks == {
        0: (Looked.NOT_COMPARED, ("picture: undecodable",)),
        1: (Looked.NOTHING, ()),
        2: (Looked.IN_PART, ("picture: undecodable",)),
    }  # an empty file shows nothing


def test_without_hashes_of_pictures_on_a_list_no_file_is_decoded(node) -> None:
    listed(node, "national", "0a" * 16)
    build(node)
    report_id = file_report(node, files=(picture(),))
    run_followups(node)
    assert tip_now(node, report_id).facts.looks == ()
    assert events(node, "enrichment.file.compared") == []


def test_a_list_whose_index_files_are_gone_is_built_again_and_not_passed_over(known) -> None:
    shutil.rmtree(known.data / FOLDER)
    report_id = file_report(known, files=(picture(),))
    run_followups(known)
    assert [each.distance_bits for each in tip_now(known, report_id).facts.near] == [10]


def _near_to(known, image: bytes, bits: int) -> str:
    """A line of a list: a picture so many bits from this one."""
    found = hash_file(boxes.box_of(known.settings), "a", image).itself.picture
    assert found
    return f"pdq,{moved(found.pdq, bits)},A1,file 1,90,"


def test_a_list_that_comes_later_is_held_against_what_was_reported_before(node) -> None:
    """Files that nobody had looked at are decoded then, once; of digests nothing is."""
    report_id = file_report(node, files=(picture(), picture(42)))
    run_followups(node)
    assert tip_now(node, report_id).facts.looks == ()
    other = tip_now(node, report_id).source.files[1].digests.sha256
    listed(node, "first", HEAD, _near_to(node, picture(), 10), f"sha256,{other},A2,file 2,,")
    run_followups(node)
    facts = tip_now(node, report_id).facts
    assert [(each.list_name, each.distance_bits) for each in facts.near] == [("first", 10)]
    assert [(each.list_name, each.mark) for each in facts.hits] == [("first", "A2")]
    assert {each.looked for each in facts.looks} == {Looked.COMPARED}
    view = viewed(node, report_id)
    assert view.triage is not None
    codes = {each.code for each in view.triage.reasons}
    assert {ReasonCode.NEAR_MATERIAL, ReasonCode.KNOWN_MATERIAL} <= codes
    done = len(events(node, "enrichment.file.compared"))
    listed(node, "second", HEAD, _near_to(node, picture(42), 7), purpose="own-cases")
    run_followups(node)
    facts = tip_now(node, report_id).facts
    assert sorted((each.list_name, each.distance_bits) for each in facts.near) == [
        ("first", 10),
        ("second", 7),
    ]
    assert len(events(node, "enrichment.file.compared")) == done, "the hashes were kept"


def test_an_entry_that_is_taken_back_is_taken_back_from_earlier_tips(known) -> None:
    report_id = file_report(known, files=(picture(), b"known"))
    run_followups(known)
    digest = tip_now(known, report_id).source.files[1].digests.sha256
    opener = add_staff(known, Role.ANALYST)
    loaded(known, opener, "national", HEAD, f"sha256,{digest},A1,,,")
    activated(known, "national")
    run_followups(known)
    assert len(tip_now(known, report_id).facts.hits) == 1
    near_line = _near_to(known, picture(), 10)
    loaded(known, opener, "national", HEAD, near_line, f"sha256,{digest},A1,,,", mode="remove")
    activated(known, "national")
    run_followups(known)
    facts = tip_now(known, report_id).facts
    assert (facts.hits, facts.near) == ((), ())
    texts = {each.text for each in facts.favours if each.kind is FavourKind.MATCH_EXACTNESS}
    assert texts == {sentences.NO_MATCH}


def test_earlier_reports_are_compared_page_by_page(node, monkeypatch) -> None:
    monkeypatch.setattr(likeness, "REPORTS_AT_ONCE", 2)
    reports = [file_report(node, files=(b"same",)) for _ in range(5)]
    run_followups(node)
    digest = tip_now(node, reports[0]).source.files[0].digests.sha1
    listed(node, "late", digest)
    run_followups(node)
    assert [len(tip_now(node, each).facts.hits) for each in reports] == [1] * 5
    pages = [each.facts["reports"] for each in events(node, "enrichment.list.compared")]
    assert pages == [2, 2, 1]


def test_a_list_of_known_good_files_is_held_against_nothing(node) -> None:
    report_id = file_report(node, files=(b"program",))
    run_followups(node)
    digest = tip_now(node, report_id).source.files[0].digests.sha1
    listed(node, "system", digest, purpose="known-good")
    run_followups(node)
    assert tip_now(node, report_id).facts.hits == ()


def test_comparing_and_enriching_again_change_nothing(known) -> None:
    report_id = file_report(known, files=(picture(),))
    run_followups(known)
    before = tip_now(known, report_id)
    with open_work(known, WORKER) as work:
        compare_file(work, report_id=report_id, file_id=before.source.files[0].file_id)
    with open_work(known, WORKER) as work:
        enrich_tip(work, report_id=report_id)
    run_followups(known)
    assert tip_now(known, report_id) == before
    done = [each.facts["done"] for each in events(known, "enrichment.file.compared")]
    assert done == [True, False]


def test_what_was_forgotten_leaves_no_likeness_and_takes_none_later(known) -> None:
    report_id = file_report(known, files=(picture(),))
    run_followups(known)
    file_id = tip_now(known, report_id).source.files[0].file_id
    with open_work(known, WORKER) as work:
        forget_tip(work, report_id=report_id)
    with open_work(known, WORKER) as work:
        compare_file(work, report_id=report_id, file_id=file_id)
    with acting(known.engine, WORKER) as db:
        for table in ("tip_file_looks", "tip_file_hashes", "tip_near_hits"):
            assert db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


def test_every_reason_why_a_file_was_not_compared_is_said_in_korean() -> None:
    korean = catalogue(Language.KOREAN)
    words = {*Content, *Reason, *Skip, "member", "frames", CONTENT_CLOSED, LISTS_NOT_READY}
    words -= {Content.OTHER}
    assert not {word for word in words if not korean.has(word, "triage")}


@pytest.mark.parametrize(
    ("language", "alike", "differ", "left", "why"),
    [
        (
            "en",
            "alike, on the list national",
            "bits of 256 that differ: 10",
            "not compared by likeness",
            "picture: undecodable",
        ),
        (
            "ko",
            "다음 목록의 항목과 유사: national",
            "256비트 중 다른 비트 수: 10",
            "유사 비교하지 못함",
            "사진: 해독할 수 없음",
        ),
    ],
)
def test_the_pages_of_tip_and_lead_say_how_near(known, language, alike, differ, left, why) -> None:
    report_id = file_report(known, files=(picture(), damaged()))
    run_followups(known)
    add_member(known, "desk", Role.ANALYST)
    client = browser(
        shell_app(known, routers=(pages.router,), navigation=pages.NAV), language=language
    )
    sign_in(client, "desk")
    page = " ".join(client.get(f"/tips/{report_id}").text.split())
    assert alike in page
    assert differ in page
    assert left in page
    assert why in page
    lead = page.partition('href="/leads/')[2].partition('"')[0]
    text = client.get(f"/leads/{lead}").text
    assert ("10 of 256 bits differ" in text) or ("256비트 중 10비트" in text)
