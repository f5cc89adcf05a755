"""What staff write is kept in the form in which it is compared, and dated where the case is."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

from tests.nodes import CONSOLE
from tests.police.cases.builders import account_parts, taken
from tests.police.cases.test_demands import ASKED
from tests.police.folk import a_case, file_of
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.police.cases import identifiers
from tipbridge.police.cases.demands import actions as demands


def test_a_demand_is_kept_as_it_is_compared_and_written(node: Node) -> None:
    case_id = a_case(node).case.id
    written = replace(
        ASKED, addressee="\n" + unicodedata.normalize("NFD", "카카오") + " ", account=" 가나 "
    )
    with open_work(node, CONSOLE) as work:
        asked = demands.draft_demand(work, case_id, written).asked
    assert (asked.addressee, asked.account) == ("카카오", "가나")


def test_an_ipv4_address_in_an_ipv6_one_is_the_same_address() -> None:
    assert identifiers.ip("::ffff:203.0.113.7") == identifiers.ip("203.0.113.7")
    assert identifiers.ip("fe80::1%eth0") is None


def test_a_cases_number_has_the_year_it_is_where_the_case_is(node: Node) -> None:
    a_case(node, now=datetime(2014, 12, 31, 16, tzinfo=UTC))
    case_id = taken(node, account_parts("another")).case_id
    assert file_of(node, case_id).case.number.startswith("2015-")
