"""Media go to the examiner's own viewer and come back with categories: they are votes on lists."""

import json
from pathlib import Path

import pytest

from tests.knowledge.hashes.lists import listed, opened
from tests.nodes import CONSOLE, add_staff, add_unit
from tests.police.evidence.folders import examined
from tests.police.evidence.images import bmp
from tests.police.evidence.test_actions import a_case, an_exhibit
from tests.police.evidence.test_images import sha256
from tests.police.evidence.test_pages import page_client
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.base.errors import Forbidden, Invalid, NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.beside import store as beside
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.police.evidence import actions
from tipbridge.police.evidence.categorising import Taken, give_media, take_categories
from tipbridge.police.evidence.category_form import DOCUMENT_BYTES

LISTED, OTHER, COPY = bmp(1), bmp(2), bmp(2)


@pytest.fixture
def exhibit(node: Node, tmp_path: Path) -> str:
    """A stick with a file that is on a list, two copies of one that is not, and words."""
    listed(node, "national", sha256(LISTED))
    folder = tmp_path / "stick"
    folder.mkdir()
    for name, data in {"a.bmp": LISTED, "b.bmp": OTHER, "c.bmp": COPY, "d.txt": b"words"}.items():
        (folder / name).write_bytes(data)
    made = an_exhibit(node, CONSOLE, a_case(node))
    with open_work(node, CONSOLE) as work:
        examined(work, made.id, folder=folder)
    return made.id


def given(node: Node, exhibit: str) -> dict:
    with open_work(node, CONSOLE) as work:
        return json.loads(give_media(work, exhibit))


def taken(node: Node, actor: Actor, exhibit: str, document: object, **how) -> Taken:
    with open_work(node, actor) as work:
        return take_categories(work, exhibit, json.dumps(document).encode(), **how)


def votes(node: Node, data: bytes) -> dict[str, bool]:
    with open_work(node, CONSOLE) as work:
        list_id = hashes.find_list(work, "national").id
        place = (list_id, DigestKind.SHA256, bytes.fromhex(sha256(data)))
        return beside.votes(work.db, [place]).get(place, {})


def test_a_viewer_gets_each_medium_once_with_its_places_and_no_content(
    node: Node, exhibit: str
) -> None:
    (case,) = given(node, exhibit)["value"]
    media = {medium["SHA256"]: medium for medium in case["Media"]}
    assert set(media) == {sha256(LISTED).upper(), sha256(OTHER).upper()}
    known, other = media[sha256(LISTED).upper()], media[sha256(OTHER).upper()]
    assert (known["IsPrecategorized"], other["IsPrecategorized"]) == (True, False)
    assert (known["Category"], known["MD5"]) == (0, digest_bytes(LISTED).md5.upper())
    assert [place["FilePath"] for place in other["MediaFiles"]] == ["b.bmp", "c.bmp"]
    assert case["TotalMediaFiles"] == 3


def test_categories_come_back_as_votes_and_new_files_wait_on_a_list(
    node: Node, exhibit: str
) -> None:
    opened(node, "own", purpose="own-cases")
    document = given(node, exhibit)
    for medium in document["value"][0]["Media"]:
        medium["Category"] = 1
    document["value"][0]["Media"].append({"MediaID": 9, "Category": 2, "MD5": "5" * 32})
    lab = add_staff(node, Role.EXAMINER)
    found = taken(node, lab, exhibit, document, confirming={1, 2}, into="own")
    assert found == Taken(
        digests=7, elsewhere=1, kept=2, votes_in_favour=1, votes_against=0, waiting=2
    )
    assert votes(node, LISTED) == {f"person:{lab.id}": True}
    with open_work(node, CONSOLE) as work:
        assert hashes.find_list(work, "own").waiting_version == 1, "a second person decides"
        assert actions.read_exhibit(work, exhibit).categories == {1: 2}
    again = given(node, exhibit)["value"][0]["Media"]
    assert {medium["Category"] for medium in again} == {1}


def test_the_page_gives_media_and_takes_categories_back(node: Node, exhibit: str) -> None:
    opened(node, "own", purpose="own-cases")
    page = page_client(node, "lab", Role.EXAMINER, language="ko")
    assert f'href="/exhibits/{exhibit}/media"' in page.get(f"/exhibits/{exhibit}").text
    sent = page.get(f"/exhibits/{exhibit}/media")
    assert sent.headers["content-disposition"].startswith("attachment; ")
    assert sent.headers["cache-control"] == "no-store"
    document = sent.json()
    media = document["value"][0]["Media"]
    assert {each["SHA256"] for each in media} == {sha256(LISTED).upper(), sha256(OTHER).upper()}
    for each in media:
        each["Category"] = 1 if each["SHA256"] == sha256(LISTED).upper() else 2

    def post(data: bytes, **words: str):
        return page.post(
            f"/exhibits/{exhibit}/categories", data=words, files={"file": ("a.json", data)}
        )

    right = json.dumps(document).encode()
    answer = post(right, confirm="1,2", deny="5", into="own")
    assert answer.status_code == 200
    assert "목록 항목을 확인하는 표" in answer.text
    assert list(votes(node, LISTED).values()) == [True]
    with open_work(node, CONSOLE) as work:
        assert hashes.find_list(work, "own").waiting_version == 1
        assert actions.read_exhibit(work, exhibit).categories == {1: 1, 2: 1}
    for data, words in (
        (right, {}),
        (right, {"confirm": "9"}),
        (right, {"confirm": "1", "surplus": "1"}),
        (right, {"confirm": "1" * 5000}),
        (b"{", {"confirm": "1"}),
        (bytes(DOCUMENT_BYTES + 1), {"confirm": "1"}),
    ):
        assert post(data, **words).status_code == 400, words
    other = page_client(node, "officer", Role.INVESTIGATOR)
    assert other.get(f"/exhibits/{exhibit}/media").status_code == 403
    refused = other.post(f"/exhibits/{exhibit}/categories", content=b"no form")
    assert refused.status_code == 403, "before anything of it is read"


def test_another_category_is_a_vote_against_and_the_newest_counts(node: Node, exhibit: str) -> None:
    document = given(node, exhibit)
    lab = add_staff(node, Role.EXAMINER)
    for category, vote in ((5, False), (1, True), (5, False)):
        for medium in document["value"][0]["Media"]:
            medium["Category"] = category
        taken(node, lab, exhibit, document, confirming={1}, denying={5})
        assert votes(node, LISTED) == {f"person:{lab.id}": vote}
    for medium in document["value"][0]["Media"]:
        medium["Category"] = 3
    found = taken(node, lab, exhibit, document, confirming={1}, denying={5})
    assert (found.kept, found.votes_in_favour, found.votes_against) == (2, 0, 0)


def test_what_cant_be_read_or_is_not_clear_is_refused_and_nothing_is_kept(
    node: Node, exhibit: str
) -> None:
    right = {"value": [{"MediaID": 1, "Category": 1, "SHA256": sha256(LISTED)}]}
    wrong = {"value": [{"MediaID": 1, "Category": 9, "SHA256": sha256(LISTED)}]}
    with pytest.raises(Invalid, match="medium 1"):
        taken(node, CONSOLE, exhibit, wrong, confirming={1})
    with pytest.raises(Invalid, match="none can do both"):
        taken(node, CONSOLE, exhibit, right, confirming={1}, denying={1})
    with pytest.raises(Invalid, match="own-cases; national is one of known-material"):
        taken(node, CONSOLE, exhibit, right, confirming={1}, into="national")
    with pytest.raises(Forbidden):
        taken(node, add_staff(node, Role.INVESTIGATOR), exhibit, right, confirming={1})
    elsewhere = add_staff(node, Role.EXAMINER, unit=add_unit(node, "north"))
    with pytest.raises(NotFound):
        taken(node, elsewhere, exhibit, right, confirming={1})
    assert votes(node, LISTED) == {}
    with open_work(node, CONSOLE) as work:
        assert actions.read_exhibit(work, exhibit).categories == {}


def test_a_document_that_begins_with_a_mark_of_its_encoding_is_read(
    node: Node, exhibit: str
) -> None:
    """Windows programs write one."""
    right = {"value": [{"MediaID": 1, "Category": 1, "SHA256": sha256(LISTED)}]}
    document = b"\xef\xbb\xbf" + json.dumps(right).encode()
    with open_work(node, CONSOLE) as work:
        assert take_categories(work, exhibit, document, confirming={1}).kept == 1


def test_one_file_with_two_categories_is_refused_and_both_places_are_named(
    node: Node, exhibit: str
) -> None:
    other = digest_bytes(OTHER)
    for first, second in (
        ({"SHA256": other.sha256}, {"SHA256": other.sha256.upper()}),
        ({"MD5": other.md5}, {"SHA1": other.sha1}),
        ({"MD5": "5" * 32}, {"MD5": "5" * 32}),
    ):
        media = [
            {"MediaID": 70, "Category": 0, "SHA256": other.sha256},
            {"MediaID": 7, "Category": 1} | first,
            {"MediaID": 8, "Category": 5} | second,
        ]
        with pytest.raises(Invalid, match=r"medium 2 .* category 1 .* medium 3 .* category 5"):
            taken(node, CONSOLE, exhibit, {"value": media}, confirming={1}, denying={5})
    media[2]["Category"] = 1
    taken(node, CONSOLE, exhibit, {"value": media}, confirming={1})
    with open_work(node, CONSOLE) as work:
        assert actions.read_exhibit(work, exhibit).categories == {}, "it has none of these files"
