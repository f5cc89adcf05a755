"""What comes back from the end of the road, signed by a node whose card is not pinned here."""

from collections.abc import Callable

from structlog.testing import capture_logs

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.sharing.referral.road import PERSON, START, open_road, view
from tests.tips.triage.filed import report_xml
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.model import PackageKind
from tipbridge.sharing.exchange.parking import actions as parking
from tipbridge.sharing.exchange.parking.model import Parked
from tipbridge.sharing.referral import actions
from tipbridge.sharing.referral.model import State, StepName
from tipbridge.tips.intake.actions import read_report


def _parked(node: Node) -> list[Parked]:
    with open_work(node, CONSOLE) as work:
        return parking.list_parked(work)


def test_it_acknowledges_nothing_until_the_card_is_pinned_and_feedback_is_sent_again_then(
    make_node: Callable[..., Node],
) -> None:
    with open_road(make_node, known_ends=False) as road:
        report_id = road.tip(report_xml(PERSON))
        first, _, _, at_police = road.carry(report_id)
        shown = view(road.clearing, first)
        assert [(line.signer, line.verified) for line in shown.receipts] == [
            ("us.hsi", True),
            ("kr.knpa", False),
        ]
        assert shown.referral.state is State.DELIVERED
        assert StepName.ACKNOWLEDGED not in {step.name for step in shown.steps}
        (receipt,) = _parked(road.clearing)
        assert (receipt.kind, receipt.reason) == (PackageKind.RECEIPT, "signer-not-pinned")
        # Feedback is not let in at all: its receiver's log says whose card is missing.
        with open_work(road.police, CONSOLE) as work:
            actions.send_feedback(
                work, at_police, feedback_id="outcome-1", outcome="booked", at=START
            )
        with capture_logs() as logged:
            road.settle()
        assert [(line["node"], line["by"]) for line in logged if "by" in line] == [
            ("kr.knpa", "us.hsi")
        ]
        (feedback,) = _parked(road.liaison)
        assert (feedback.kind, feedback.reason) == (PackageKind.FEEDBACK, "refused")
        net.pin(road.clearing, road.police)
        with open_work(road.clearing, CONSOLE) as work:
            parking.retake_package(work, receipt.package_id)
        with open_work(road.liaison, CONSOLE) as work:
            exchange.resend_package(work, feedback.package_id)
        road.settle()
        shown = view(road.clearing, first)
        assert [line.verified for line in shown.receipts] == [True, True]
        assert shown.referral.state is State.ACKNOWLEDGED
        assert _parked(road.clearing) == _parked(road.liaison) == []
        with open_work(road.clearing, WORKER) as work:
            (told,) = read_report(work, report_id).feedback
        assert (told.sender, told.outcome) == ("kr.knpa", "booked")
