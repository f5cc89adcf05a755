"""What this process remembers of each provider's questions: its allowance and its last ones."""

import functools
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.clock import monotonic_seconds
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.node import Node
from tipbridge.foundation.work import Work, action, open_work
from tipbridge.knowledge.hashes.beside import store
from tipbridge.knowledge.hashes.errors import TooManyLookups
from tipbridge.knowledge.hashes.lookups import Alarm, Query, Told
from tipbridge.knowledge.hashes.model import DigestKind
from tipbridge.knowledge.hashes.probing import (
    REFUSALS,
    Allowance,
    ProbingRule,
    Trail,
    is_news,
    is_pressing,
    seconds_until,
    spend,
)

_SEERS = (Role.PROVIDER_MANAGER, Role.ANALYST)
READERS = (*_SEERS, Role.AUDITOR)


class _Provider:
    """One provider's allowance, trail of picture hashes, refusals and alarms."""

    def __init__(self, allowance: Allowance) -> None:
        self.allowance = allowance
        self.trail = Trail()
        self.refused_at: deque[datetime] = deque(maxlen=REFUSALS)
        self.alarmed_at: dict[ProbingRule, datetime] = {}
        self.lookups = 0


class Guard:
    """Holds providers to their rate and raises alarms; one for each node and process."""

    def __init__(self, node: Node) -> None:
        self._node, self._lock = node, threading.Lock()
        self._providers: dict[str, _Provider] = {}

    def admit(self, provider_id: str, lookups: int, now: datetime) -> None:
        """Take look-ups off a provider's allowance. Errors: TooManyLookups, and when to come again."""
        per_minute = self._node.settings.match_items_per_minute
        moment = monotonic_seconds()
        with self._lock:
            found = self._of(provider_id, moment)
            left = spend(found.allowance, lookups, moment, per_minute=per_minute)
            if left is not None:
                found.allowance = left
                found.lookups += lookups
                return
            found.refused_at.append(now)
            pressing = is_pressing(found.refused_at, now)
            wait = seconds_until(found.allowance, lookups, moment, per_minute=per_minute)
        if pressing:
            self._alarm(provider_id, ProbingRule.RATE, now)
        raise TooManyLookups(per_minute, wait, id=provider_id)

    def watch(
        self, provider_id: str, queries: Sequence[Query], answers: Sequence[Told], now: datetime
    ) -> Callable[[], None] | None:
        """Remember picture hashes that were asked about, and look whether they try something out.

        Shape: gives back what raises the alarm, when there is one to raise.
        """
        with self._lock:
            trail = self._of(provider_id, monotonic_seconds()).trail
        at, alarm = now.timestamp(), False
        for hit in (True, False):  # which misses are near a listed picture only hits can tell
            for query, answer in zip(queries, answers, strict=True):
                hash_ = query.digests.get(DigestKind.PDQ)
                if hash_ is not None and answer.hit is hit and not answer.too_blank:
                    alarm = trail.note(hash_, hit=hit, at=at) or alarm
        if not alarm or not self._is_news(provider_id, ProbingRule.VARIANTS, now):
            return None
        return functools.partial(self._alarm, provider_id, ProbingRule.VARIANTS, now)

    def _of(self, provider_id: str, moment: float) -> _Provider:
        found = self._providers.get(provider_id)
        if found is None:
            full = Allowance(float(self._node.settings.match_items_per_minute), moment)
            found = self._providers[provider_id] = _Provider(full)
        return found

    def _is_news(self, provider_id: str, rule: ProbingRule, now: datetime) -> bool:
        with self._lock:
            return is_news(self._providers[provider_id].alarmed_at.get(rule), now)

    def _alarm(self, provider_id: str, rule: ProbingRule, now: datetime) -> None:
        with self._lock:
            found = self._providers[provider_id]
            if not is_news(found.alarmed_at.get(rule), now):
                return
            found.alarmed_at[rule] = now
            lookups = found.lookups
        with open_work(self._node, WORKER) as work:
            note_probing(work, provider_id=provider_id, rule=rule, lookups=lookups)


@action("hashes.probing.noticed", system=True)
def note_probing(work: Work, *, provider_id: str, rule: ProbingRule, lookups: int) -> str:
    """Keep an alarm for people to look at."""
    alarm_id = work.ids.new()
    store.add_alarm(
        work.db, alarm_id, provider_id=provider_id, rule=rule, at=work.now, lookups=lookups
    )
    work.record(provider_id, rule=rule, lookups=lookups)
    return alarm_id


def count_unseen(work: Work) -> int:
    """How many alarms nobody has looked at, for the start page."""
    return store.alarms_unseen(work.db)


@action("hashes.alarms.read", roles=READERS)
def list_alarms(work: Work) -> list[Alarm]:
    """Alarms about providers' questions, the newest first; 200 at most."""
    found = store.alarms(work.db)
    work.record("all", count=len(found))
    return found


@action("hashes.alarm.seen", roles=_SEERS)
def see_alarm(work: Work, *, alarm: str) -> None:
    """Note who looked at an alarm. Errors: NotFound, also when somebody did already."""
    if not store.note_seen(work.db, alarm, at=work.now, by=work.actor.name):
        raise NotFound("alarm that waits", alarm)
    work.record(alarm)


_guards: dict[Engine, Guard] = {}
_making = threading.Lock()


def guard_of(node: Node) -> Guard:
    """The guard of a node in this process."""
    with _making:
        return _guards.setdefault(node.engine, Guard(node))
