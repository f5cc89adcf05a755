"""Staff of the police node: answer requests, identify people, examine devices, decide.

They know what the case pages show and what the world answers; of the outcomes that the
advice permits they choose the first.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from tipbridge.demo.calendar import waited
from tipbridge.demo.patience import NotDone, patient, patient_work
from tipbridge.demo.world import Found, World
from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.base.errors import OutcomeUnknown
from tipbridge.foundation.node import Node
from tipbridge.knowledge.agreements.model import MinimumAge
from tipbridge.knowledge.law.model import Birth, Certainty, Offence, SchoolLevel, Stage
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.file import CaseFile
from tipbridge.police.cases.model import (
    Act,
    Identifier,
    IdentifierKind,
    KnownPerson,
    Motive,
    PersonFacts,
    PersonRole,
    PlaceKind,
)
from tipbridge.police.evidence import actions as evidence
from tipbridge.police.evidence.imaging import examine_image
from tipbridge.police.evidence.model import Taking
from tipbridge.police.outcomes import actions as outcomes
from tipbridge.police.welfare import actions as welfare
from tipbridge.police.welfare.model import GuardianNotice, TalkWith, WelfareFacts
from tipbridge.sharing.referral import requesting
from tipbridge.sharing.referral.model import RequestState

OFFENCES = {
    Act.POSTED: Offence.DISTRIBUTION,
    Act.DISTRIBUTED: Offence.DISTRIBUTION,
    Act.POSSESSED: Offence.POSSESSION,
    Act.PREPARED_SALES_SITE: Offence.PROFIT_DISTRIBUTION,
}
"""How an investigator classes what somebody did."""

MINIMUM_AGE = MinimumAge(years=14, jurisdiction="KR", citation="Criminal Act (Korea), article 9")
"""What a grant tells the sender of the law here."""


class PoliceDesk:
    """An investigator and an examiner."""

    def __init__(
        self,
        node: Node,
        world: World,
        *,
        investigator: Actor,
        examiner: Actor,
        examined: Callable[[int], None],
        asked: Mapping[str, int],
    ) -> None:
        self._node, self._world, self._asked = node, world, asked
        self._investigator, self._examiner, self._examined = investigator, examiner, examined
        self._files: dict[str, CaseFile] = {}

    @patient
    def sit(self, now: datetime) -> None:
        """Do everything that has waited long enough."""
        self._answer_requests(now)
        with patient_work(self._node, self._investigator) as work:
            lines = cases.list_cases(work)
        for line in sorted(lines, key=lambda line: (line.opened_at, line.number)):
            if line.undecided_count and self._is_due(line.id, line.opened_at, now):
                self._investigate(line.id)

    @patient
    def _answer_requests(self, now: datetime) -> None:
        if not self._asked:
            return
        with patient_work(self._node, self._investigator) as work:
            for request in requesting.list_requests(work):
                is_open = request.state is RequestState.OPEN
                days = self._asked.get(request.id)
                if is_open and days is not None and waited(request.opened_at, now, days):
                    requesting.answer_request(
                        work,
                        request.id,
                        granted=True,
                        legal_basis="Granted for this case (synthetic)",
                        minimum_age=MINIMUM_AGE,
                    )

    def _is_due(self, case_id: str, opened_at: datetime, now: datetime) -> bool:
        if case_id not in self._files:
            self._files[case_id] = self._read(case_id)
        days = [
            holder.waiting.investigator_days
            for person in self._files[case_id].people
            for account in _accounts(person)
            if (holder := self._world.waiting_of(account.scope, account.value)) is not None
        ]
        return bool(days) and waited(opened_at, now, min(days))

    @patient
    def _read(self, case_id: str) -> CaseFile:
        with patient_work(self._node, self._investigator) as work:
            return cases.read_case(work, case_id)

    def _investigate(self, case_id: str) -> None:
        file = self._read(case_id)
        for known in file.people:
            for account in _accounts(known):
                found = self._world.ask_about(account.scope, account.value)
                if found is not None:
                    self._record(known, found)
                    self._look_after(known.person.id, Motive(found.motive))
                    self._examine(file, known.person.id, found)
                    self.decide(known.person.id)
                    break
            else:
                self._look_after(known.person.id)

    @patient
    def _record(self, known: KnownPerson, found: Found) -> None:
        act = Act(found.act)
        roles = {PersonRole.REPORTED_USER, PersonRole.SUSPECT}
        if found.self_produced:
            roles.add(PersonRole.VICTIM)
        facts = PersonFacts(
            reference=found.reference,
            roles=frozenset(roles),
            birth=Birth(earliest=found.born_on, latest=found.born_on, certainty=Certainty.VERIFIED),
            school_level=SchoolLevel(found.school),
            offence=OFFENCES[act],
            act=act,
            act_on=found.act_on,
            place_kind=PlaceKind(found.place),
            self_produced=found.self_produced,
            motive=Motive(found.motive),
        )
        with patient_work(self._node, self._investigator) as work:
            cases.record_person(work, known.person.id, facts)

    def _examine(self, file: CaseFile, person_id: str, found: Found) -> None:
        for mark, (device, image) in enumerate(sorted(found.devices.items()), start=1):
            exhibit_id = self._seize(file.case.id, person_id, f"E{mark}", device)
            self._hand_over(exhibit_id)
            self._take_over(exhibit_id)
            self._read_device(exhibit_id, image)

    @patient
    def _seize(self, case_id: str, person_id: str, mark: str, device: str) -> str:
        with patient_work(self._node, self._investigator) as work:
            exhibit = evidence.add_exhibit(
                work,
                case_id,
                mark=mark,
                kind="device",
                description=f"synthetic {device}",
                place="home (synthetic)",
                authority="warrant (synthetic)",
                taking=Taking(person=person_id),
            )
        return exhibit.id

    @patient
    def _hand_over(self, exhibit_id: str) -> None:
        with patient_work(self._node, self._investigator) as work:
            evidence.hand_over(work, exhibit_id, to=self._examiner.name)

    @patient
    def _take_over(self, exhibit_id: str) -> None:
        with patient_work(self._node, self._examiner) as work:
            evidence.receive(work, exhibit_id)

    @patient
    def _read_device(self, exhibit_id: str, image: Path) -> None:
        with patient_work(self._node, self._examiner) as work:
            if evidence.read_exhibit(work, exhibit_id).examinations:
                return
        try:
            examine_image(
                self._node,
                self._examiner,
                exhibit_id,
                image=image,
                tell=lambda progress: self._examined(progress.findings),
            )
        except OutcomeUnknown as lost:
            raise NotDone from lost  # it goes on at its last checkpoint, or is found finished

    @patient
    def decide(self, person_id: str) -> None:
        """Decide as the advice says first; whoever is decided about already stays so.

        A node that was killed may have kept a decision that nobody saw being kept.
        """
        with patient_work(self._node, self._investigator) as work:
            if cases.person_seen(work, person_id).stage is not Stage.INQUIRY:
                return
            advice = outcomes.read_advice(work, person_id)
            first = advice.permitted[0]
            outcomes.decide_outcome(
                work, person_id, outcome=first.outcome, conditions=first.conditions
            )

    @patient
    def _look_after(self, person_id: str, why: Motive | None = None) -> None:
        """Tell the child-protection agency and the guardian, and talk; before any decision."""
        with patient_work(self._node, self._investigator) as work:
            standing = welfare.review_person(work, person_id)
            if standing is None or standing.contacted_on is not None:
                return
            facts = WelfareFacts(
                agency="child-protection-agency",
                contact_made=True,
                guardian_notice=GuardianNotice.GIVEN,
            )
            welfare.record_welfare(work, standing.welfare_id, facts)
            for talk_with in TalkWith:
                said = why if talk_with is TalkWith.CHILD else None
                welfare.record_talk(work, standing.welfare_id, talk_with=talk_with, why=said)


def _accounts(person: KnownPerson) -> list[Identifier]:
    return [each for each in person.identifiers if each.kind is IdentifierKind.ACCOUNT]
