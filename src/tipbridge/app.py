"""The composition root: settings → database → the doors of this node's profiles."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI

from tipbridge import pipeline
from tipbridge.bulletin import pages as bulletin_pages
from tipbridge.foundation.audit import log as audit_log
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node, Profile, load_settings, open_node
from tipbridge.foundation.storage.engine import (
    check_runtime_role,
    open_database,
    open_engine,
    plain_url,
)
from tipbridge.foundation.storage.migrate import migrate
from tipbridge.knowledge.hashes import api as match_api
from tipbridge.knowledge.hashes import pages as hashes_pages
from tipbridge.knowledge.hashsharing import api as hashsharing_api
from tipbridge.knowledge.hashsharing import pages as hashsharing_pages
from tipbridge.knowledge.law.quoting import quotations
from tipbridge.office import pages as office_pages
from tipbridge.police.cases import pages as cases_pages
from tipbridge.police.cases.leaving import pages as left_pages
from tipbridge.police.deconfliction import pages as deconfliction_pages
from tipbridge.police.disclosure import pages as disclosure_pages
from tipbridge.police.disclosure import waiting as disclosure_waiting
from tipbridge.police.evidence import pages as evidence_pages
from tipbridge.police.outcomes import pages as outcomes_pages
from tipbridge.police.removals import pages as removals_pages
from tipbridge.police.retention import pages as retention_pages
from tipbridge.police.striking import pages as striking_pages
from tipbridge.police.welfare import pages as welfare_pages
from tipbridge.sharing.exchange import api as exchange_api
from tipbridge.sharing.exchange import pages as exchange_pages
from tipbridge.sharing.exchange.trusting.gate import Gate
from tipbridge.sharing.notices import pages as notices_pages
from tipbridge.sharing.referral import pages as referral_pages
from tipbridge.sharing.referral.agreeing import pages as agreeing_pages
from tipbridge.sharing.referral.approving import pages as approving_pages
from tipbridge.sharing.referral.consent import pages as consent_pages
from tipbridge.sharing.referral.dropping import pages as dropping_pages
from tipbridge.sharing.referral.emergency import pages as emergency_pages
from tipbridge.sharing.referral.keeping import pages as keeping_pages
from tipbridge.sharing.referral.system import api as referral_api
from tipbridge.tips.filing import pages as filing_pages
from tipbridge.tips.filing.scan import api as scan_api
from tipbridge.tips.filing.scan import pages as scan_pages
from tipbridge.tips.intake import pages as intake_pages
from tipbridge.tips.intake.api import PATH, build_ispws, refusal
from tipbridge.tips.quality import api as quality_api
from tipbridge.tips.quality import pages as quality_pages
from tipbridge.tips.triage import pages as triage_pages
from tipbridge.web.language import Language
from tipbridge.web.mount import guarded, mount_first, mount_plain, mount_shell, open_first
from tipbridge.web.nav import Approvable, NavEntry
from tipbridge.web.serving import serving_beside


def queue_address(node: Node) -> str:
    """The address at which this node's worker finds its queue."""
    return plain_url(node.engine.url.render_as_string(hide_password=False))


def work_off(node: Node, *, wait: bool) -> None:
    """Run this node's jobs until none is due (`wait` false) or until told to end."""
    queue.work_off(
        queue_address(node),
        lambda event, ids: pipeline.follow(node, event, ids),
        wait=wait,
        concurrency=node.settings.worker_concurrency,
        along=lambda event: pipeline.follow_along(node, event),
    )


def sequence(node: Node) -> int:
    """Give every waiting audit event its place in the log."""
    return audit_log.sequence(node.engine, node.id, node.sign_checkpoint)


def drain(node: Node) -> None:
    """Run everything that is due on this node, here and now, and sequence its log."""
    while queue.due(node.engine):
        work_off(node, wait=False)
    sequence(node)


@contextmanager
def running_node(data: Path) -> Generator[Node]:
    """The node in `data`, its database started, brought up to date and checked."""
    load_settings(data)
    server = open_database(data)
    try:
        migrate(server.owner_url)
        engine = open_engine(server.app_url)
        try:
            check_runtime_role(engine)
            yield open_node(data, engine, unfollowed=pipeline.unfollowed)
        finally:
            engine.dispose()
    finally:
        server.stop()


@dataclass(frozen=True, slots=True)
class Door:
    """One room's routes and navigation, and on which profiles' nodes they open (none: all)."""

    router: APIRouter
    navigation: tuple[NavEntry, ...] = ()
    profiles: frozenset[Profile] = frozenset()
    approvables: tuple[Approvable, ...] = ()


_PROVIDING = frozenset({Profile.PROVIDER})
_CLEARING = frozenset({Profile.CLEARINGHOUSE})
_LIAISON = frozenset({Profile.LIAISON})
_POLICE = frozenset({Profile.POLICE})

DOORS: tuple[Door, ...] = (
    Door(hashes_pages.router, hashes_pages.NAV),
    Door(hashsharing_pages.router, hashsharing_pages.NAV, _CLEARING),
    Door(filing_pages.router, filing_pages.NAV, _PROVIDING),
    Door(scan_pages.router, scan_pages.NAV, _PROVIDING),
    Door(scan_api.router, profiles=_PROVIDING),
    Door(intake_pages.router, intake_pages.NAV, _CLEARING),
    Door(quality_pages.router, quality_pages.NAV, _CLEARING),
    Door(triage_pages.router, triage_pages.NAV, _CLEARING | _LIAISON),
    Door(exchange_api.router),
    Door(exchange_pages.router, exchange_pages.NAV),
    Door(notices_pages.router, notices_pages.NAV, _PROVIDING),
    Door(referral_pages.router, referral_pages.NAV, _CLEARING | _LIAISON | _POLICE),
    Door(referral_api.router, profiles=_CLEARING | _LIAISON | _POLICE),
    Door(
        approving_pages.router,
        profiles=_CLEARING | _LIAISON | _POLICE,
        approvables=approving_pages.APPROVABLES,
    ),
    Door(dropping_pages.router, profiles=_CLEARING | _LIAISON | _POLICE),
    Door(emergency_pages.router, profiles=_CLEARING | _LIAISON | _POLICE),
    Door(keeping_pages.router, profiles=_CLEARING | _LIAISON | _POLICE),
    Door(agreeing_pages.router, agreeing_pages.NAV, _CLEARING | _LIAISON | _POLICE),
    Door(consent_pages.router, consent_pages.NAV, _CLEARING | _LIAISON | _POLICE),
    Door(cases_pages.router, cases_pages.NAV, _POLICE),
    Door(left_pages.router, left_pages.NAV, _CLEARING | _LIAISON | _POLICE),
    Door(deconfliction_pages.router, deconfliction_pages.NAV, _POLICE),
    Door(welfare_pages.router, welfare_pages.NAV, _POLICE),
    Door(outcomes_pages.router, outcomes_pages.NAV, _POLICE),
    Door(removals_pages.router, removals_pages.NAV, _POLICE),
    Door(striking_pages.router, profiles=_POLICE),
    Door(retention_pages.router, retention_pages.NAV, _POLICE),
    Door(evidence_pages.router, evidence_pages.NAV, _POLICE),
    Door(
        disclosure_pages.router,
        disclosure_pages.NAV,
        _POLICE,
        disclosure_waiting.APPROVABLES,
    ),
    Door(bulletin_pages.router, bulletin_pages.NAV, _POLICE),
    Door(office_pages.router, office_pages.NAV),
)
"""Every door of the house, in the order of the road."""

REFUSALS = {PATH: refusal, hashsharing_api.PATH: hashsharing_api.refusal}
"""How the shell refuses, by path: in XML where clients read no other."""


def build_peer_app(node: Node) -> FastAPI:
    """What is served at the gate for peers: the exchange's own routes, and nothing else."""
    app = FastAPI(title="Tipbridge", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.node = node
    mount_plain(app, node)
    app.include_router(exchange_api.router)
    return app


@contextmanager
def peers_let_in(node: Node) -> Generator[None]:
    """Open the gate for peers while the block runs, on a node that has one.

    Errors: Conflict when its address can't be listened on.
    """
    settings = node.settings
    if settings.peer_port is None:
        yield
        return
    with serving_beside(
        build_peer_app(node),
        settings.peer_host,
        settings.peer_port,
        context=Gate(node).context,
        patience_seconds=settings.client_patience_seconds,
    ):
        yield


def build_app(node: Node) -> FastAPI:
    """The web application with the doors of this node's profiles."""
    app = FastAPI(title="Tipbridge", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.node = node
    opened = [door for door in DOORS if not door.profiles or door.profiles & node.profiles]
    navigation = [entry for door in opened for entry in door.navigation]
    mount_shell(
        app,
        node,
        navigation,
        names=node.settings.host_names,
        forms=REFUSALS,
        approvables=[each for door in opened for each in door.approvables],
        phrases={Language.KOREAN: quotations(Language.KOREAN)},
    )
    for door in opened:
        app.include_router(door.router)
    match_door = guarded(match_api.MatchDoor(node), names=node.settings.host_names)
    open_first(app, match_api.PATH, match_door)
    if Profile.CLEARINGHOUSE in node.profiles:
        ispws = build_ispws(node, quality_api.ROUTES)
        mount_first(app, PATH, ispws, names=node.settings.host_names, forms=REFUSALS)
        app.mount(hashsharing_api.PATH, hashsharing_api.build_hashsharing(node))
    return app
