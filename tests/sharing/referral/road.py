"""The road for tests: a clearinghouse, a liaison and a police node that really exchange."""

import contextlib
import re
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.nodes import CONSOLE
from tests.sharing import net
from tests.tips.triage.filed import file_tip, report_xml
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.actions import CHANGED, add_agreement, sign_agreement
from tipbridge.knowledge.agreements.model import MinimumAge
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.referral import actions, arriving, requesting
from tipbridge.sharing.referral.model import Direction, Referral, ReferralView, SourceKind
from tipbridge.sharing.referral.pausing import actions as pausing

START = datetime(2014, 3, 1, tzinfo=UTC)
LAPSED = datetime(2016, 6, 1, tzinfo=UTC)
PERSON = """<personOrUserReported><personOrUserReportedPerson><firstName>Given</firstName>
<lastName>Family</lastName><phone>8210000001</phone><email>u@mail.example</email><age>30</age>
</personOrUserReportedPerson><espIdentifier>user-1</espIdentifier>
<espService>Example Social</espService>
<ipCaptureEvent><ipAddress>203.0.113.7</ipAddress><eventName>Login</eventName>
<dateTime>2014-02-20T01:00:00Z</dateTime></ipCaptureEvent>
<deviceId><idType>IMEI</idType><idValue>00-synthetic</idValue></deviceId>
</personOrUserReported>"""
AGELESS = PERSON.replace("<age>30</age>", "")
KOREA = MinimumAge(years=14, jurisdiction="KR", citation="Criminal Act (Korea), article 9")
MARKED = (
    b"<fileDetails><reportId>{report}</reportId><fileId>{file0}</fileId>"
    b"<fileAnnotations><possibleSelfProduction/></fileAnnotations></fileDetails>"
)


def follow(node: Node, event: str, ids: dict[str, str]) -> None:
    """The follow-ups of sharing, as the pipeline lists them."""
    steps: dict[str, Callable] = {
        "exchange.package.received": arriving.take_package,
        "exchange.package.settled": arriving.note_settled,
        CHANGED: pausing.say_suspension,
    }
    net.follow_exchange(node, event, ids)
    if event in steps:
        with open_work(node, WORKER) as work:
            steps[event](work, **ids)


@dataclass
class Road:
    """Three nodes and what connects them."""

    clearing: Node
    liaison: Node
    police: Node

    @property
    def nodes(self) -> list[Node]:
        """In road order."""
        return [self.clearing, self.liaison, self.police]

    def settle(self) -> list[str]:
        """Do everything that is enqueued anywhere."""
        return net.settle(self.nodes, follow)

    def move_clocks(self, at: datetime) -> None:
        """The same new time everywhere."""
        for node in self.nodes:
            net.set_clock(node, at)
            net.events(node)

    def tip(self, document: bytes | None = None, **chosen: object) -> str:
        """A filed tip, ready to be referred."""
        report_id = file_tip(self.clearing, document, **chosen)
        net.events(self.clearing)
        return report_id

    def refer(self, node: Node, kind: SourceKind, source_id: str, peer: Node) -> str:
        """Open, decide and release; nothing is sent yet."""
        with open_work(node, CONSOLE) as work:
            referral_id = actions.open_referral(
                work, kind=kind, source_id=source_id, peer_id=peer.id
            )
            actions.decide_referral(work, referral_id)
        with open_work(node, CONSOLE) as work:
            actions.release_referral(work, referral_id)
        return referral_id

    def received(self, node: Node) -> list[Referral]:
        """What arrived there."""
        with open_work(node, CONSOLE) as work:
            return actions.list_referrals(work, direction=Direction.IN)

    def carry(self, report_id: str) -> tuple[str, str, str, str]:
        """A tip all the way: sent, received by the liaison, sent on, received by the police."""
        first = self.refer(self.clearing, SourceKind.TIP, report_id, self.liaison)
        self.settle()
        at_liaison = self.received(self.liaison)[0].id
        second = self.refer(self.liaison, SourceKind.REFERRAL, at_liaison, self.police)
        self.settle()
        return first, at_liaison, second, self.received(self.police)[0].id


def view(node: Node, referral_id: str) -> ReferralView:
    """A referral as staff see it."""
    with open_work(node, CONSOLE) as work:
        return actions.read_referral(work, referral_id)


def values(node: Node, referral_id: str) -> dict[str, object]:
    """The parts of a received referral."""
    with open_work(node, CONSOLE) as work:
        return {part.label: part.value for part in actions.read_parts(work, referral_id)}


def hold(node: Node, template: str, sender: str, receiver: str, codes: str | None = None) -> str:
    """Put an agreement into force on a node; `codes` replaces its handling codes."""
    text = template_text(template, sender=sender, receiver=receiver)
    if codes is not None:
        text = re.sub(r"^codes = .*$", f"codes = [{codes}]", text, flags=re.MULTILINE)
    document = text.encode()
    with open_work(node, CONSOLE) as work:
        return add_agreement(work, document=document).sha256


def hold_signed(first: Node, second: Node, text: str) -> str:
    """Both parties hold an agreement and signed it; its name."""
    signed: dict[str, bytes] = {}
    for node in (first, second):
        with open_work(node, CONSOLE) as work:
            sha256 = add_agreement(work, document=text.encode(), confirmed=True).sha256
            signed[node.id] = sign_agreement(work, sha256)
    for node, other in ((first, second), (second, first)):
        with open_work(node, CONSOLE) as work:
            exchange.take_signature(work, envelope=signed[other.id])
    return sha256


@contextlib.contextmanager
def open_road(
    make_node: Callable[..., Node],
    *,
    standing: bool = True,
    agreed: bool = True,
    codes: str | None = None,
    known_ends: bool = True,
) -> Generator[Road]:
    """Three nodes with pinned cards, listening; agreements on both stretches if `agreed`.

    Shape: without `standing` the first stretch has none; `codes` are the handling codes of the first stretch, if not the template's. Unless `known_ends` the first node and the last have not pinned each
    other's cards.
    """
    road = Road(make_node("us.clearing"), make_node("us.hsi"), make_node("kr.knpa"))
    road.move_clocks(START)
    with contextlib.ExitStack() as stack:
        urls = {node.id: stack.enter_context(net.listening(node)) for node in road.nodes}
        net.pin(road.clearing, road.liaison, urls["us.hsi"])
        net.pin(road.liaison, road.clearing, urls["us.clearing"])
        net.pin(road.liaison, road.police, urls["kr.knpa"])
        net.pin(road.police, road.liaison, urls["us.hsi"])
        net.pin(road.police, road.clearing)  # verifies only
        if known_ends:
            net.pin(road.clearing, road.police)
        for node in (road.clearing, road.liaison) if standing else ():
            hold(node, "standing-referral", "us.clearing", "us.hsi", codes)
        if agreed:
            for node in (road.liaison, road.police):
                hold(node, "hsi-knpa-2013", "us.hsi", "kr.knpa")
        for node in road.nodes:
            net.events(node)
        yield road


def asked(road: Road) -> tuple[str, str]:
    """A referral at the liaison and the request for it, which came to the police."""
    road.refer(road.clearing, SourceKind.TIP, road.tip(report_xml(PERSON)), road.liaison)
    road.settle()
    with open_work(road.liaison, CONSOLE) as work:
        referral_id = actions.open_referral(
            work,
            kind=SourceKind.REFERRAL,
            source_id=actions.list_referrals(work)[0].id,
            peer_id="kr.knpa",
        )
        request = requesting.open_request(work, referral_id)
    road.settle()
    return referral_id, request.id
