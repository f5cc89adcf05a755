"""An examination says which versions of which lists it looked into, and from which entry on."""

import json
from pathlib import Path
from typing import cast

import pytest

from tests.access.exhibits import source_facts
from tests.knowledge.hashes.lists import listed, opened
from tests.nodes import CONSOLE
from tests.police.evidence.images import bmp
from tests.police.evidence.test_actions import a_case, a_folder, an_exhibit
from tests.police.evidence.test_folder_passes import examined, killed
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_imaging import report
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions, passes
from tipbridge.police.evidence.marking import Progress
from tipbridge.police.evidence.readings import Reading
from tipbridge.police.evidence.telling import exhibits_in, told_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = a_folder(tmp_path / "phone", 14)
    for number in range(4):
        (root / f"p{number}.bmp").write_bytes(bmp(number))
    return root


def searched(node: Node, exhibit: str) -> list[dict]:
    return cast("list[dict]", report(node, exhibit)[0]["searched"])


def names(told: dict) -> list[tuple[str, int]]:
    return [(each["list"], each["version"]) for each in told["lists"]]


def test_a_report_without_a_hit_says_which_lists_were_searched(node: Node, folder: Path) -> None:
    listed(node, "national", "5" * 64)
    listed(node, "regional", "6" * 64, "7" * 64)
    opened(node, "waiting")
    case = a_case(node)
    exhibit = an_exhibit(node, CONSOLE, case).id
    examined(node, exhibit, folder)
    (told,) = searched(node, exhibit)
    assert (told["since_entries"], names(told)) == (0, [("national", 1), ("regional", 1)])
    assert [each["entries"] for each in told["lists"]] == [1, 2]
    assert all(len(each["sha256"]) == 64 for each in told["lists"])
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    text = page.get(f"/exhibits/{exhibit}").text
    shown = text.partition("대조한 해시 목록")[2].partition("</section>")[0]
    for word in ("national", "regional", "목록 버전", "알려진 성착취물"):
        assert word in shown
    with open_work(node, CONSOLE) as work:
        ((found,),) = [each.examinations for each in told_of(work, exhibits_in(work, case))]
    assert [each.document() for each in found.searched] == [told]


def test_without_a_list_it_is_said_that_no_hit_says_nothing(node: Node, folder: Path) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    examined(node, exhibit, folder)
    assert searched(node, exhibit) == [{"since_entries": 0, "lists": []}]
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    assert "일치가 없다는 것은 아무 의미가 없습니다" in page.get(f"/exhibits/{exhibit}").text


def test_a_list_that_comes_into_effect_meanwhile_is_said_to_from_its_first_entry_on(
    node: Node, folder: Path
) -> None:
    listed(node, "national", "5" * 64)
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    steps = []

    def tell(progress: Progress) -> None:
        if progress.at is Reading.FILES:
            steps.append(progress)
            if len(steps) == 2:
                listed(node, "regional", sha256(bmp(3)))

    examined(node, exhibit, folder, tell=tell)
    first, second = searched(node, exhibit)
    assert (first["since_entries"], names(first)) == (0, [("national", 1)])
    assert second["since_entries"] == steps[1].entries == 10
    assert names(second) == [("national", 1), ("regional", 1)]


def test_lists_that_came_before_any_entry_was_looked_up_stand_alone(
    node: Node, folder: Path
) -> None:
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    with open_work(node, CONSOLE) as work:
        running = passes.begin_pass(work, exhibit, source_facts("one"))
    listed(node, "national", "5" * 64)
    with open_work(node, CONSOLE) as work:
        passes.keep_found(work, running.begun.id, [], position=1, bytes_read=1)
        passes.finish_pass(work, running.begun.id, sha256_after="1" * 64, unread=[])
    (told,) = searched(node, exhibit)
    assert names(told) == [("national", 1)]
    with open_work(node, CONSOLE) as work:
        (told_page,) = actions.read_exhibit(work, exhibit).searched[running.begun.id]
    assert json.loads(json.dumps(told_page.document())) == told


def test_one_killed_and_gone_on_with_under_other_lists_says_so(node: Node, folder: Path) -> None:
    listed(node, "national", "5" * 64)
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    killed(node, exhibit, folder, 1)
    listed(node, "regional", "6" * 64)
    examined(node, exhibit, folder)
    first, second = searched(node, exhibit)
    assert (names(first), second["since_entries"]) == ([("national", 1)], 5)
