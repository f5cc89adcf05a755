"""What is said of entries that were not processed is reached on the page, each, and in Korean."""

import re
from pathlib import Path

import pytest

from tests.foundation.box.archives.made import zipped
from tests.nodes import CONSOLE
from tests.police.evidence.folders import examined
from tests.police.evidence.images import Maker
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.details import AS_IT_IS, SAID, WORDS, read_detail
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.web.language import Language
from tipbridge.web.shell import catalogue


def told(detail: str) -> list[str]:
    return [each.in_english() for each in read_detail(detail)]


def test_every_text_and_word_is_said_in_korean() -> None:
    korean = catalogue(Language.KOREAN)
    wanted = [*SAID, *sorted(WORDS)]
    assert [text for text in wanted if not korean.has(text, "evidence")] == []


@pytest.mark.parametrize(
    ("detail", "parts"),
    [
        ("", []),
        ("too deep", ["too deep"]),
        (
            "7 of its bytes lie behind the end of the source",
            ["7 of its bytes lie behind the end of the source"],
        ),
        ("read-error at byte 512, 1024 bytes", ["read-error", "from byte 512 on, 1024 bytes"]),
        ("EIO at byte 70", ["EIO at byte 70"]),
        ("XFS, which can't be read", ["XFS, which can't be read"]),
        ("member: encrypted", ["member", "encrypted"]),
        ("3 entries, member: count (a (b) c)", ["3 entries", "member", "count", "a (b) c"]),
        ("member: damaged (cut sho", ["member", "damaged", "cut sho"]),
        ("archive: unsupported", ["archive", "unsupported"]),
        ("unlisted-bytes: 9", ["9 bytes that nothing in the archive names"]),
        ("members-left-out: 2", ["2 members left out"]),
        ("list-not-ready: a: b", ["list whose index is not ready", "a: b"]),
        ("reader-killed", ["reader-killed"]),
        ("BitLocker", ["BitLocker"]),
        ("100% of %(x)s: {y}", ["100% of %(x)s: {y}"]),
    ],
)
def test_a_detail_is_taken_apart_and_what_is_of_no_list_stands_as_it_is(
    detail: str, parts: list[str]
) -> None:
    assert told(detail) == parts
    unknown = [each for each in read_detail(detail) if each.text not in {*SAID, *WORDS}]
    assert {each.text for each in unknown} <= {AS_IT_IS}


def test_every_entry_that_was_not_processed_is_reached_on_the_page(
    node: Node, tmp_path: Path
) -> None:
    root = tmp_path / "phone"
    root.mkdir()
    for number in range(450):
        (root / f"link{number:03}").symlink_to("nowhere")
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    with open_work(node, CONSOLE) as work:
        examined(work, exhibit, folder=root)
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    where, seen, pages = f"/exhibits/{exhibit}", list[str](), 0
    while True:
        text = page.get(where).text
        seen += re.findall(r"link\d{3}", text.partition('id="not-processed"')[2])
        pages += 1
        found = re.search(r'href="([^"]*behind=\d+[^"]*)#not-processed">다음', text)
        if found is None:
            break
        where = found[1].replace("&amp;", "&")
    assert (len(seen), len(set(seen)), pages) == (450, 450, 3)
    assert "전체 450개 중 401~450" in text
    assert "이전" in text
    for wrong in ("-1", "x", "99999999999"):
        assert page.get(f"/exhibits/{exhibit}?behind={wrong}").status_code in {400, 422}
    assert "전체 450개" in page.get(f"/exhibits/{exhibit}?behind=450").text


def test_place_length_and_reasons_of_what_was_not_processed_stand_on_the_korean_page(
    node: Node, tmp_path: Path
) -> None:
    maker = Maker("ext4", tmp_path / "stick.img").make()
    maker.write("a.zip", zipped({"m.png": b"no picture"}) + b"more")
    maker.write("b.rar", b"Rar!\x1a\x07\x01\x00" + bytes(64))
    image = tmp_path / "stick.img"
    with image.open("r+b") as file:
        file.truncate(image.stat().st_size - 4096)
    exhibit = an_exhibit(node, CONSOLE, a_case(node)).id
    examine_image(node, CONSOLE, exhibit, image=image)
    with open_work(node, CONSOLE) as work:
        skipped = actions.read_exhibit(work, exhibit).skipped
    page = page_client(node, "officer", Role.INVESTIGATOR, language="ko")
    text = page.get(f"/exhibits/{exhibit}").text
    rows = text.partition('id="not-processed"')[2]
    assert "4096바이트가 원본의 끝을 벗어남" in rows
    assert "bytes lie behind" not in rows
    assert skipped
    for each in skipped:
        if each.start_byte is not None:
            assert f"<td>{each.start_byte}</td><td>{each.size_bytes}</td>" in rows
    assert "압축 파일: 지원하지 않는 형식" in text, "why an archive was not looked into"
