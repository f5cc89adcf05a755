"""A platform hears what came of its filings."""

import pytest

from tests.nodes import CONSOLE
from tests.tips.filing.clearing import accept, filing_node, read, send
from tests.tips.intake.ispws import add_provider, serving
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.work import open_work
from tipbridge.tips.filing.errors import ClearinghouseSilent
from tipbridge.tips.filing.ledger import feedback
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.quality import api


def test_feedback_comes_with_the_filing_that_it_is_about(make_node) -> None:
    clearing, own = make_node("us.clearing"), make_node("esp.one", profiles=("provider",))
    add_provider(clearing)
    with serving(clearing, api.ROUTES) as address:
        node = filing_node(own, f"{address}/ispws")
        filing_id = accept(node)
        send(node, filing_id)
        number = read(node, filing_id).line.report_id
        for id_, outcome in (("f-1", "useful"), ("f-2", "booked-detained")):
            with open_work(clearing, WORKER) as work:
                intake.record_feedback(
                    work, report_id=number, feedback_id=id_, sender="kr.police", outcome=outcome
                )
        with open_work(node, CONSOLE) as work:
            heard = feedback.read_feedback(work)
            empty = feedback.read_feedback(work, page=2)
    assert {each.outcome for each in heard.feedback} == {"useful", "acted-on"}
    assert {(each.filing_id, each.report_id, each.sender) for each in heard.feedback} == {
        (filing_id, number, "kr.police")
    }
    assert (heard.more, empty.feedback) == (False, ())


def test_a_clearinghouse_without_the_call_is_named(make_node) -> None:
    clearing, own = make_node("us.clearing"), make_node("esp.one", profiles=("provider",))
    add_provider(clearing)
    with serving(clearing) as address:
        node = filing_node(own, f"{address}/ispws")
        with pytest.raises(ClearinghouseSilent, match="404"), open_work(node, CONSOLE) as work:
            feedback.read_feedback(work)
