"""A liaison officer: passes referrals on, asks leave case by case, refers own leads."""

from datetime import date, datetime
from typing import cast

from tipbridge.demo.calendar import waited
from tipbridge.demo.nodes import POLICE
from tipbridge.demo.patience import patient, patient_work
from tipbridge.demo.people import DrawnPerson, Population
from tipbridge.demo.world import World
from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.node import Node
from tipbridge.knowledge.places.model import PlaceKind
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral import requesting
from tipbridge.sharing.referral.model import (
    Direction,
    ReferralView,
    RequestState,
    SourceKind,
    State,
)
from tipbridge.tips.triage import actions as triage
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import SourceGrade, Suspicion


class LiaisonDesk:
    """One officer. `asked` says how long the police will take over each request."""

    def __init__(self, node: Node, world: World, population: Population, *, officer: Actor) -> None:
        self._node, self._world, self._officer = node, world, officer
        self._informed = [person for person in population.people if person.lead_on is not None]
        self._inbox: dict[str, tuple[datetime, DrawnPerson]] = {}
        self._seen: set[str] = set()
        self._leads: list[tuple[str, datetime, DrawnPerson]] = []
        self._requests: dict[str, str] = {}
        self._referred: dict[str, tuple[str, str]] = {}
        self.asked: dict[str, int] = {}

    @property
    def referred(self) -> frozenset[tuple[str, str]]:
        """Service and account of everybody of whom a referral was released."""
        asking = set(self._requests.values())
        return frozenset(each for id_, each in self._referred.items() if id_ not in asking)

    def sit(self, now: datetime) -> None:
        """Do everything that has waited long enough."""
        self._pass_on_granted(now)
        self._look_at_inbox()
        for referral_id, (since, person) in list(self._inbox.items()):
            if waited(since, now, person.waiting.liaison_days):
                del self._inbox[referral_id]
                self._refer(SourceKind.REFERRAL, referral_id, person)
        for lead in [lead for lead in self._leads if _is_due(lead, now)]:
            self._leads.remove(lead)
            self._refer(SourceKind.LEAD, lead[0], lead[2])
        self._open_leads(now)

    @patient
    def _look_at_inbox(self) -> None:
        page = 1
        while True:
            with patient_work(self._node, self._officer) as work:
                found = referrals.list_referrals(work, direction=Direction.IN, page=page)
            fresh = [each for each in found if each.id not in self._seen]
            for each in fresh:
                with patient_work(self._node, self._officer) as work:
                    view = referrals.read_referral(work, each.id)
                self._seen.add(each.id)
                person = self._holder(view)
                if person is not None:
                    self._inbox[each.id] = (each.opened_at, person)
            if not fresh or len(fresh) < referrals.PAGE_LINES:
                return
            page += 1

    def _holder(self, view: ReferralView) -> DrawnPerson | None:
        for item in view.parts:
            if "/accounts/" in item.part.label and isinstance(item.part.value, dict):
                value = cast("dict[str, str]", item.part.value)
                found = self._world.waiting_of(value.get("service", ""), value.get("account", ""))
                if found is not None:
                    return found
        return None

    @patient
    def _refer(self, kind: SourceKind, source_id: str, person: DrawnPerson) -> None:
        """Release what the agreement allows; else ask the police for leave."""
        with patient_work(self._node, self._officer) as work:
            referral_id = referrals.open_referral(
                work, kind=kind, source_id=source_id, peer_id=POLICE.node_id
            )
            self._referred[referral_id] = (person.service, person.account)
            decided = referrals.decide_referral(work, referral_id)
            if decided.state is State.ALLOWED:
                referrals.release_referral(work, referral_id)
                return
            request = requesting.open_request(work, referral_id)
        self._requests[request.id] = referral_id
        self.asked[request.id] = person.waiting.answer_days

    @patient
    def _pass_on_granted(self, now: datetime) -> None:
        """Release what the police granted before today."""
        if not self._requests:
            return
        with patient_work(self._node, self._officer) as work:
            requests = [requesting.read_request(work, each) for each in self._requests]
        for request in requests:
            answered_at = request.answered_at
            granted = request.state is RequestState.GRANTED
            if granted and answered_at is not None and answered_at < now:
                self._use_grant(request.id)

    @patient
    def _use_grant(self, request_id: str) -> None:
        """Release under a grant; ask again when it has lapsed meanwhile."""
        referral_id, again = self._requests[request_id], None
        with patient_work(self._node, self._officer) as work:
            if referrals.decide_referral(work, referral_id).state is State.ALLOWED:
                referrals.release_referral(work, referral_id)
            else:
                again = requesting.open_request(work, referral_id)
        del self._requests[request_id]
        if again is not None:
            self._requests[again.id] = referral_id
            self.asked[again.id] = self.asked[request_id]

    @patient
    def _open_leads(self, now: datetime) -> None:
        today: date = now.date()
        for person in [each for each in self._informed if each.lead_on and each.lead_on <= today]:
            grounds = OwnGrounds(
                grounds="Synthetic: an account at a paid site prepares a site for sale.",
                grade=SourceGrade(source="B", information=2),
                suspicion=Suspicion.PREPARING_SALE,
                accounts=((person.service, person.account),),
                emails=(person.email,),
                country="KR",
                place=PlaceKind(person.place),
                service=person.service,
            )
            with patient_work(self._node, self._officer) as work:
                lead = triage.add_lead(work, grounds)
            self._informed.remove(person)
            self._leads.append((lead.id, now, person))


def _is_due(lead: tuple[str, datetime, DrawnPerson], now: datetime) -> bool:
    return waited(lead[1], now, lead[2].waiting.liaison_days)
