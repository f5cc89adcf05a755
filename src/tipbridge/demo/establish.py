"""Setting the nodes up as their administrators would: staff, providers, peers, agreements."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tipbridge.demo.draw import Draw
from tipbridge.demo.files import sha256_of
from tipbridge.demo.nodes import CLEARING, LIAISON, POLICE, DemoNode
from tipbridge.demo.people import Population
from tipbridge.demo.scenario import Scenario
from tipbridge.foundation.base.actors import Actor, Role
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.agreements.templates import template_text
from tipbridge.knowledge.hashes import actions as lists
from tipbridge.knowledge.hashes.model import ListPurpose
from tipbridge.office import actions as office
from tipbridge.office.terminal import acting
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.tips.intake import providers

STAFF: Mapping[str, tuple[tuple[str, Role], ...]] = {
    CLEARING.node_id: (("analyst-1", Role.ANALYST), ("auditor-1", Role.AUDITOR)),
    LIAISON.node_id: (("liaison-1", Role.LIAISON), ("auditor-1", Role.AUDITOR)),
    POLICE.node_id: (
        ("investigator-1", Role.INVESTIGATOR),
        ("examiner-1", Role.EXAMINER),
        ("press-1", Role.PRESS),
        ("auditor-1", Role.AUDITOR),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Established:
    """What the demo needs of the nodes once they are set up."""

    staff: Mapping[tuple[str, str], Actor]
    password: str = field(repr=False)
    provider_passwords: dict[str, str] = field(repr=False)


KNOWN_LIST = "known-by-2014"


def establish(
    nodes: Mapping[str, DemoNode], scenario: Scenario, population: Population
) -> Established:
    """Set everything up that an operation needs before its first day."""
    password = nodes[POLICE.node_id].node.ids.random_bytes(6).hex()
    with ThreadPoolExecutor() as pool:  # a password's hash takes its time on purpose
        adding = {
            (node_id, username): pool.submit(_add_staff, nodes[node_id], username, role, password)
            for node_id, members in STAFF.items()
            for username, role in members
        }
        passwords = _add_providers(nodes[CLEARING.node_id], scenario)
        staff = {who: added.result() for who, added in adding.items()}
    _pin(nodes[CLEARING.node_id], nodes[LIAISON.node_id])
    _pin(nodes[LIAISON.node_id], nodes[CLEARING.node_id])
    _pin(nodes[LIAISON.node_id], nodes[POLICE.node_id])
    _pin(nodes[POLICE.node_id], nodes[LIAISON.node_id])
    _pin(nodes[POLICE.node_id], nodes[CLEARING.node_id], reachable=False)
    _pin(nodes[CLEARING.node_id], nodes[POLICE.node_id], reachable=False)
    _agree(nodes[CLEARING.node_id], nodes[LIAISON.node_id], "standing-referral")
    _agree(nodes[LIAISON.node_id], nodes[POLICE.node_id], "hsi-knpa-2013")
    _list_known(nodes[POLICE.node_id].node, population, staff[POLICE.node_id, "examiner-1"])
    return Established(staff=staff, password=password, provider_passwords=passwords)


def _add_staff(node: DemoNode, username: str, role: Role, password: str) -> Actor:
    with open_work(node.node, acting(node.node, None)) as work:
        office.add_staff(
            work, username=username, password=password, roles=(role,), unit="headquarters"
        )
    return acting(node.node, username)


def _add_providers(node: DemoNode, scenario: Scenario) -> dict[str, str]:
    passwords: dict[str, str] = {}
    for service in scenario.services:
        if service.files_reports:
            passwords[service.name] = node.node.ids.random_bytes(12).hex()
            with open_work(node.node, acting(node.node, None)) as work:
                providers.add_provider(
                    work,
                    name=service.name,
                    username=service.name,
                    password=passwords[service.name],
                )
    return passwords


def _list_known(node: Node, population: Population, examiner: Actor) -> None:
    """What was known of the material on devices before anybody seized one, put into effect."""
    draw = Draw(population.seed)
    names = [
        name
        for person in population.people
        for device in person.devices.values()
        for name in device
    ]
    with open_work(node, acting(node, None)) as work:
        lists.add_list(
            work,
            name=KNOWN_LIST,
            purpose=ListPurpose.KNOWN_MATERIAL,
            owner="an international series database (synthetic)",
        )
    with open_work(node, acting(node, None)) as work:
        lines = (f"{sha256_of(draw, name)}\n".encode() for name in names)
        lists.import_list(work, name=KNOWN_LIST, lines=lines)
    with open_work(node, examiner) as work:
        lists.activate_version(work, name=KNOWN_LIST)


def _pin(here: DemoNode, there: DemoNode, *, reachable: bool = True) -> None:
    """Pin a peer's card; one that is not reachable from here only verifies."""
    with open_work(there.node, acting(there.node, None)) as work:
        card = exchange.show_card(work)
    with open_work(here.node, acting(here.node, None)) as work:
        if reachable:
            exchange.add_peer(work, card=card, url=there.gate, mutual=True)
        else:
            exchange.add_peer(work, card=card)


def _agree(sender: DemoNode, receiver: DemoNode, template: str) -> None:
    """Both parties hold the agreement; files themselves are sent on request only."""
    text = template_text(template, sender=sender.plan.node_id, receiver=receiver.plan.node_id)
    text = text.replace('content = "allow"', 'content = "withhold"')
    for party in (sender, receiver):
        with open_work(party.node, acting(party.node, None)) as work:
            agreements.add_agreement(work, document=text.encode())
