"""What is written on a seized thing meets what other cases of the node know."""

import pytest

from tests.nodes import CONSOLE, run_followups
from tests.police.cases.builders import account_parts, part, taken, varied
from tests.police.evidence.test_actions import an_exhibit
from tests.police.folk import a_case, file_of
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import identifying
from tipbridge.police.cases.devices.rules import codes_in, mark_of, marks_in
from tipbridge.police.cases.model import Identifier, IdentifierKind

IMEI = "490154203237518"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (f"IMEI {IMEI}", (IMEI,)),
        ("imei: 49-015420-323751-8", (IMEI,)),
        ("49 015420 323751 8", (IMEI,)),
        ("S/N sn-10442x; phone +82 10-2000-0001", ("821020000001", "SN10442X")),
        ("010-2000-0001", ("01020000001", "821020000001")),
        ("serial 7, black cover", ()),
        ("", ()),
    ],
)
def test_the_numbers_in_what_somebody_wrote(text: str, codes: tuple[str, ...]) -> None:
    assert codes_in(text, "KR") == codes


def _links(node: Node, case_id: str) -> set[tuple[str, IdentifierKind]]:
    return {(link.other_id, link.kind) for link in file_of(node, case_id).links}


def test_a_text_without_spaces_gives_no_mark_that_is_longer_than_an_index_compares() -> None:
    endless = f"7{varied(2000)}"
    assert marks_in("A-1", endless) == tuple(sorted({"A1", endless[:200]}))
    assert mark_of(endless) == endless[:200]


def test_a_seized_phone_links_the_cases_that_know_it(node: Node) -> None:
    knowing = a_case(node, account_parts("a"))
    seizing, seizing_too = (
        file_of(node, taken(node, account_parts(name)).case_id) for name in "bc"
    )
    with open_work(node, CONSOLE) as work:
        device = Identifier(kind=IdentifierKind.DEVICE, scope="imei", value=IMEI)
        identifying.add_identifier(work, knowing.people[0].person.id, device)
    for file in (seizing, seizing_too):
        assert _links(node, file.case.id) == set()
        an_exhibit(node, CONSOLE, file.case.id, identifiers="IMEI 49-015420-323751-8, serial 7")
        run_followups(node)
    ids = {knowing.case.id, seizing.case.id, seizing_too.case.id}
    for case_id in ids:
        others = ids - {case_id}
        assert _links(node, case_id) == {(other, IdentifierKind.DEVICE) for other in others}
    again = taken(node, [*account_parts("d"), part("people/0/devices/0/imei", IMEI)])
    assert again.case_id not in ids, "a thing attaches no referral"
