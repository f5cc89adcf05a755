"""What happens next: the whole road as one table of event and follow-ups.

The only file that knows every step. The worker runs each follow-up in a unit of work of
its own; each must bear being run twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.node import Node, Profile
from tipbridge.foundation.work import Work, open_work
from tipbridge.knowledge.agreements import actions as agreements
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import withdrawn
from tipbridge.police.cases.asking import actions as asking
from tipbridge.police.cases.demands import actions as demands
from tipbridge.police.cases.diary import actions as diary
from tipbridge.police.cases.fairness import actions as fairness
from tipbridge.police.cases.fairness import telling
from tipbridge.police.cases.handing import actions as handing
from tipbridge.police.cases.handing import lists
from tipbridge.police.cases.leaving import actions as leaving
from tipbridge.police.cases.leaving import readers
from tipbridge.police.cases.tasks import holders
from tipbridge.police.deconfliction import answering
from tipbridge.police.deconfliction import telling as peers
from tipbridge.police.disclosure import actions as disclosures
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.outcomes import mistaken as retelling
from tipbridge.police.outcomes import readvising, steps, turning
from tipbridge.police.removals import actions as removals
from tipbridge.police.removals import checking, detaching, marks, nodes, noticing, returning
from tipbridge.police.retention import actions as retention
from tipbridge.police.retention import lapsing
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare import lists as record_lists
from tipbridge.police.welfare import steps as coercive
from tipbridge.sharing.exchange import actions as exchange
from tipbridge.sharing.exchange.carrying import fetching
from tipbridge.sharing.exchange.convoying import sending, takers
from tipbridge.sharing.exchange.model import PackageKind
from tipbridge.sharing.notices import actions as notices
from tipbridge.sharing.referral import actions as referral
from tipbridge.sharing.referral import appraising, arriving
from tipbridge.sharing.referral.emergency import actions as emergencies
from tipbridge.sharing.referral.pausing import actions as pausing
from tipbridge.tips.enrichment import actions as enrichment
from tipbridge.tips.enrichment.likeness import actions as likeness
from tipbridge.tips.filing import actions as filing
from tipbridge.tips.filing import trying
from tipbridge.tips.filing.scan import actions as scan
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.quality import actions as quality
from tipbridge.tips.triage import actions as triage

Follow = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One follow-up, and on which profiles' nodes it happens (none named: on all).

    Shape: `of_record` says that it takes what is stored of a report, when that is read already.
    """

    action: Follow
    profiles: frozenset[Profile] = frozenset()
    of_record: bool = False

    def happens_on(self, node: Node) -> bool:
        """Whether it happens on this node."""
        return self.happens_for(node.profiles)

    def happens_for(self, profiles: frozenset[Profile]) -> bool:
        """Whether it happens on nodes of these profiles."""
        return not self.profiles or bool(self.profiles & profiles)


_POLICE = frozenset({Profile.POLICE})
_PROVIDING = frozenset({Profile.PROVIDER})
_REFERRING = frozenset({Profile.CLEARINGHOUSE, Profile.LIAISON, Profile.POLICE})

ROAD: dict[str, tuple[Step, ...]] = {
    "base.clock.set": (
        Step(intake.expire_reports),
        Step(intake.erase_ended),
        Step(exchange.resend_due),
        Step(emergencies.miss_reviews),
        Step(demands.expire_demands),
        Step(fairness.chase_corrections),
    ),
    "hashes.version.activated": (Step(hashes.build_missing), Step(likeness.compare_list)),
    "enrichment.list.begun": (Step(likeness.compare_list),),
    "filing.filing.due": (Step(trying.send_filing),),
    "intake.report.finished": (
        Step(enrichment.enrich_tip, of_record=True),
        Step(triage.triage_tip, of_record=True),
        Step(quality.assess_report, of_record=True),
    ),
    "enrichment.file.waiting": (Step(likeness.compare_file),),
    "enrichment.file.near": (Step(enrichment.enrich_tip), Step(triage.triage_tip)),
    "intake.sandbox.finished": (Step(quality.assess_report, of_record=True),),
    "intake.report.purged": (
        Step(enrichment.forget_tip),
        Step(triage.end_leads),
        Step(referral.forget_report),
    ),
    agreements.CHANGED: (Step(pausing.say_suspension),),
    "exchange.package.queued": (Step(exchange.send_package),),
    "exchange.peer.due": (Step(fetching.fetch_package),),
    "exchange.package.settled": (
        Step(arriving.note_settled),
        Step(nodes.note_settled, _POLICE),
    ),
    "exchange.package.received": (
        Step(arriving.take_package),
        Step(notices.take_notice, _PROVIDING),
        Step(nodes.take_answer, _POLICE),
        Step(answering.answer_question, _POLICE),
        Step(answering.take_answer, _POLICE),
    ),
    "referral.withdrawal.received": (Step(withdrawn.note_withdrawal, _POLICE),),
    "referral.referral.received": (
        Step(cases.open_or_attach, _POLICE),
        Step(leaving.note_unread, _REFERRING),
    ),
    "referral.readers.named": (Step(readers.admit_readers, _POLICE),),
    "cases.referral.wanted": (Step(cases.bring_wanted, _POLICE),),
    "cases.referral.appraised": (Step(appraising.follow_appraisal),),
    "cases.referral.detached": (Step(detaching.follow_detached),),
    "cases.case.opened": (Step(removals.note_addresses),),
    "cases.case.attached": (Step(removals.note_addresses),),
    "cases.identifier.added": (Step(asking.compare_case),),
    "cases.demand.sent": (Step(asking.compare_case),),
    "evidence.exhibit.examined": (Step(asking.compare_case),),
    "cases.asking.made": (Step(asking.answer_asking),),
    "office.staff.changed": (Step(leaving.note_left, _REFERRING), Step(holders.note_gone, _POLICE)),
    "cases.access.changed": (Step(holders.note_gone),),
    "cases.left_list.taken_over": (Step(leaving.give_left), Step(record_lists.give_left)),
    "cases.handover.accepted": (Step(handing.complete_hand_over),),
    "cases.case.given": (Step(lists.give_lists), Step(record_lists.give_lists)),
    "cases.people.changed": (
        Step(welfare.review_case),
        Step(noticing.ask_for_own_material),
        Step(marks.reconsider_marks),
        Step(outcomes.review_case),
    ),
    "cases.split.undone": (Step(returning.return_places),),
    "removals.places.noted": (Step(noticing.ask_for_own_material),),
    "removals.host.asked": (Step(noticing.ask_for_own_material),),
    "removals.own.gone": (Step(noticing.ask_for_own_material),),
    "removals.state.mistaken": (Step(noticing.reconsider_own_material),),
    "removals.notice.queued": (Step(noticing.send_notice),),
    "removals.check.due": (Step(checking.check_due),),
    "cases.person.corrected": (
        Step(fairness.send_correction),
        Step(disclosures.tell_receivers),
        Step(peers.tell_peers),
        Step(steps.tell_authorities),
        Step(coercive.tell_agency),
    ),
    "cases.correction.heard": (Step(telling.note_heard),),
    "outcomes.outcome.decided": (Step(outcomes.send_feedback),),
    "outcomes.law.changed": (Step(outcomes.review_case),),
    "outcomes.day.turned": (Step(outcomes.review_case),),
    "outcomes.step.recorded": (Step(steps.tell_step),),
    "outcomes.step.taken_back": (Step(retelling.tell_taken_back),),
    "cases.facts.changed": (Step(disclosures.tell_change), Step(steps.tell_change)),
    "retention.case.due": (Step(retention.erase_due),),
}

TICK: tuple[Follow, ...] = (
    intake.expire_reports,
    intake.clear_sandboxes,
    intake.erase_ended,
    exchange.resend_due,
    fetching.fetch_due,
    trying.wake_due,
    scan.forget_scans,
    hashes.build_missing,
    emergencies.miss_reviews,
    demands.expire_demands,
    welfare.miss_clocks,
    noticing.wake_notices,
    checking.wake_checks,
    fairness.chase_corrections,
    retention.wake_due,
    lapsing.end_kept,
    readvising.watch_law,
    turning.watch_days,
)
"""What is looked at again and again, and whenever a synthetic clock moves."""


_OF_REPORTS = frozenset({"intake.report.finished", "intake.sandbox.finished"})
IN_GROUPS = _OF_REPORTS | {"exchange.package.received", "exchange.package.settled"}
"""Events whose steps are quick and reach nobody outside: many at once cost less."""

_BY_THEMSELVES = frozenset({PackageKind.DECONFLICTION_QUESTION, PackageKind.DECONFLICTION_ANSWER})
"""Packages whose follow-up may take its time."""

_TO_SEND = "exchange.package.queued"
"""Its packages go together to a peer that takes several in one request."""

GROUP, _LOOKED_AT = 16, 64
"""So many at most, of so many that are looked at; a job that is in a hurry waits no longer."""

LEFT_SECONDS = 24 * 3600.0
"""A writer that is at work is done long before."""


def follow(node: Node, event: str, ids: dict[str, str]) -> None:
    """Do everything that follows `event` on this node.

    Errors: KeyError for an event that is not on the road: a defect, kept in the queue.
    """
    for step in ROAD[event]:
        if step.happens_on(node):
            with open_work(node, WORKER) as work:
                step.action(work, **ids)


def unfollowed(profiles: frozenset[Profile]) -> frozenset[str]:
    """The events of the road that nothing follows on a node of these profiles."""
    return frozenset(
        event
        for event, steps in ROAD.items()
        if not any(each.happens_for(profiles) for each in steps)
    )


def follow_along(node: Node, event: str) -> int:
    """Do what follows `event` for several that wait for it, in one unit of work.

    Shape: how many. Their jobs leave the queue in the transaction that does the work; if one
    of them fails, all wait as before, and each is followed by itself.
    """
    if event == _TO_SEND:
        return _send_along(node) if takers.in_turn() else 0
    if event not in IN_GROUPS:
        return 0
    one = _follow_report if event in _OF_REPORTS else _follow_one
    with open_work(node, WORKER, together=True) as work:
        held = queue.take_along(work.db, event, most=GROUP)
        jobs = [job for job in held if job.ids.get("kind") not in _BY_THEMSELVES]
        for job in jobs:
            one(work, event, job.ids)
        if jobs:
            queue.end_along(work.db, jobs)
    return len(jobs)


def _send_along(node: Node) -> int:
    """Send packages that wait for one peer together; how many jobs that was."""
    with open_work(node, WORKER, together=True) as work:
        ahead = queue.look_ahead(work.db, _TO_SEND, "package_id", most=_LOOKED_AT)
        chosen = sending.choose(work, ahead)
        jobs = queue.take_named(work.db, _TO_SEND, "package_id", chosen) if chosen else []
        done = set(sending.send_together(work, [job.ids["package_id"] for job in jobs]))
        ended = [job for job in jobs if job.ids["package_id"] in done]
        if ended:
            queue.end_along(work.db, ended)
    return len(ended)


def _follow_one(work: Work, event: str, ids: dict[str, str]) -> None:
    for step in ROAD[event]:
        if step.happens_on(work.node):
            step.action(work, **ids)


def _follow_report(work: Work, event: str, ids: dict[str, str]) -> None:
    record = intake.read_report(work, ids["report_id"], hold=True)
    for step in ROAD[event]:
        if step.happens_on(work.node):
            given = {"record": record} if step.of_record else {}
            step.action(work, **ids, **given)


def tick(node: Node) -> None:
    """Do everything whose time has come."""
    for action in TICK:
        with open_work(node, WORKER) as work:
            action(work)


def leftovers(work: Work) -> tuple[str, ...]:
    """The vault's groups that no row names: their writer died before it committed.

    Shape: never acknowledged to anybody, unless the database was restored from a backup
    older than the vault; so nobody removes them unasked, and only after a day.
    """
    found = work.node.vault.groups(untouched_seconds=LEFT_SECONDS)
    known = intake.known_keys(work, found) | exchange.known_keys(work, found)
    known |= filing.known_keys(work, found)
    known |= diary.known_keys(work, found)
    known |= referral.known_keys(work, found) | agreements.known_keys(work, found)
    return tuple(key_id for key_id in found if key_id not in known)
