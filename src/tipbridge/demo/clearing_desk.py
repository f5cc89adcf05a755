"""An analyst of the clearinghouse: refers what waits to the liaison of the likely country."""

from datetime import datetime

from tipbridge.demo.calendar import waited
from tipbridge.demo.nodes import LIAISON
from tipbridge.demo.patience import patient, patient_work
from tipbridge.demo.world import World
from tipbridge.foundation.base.actors import Actor
from tipbridge.foundation.node import Node
from tipbridge.sharing.referral import actions as referrals
from tipbridge.sharing.referral.model import SourceKind, State
from tipbridge.tips.triage import actions as triage
from tipbridge.tips.triage.model import TipLine

COUNTRY = "KR"


class ClearingDesk:
    """One analyst, who works off the queue in its order."""

    def __init__(self, node: Node, world: World, *, analyst: Actor) -> None:
        self._node, self._world, self._analyst = node, world, analyst
        self._days: dict[str, int | None] = {}

    @patient
    def sit(self, now: datetime) -> None:
        """Refer every tip that has waited long enough.

        One that was finished a moment ago and is not triaged yet tells no country: it is looked
        at another time.
        """
        with patient_work(self._node, self._analyst) as work:
            lines = triage.list_tips(work, waiting=True)
        for line in (each for each in lines if each.queue is not None):
            days = self._waiting_days(line)
            if days is not None and waited(line.received_at, now, days):
                self._refer(line)

    def _waiting_days(self, line: TipLine) -> int | None:
        """How long this tip lies on the desk; None when it is not for this liaison."""
        if line.report_id not in self._days:
            self._days[line.report_id] = self._look(line) if COUNTRY in line.countries else None
        return self._days[line.report_id]

    @patient
    def _look(self, line: TipLine) -> int | None:
        with patient_work(self._node, self._analyst) as work:
            view = triage.read_tip(work, line.report_id)
        for person in view.record.report.people if view.record.report else ():
            account = person.account
            holder = self._world.waiting_of(account.service or "", account.identifier or "")
            if holder is not None:
                return holder.waiting.analyst_days
        return None

    @patient
    def _refer(self, line: TipLine) -> None:
        with patient_work(self._node, self._analyst) as work:
            referral_id = referrals.open_referral(
                work, kind=SourceKind.TIP, source_id=line.report_id, peer_id=LIAISON.node_id
            )
            decided = referrals.decide_referral(work, referral_id)
            if decided.state is State.ALLOWED:
                referrals.release_referral(work, referral_id)
            triage.assign_tip(work, line.report_id, unit=line.unit)
