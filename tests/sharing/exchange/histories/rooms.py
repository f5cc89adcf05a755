"""Histories in which the rooms behind the exchange do what follows: twice, late, and killed on the way."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import text

from tests.nodes import acting
from tests.sharing import net
from tests.sharing.exchange.histories.history import World
from tests.sharing.exchange.histories.processes import do_and_die
from tests.sharing.exchange.packages import PARTS
from tipbridge import pipeline
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work

_SENT_BY_THE_HISTORY = frozenset({"exchange.package.queued", "exchange.peer.due"})
_FOLLOWED_AT_ONCE = 4
_TWICE = 0.4
_DEATH_SECONDS = 0.15
"""About what following takes: a kill falls anywhere within it, or soon after."""
_REFERRALS = text("""
    SELECT package_id, (SELECT count(*) FROM referral_parts p WHERE p.referral_id = r.id) AS parts
      FROM referrals r WHERE direction = 'in'
""")
_IN_CASES = text("""
    SELECT r.package_id FROM cases c LEFT JOIN case_referrals f ON f.case_id = c.id
      LEFT JOIN referrals r ON r.id = f.referral_id
""")


class _Job(NamedTuple):
    node: Node
    event: str
    ids: Mapping[str, str]


def follow(work: Work, *, event: str, **ids: str) -> None:
    """What follows an event, as the worker has it."""
    pipeline.follow(work.node, event, ids)


@dataclass
class InRooms(World):
    """A history whose packages are referrals and cases, too."""

    jobs: list[_Job] = field(default_factory=list[_Job])
    """What is to be followed, in any order."""

    def events(self, node: Node) -> list[tuple[str, dict[str, str]]]:
        """The same; what the rooms do with it waits."""
        found = super().events(node)
        self.jobs += [
            _Job(node, event, ids) for event, ids in found if event not in _SENT_BY_THE_HISTORY
        ]
        return found

    def _follow(self) -> None:
        """Some of what waits, whatever came first; a repeated event comes again later."""
        self.draw.shuffle(self.jobs)
        going, self.jobs = self.jobs[:_FOLLOWED_AT_ONCE], self.jobs[_FOLLOWED_AT_ONCE:]
        for job in going:
            pipeline.follow(*job)
            if self.draw.random() < _TWICE:
                self.jobs.append(job)

    def _kill_follower(self) -> None:
        """A process that follows dies at some moment; its job is done again."""
        if self.jobs:
            job = self.draw.choice(self.jobs)
            ids = {**job.ids, "event": job.event}
            do_and_die(job.node, follow, ids, self.draw.random() * _DEATH_SECONDS)

    def heal(self, *, hurry: bool) -> None:
        """The same; then everything is followed."""
        super().heal(hurry=hurry)
        while self.jobs:
            self._follow()
            self._take()

    def check(self) -> list[str]:
        """The same, and what each room has of each referral."""
        wrong = super().check()
        for node in self.nodes:
            wrong += self._kept(node)
        return wrong

    def _kept(self, node: Node) -> list[str]:
        came = {each for each in self.released if self.queued[each][1] == node.id}
        fresh = Counter(
            facts["package"]
            for event, _, facts in net.audit(node)
            if event == "referral.referral.received" and facts["fresh"]
        )
        with acting(node.engine, WORKER) as db:
            parts = {row.package_id: row.parts for row in db.execute(_REFERRALS)}
            in_cases = Counter(row.package_id for row in db.execute(_IN_CASES))
        return [
            f"{each}: {fresh[each]} times a referral of {parts.get(each)} parts,"
            f" {in_cases[each]} times in a case at {node.id}"
            for each in came | parts.keys() | in_cases.keys() | fresh.keys()
            if (fresh[each], parts.get(each), in_cases[each]) != (1, len(PARTS), 1)
            or each not in came
        ]
