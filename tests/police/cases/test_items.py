"""Files of a case: once each, whatever referrals and digests name them."""

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, file_part, part, sha256, taken
from tests.police.folk import file_of
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.items import store as items
from tipbridge.police.cases.model import IdentifierKind
from tipbridge.police.cases.searching import actions as searching

MD5, SHA1 = "ab" * 16, "cd" * 20


def _named(index: int, **digests: str) -> object:
    return part(f"files/{index}/digests", digests)


def _found(node: Node, case_id: str, digest: str) -> list[tuple[str, str]]:
    with open_work(node, CONSOLE) as work:
        result = searching.search(work, about=case_id, grounds="The same.", text=digest)
    return [(each.kind.value, each.text) for each in result.found]


def test_a_file_without_a_sha256_is_an_item_and_is_found(node: Node) -> None:
    given = [*account_parts(), _named(0, md5=MD5), _named(1, sha1=SHA1), _named(2, md5=MD5)]
    result = taken(node, given)
    assert (result.new_items, result.unread) == (2, 0)
    assert file_of(node, result.case_id).item_count == 2
    assert _found(node, result.case_id, MD5.upper()) == [("item", MD5)]
    assert _found(node, result.case_id, SHA1) == [("item", SHA1)]


def test_a_file_is_one_of_the_case_by_any_digest_that_two_referrals_share(node: Node) -> None:
    first = taken(node, [*account_parts(), _named(0, sha256=sha256(1), md5=MD5, sha1=SHA1)])
    again = taken(node, [*account_parts(), _named(0, md5=MD5), file_part(1, 7)])
    assert (again.case_id, again.new_items) == (first.case_id, 0)
    with open_work(node, CONSOLE) as work:
        (line,) = cases.list_cases(work)
        assert line.item_count == items.item_count(work.db, first.case_id) == 1


def test_files_are_compared_between_cases_by_the_digest_that_both_have(node: Node) -> None:
    whole = taken(node, [*account_parts("a"), _named(0, sha256=sha256(1), md5=MD5)]).case_id
    short = taken(node, [*account_parts("b"), _named(0, md5=MD5)]).case_id
    shorter = taken(node, [*account_parts("c"), _named(0, md5=MD5)]).case_id
    other = taken(node, [*account_parts("d"), _named(0, sha256=sha256(2), md5=MD5)]).case_id
    linked = {
        case_id: {
            each.case_id if each.other_id == case_id else each.other_id
            for each in file_of(node, case_id).links
            if each.kind is IdentifierKind.FILE
        }
        for case_id in (whole, other, shorter)
    }
    assert linked[whole] == {short, shorter}, "two SHA-256 that differ are two files"
    assert linked[other] == {short, shorter}
    assert linked[shorter] == {whole, short, other}
