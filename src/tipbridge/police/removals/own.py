"""The places that show a child, in whichever case they are noted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tipbridge.foundation.work import Work
from tipbridge.police.cases import seeing
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.cases.model import Person
from tipbridge.police.removals import store
from tipbridge.police.removals.model import GONE, Removal, RemovalState
from tipbridge.police.welfare.model import Reason

SHOWN = frozenset({Reason.VICTIM, Reason.SELF_PRODUCTION})
"""Why a child has a record whom places of the case show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """One place that shows a child, as each case noted it; those of the child's own case first."""

    noted: tuple[Removal, ...]

    @property
    def state(self) -> RemovalState:
        """What is known of it, whichever case came to know it last."""
        known = [each for each in self.noted if each.state is not RemovalState.UNKNOWN]
        last = max(known, key=lambda each: each.changed_at, default=None)
        return RemovalState.UNKNOWN if last is None else last.state

    @property
    def is_gone(self) -> bool:
        """Whether nobody has to be asked: gone from here, and noted where it moved to."""
        nowhere = all(each.moved_nowhere for each in self.noted if each.state is self.state)
        return self.state in GONE and not (self.state is RemovalState.MOVED and nowhere)

    @property
    def gone_at(self) -> datetime | None:
        """Since when nobody has to be asked; None where somebody has."""
        if not self.is_gone:
            return None
        return max(each.changed_at for each in self.noted if each.state is self.state)

    @property
    def to_ask_about(self) -> Removal | None:
        """The removal under which a host is asked; None where the material is gone.

        Shape: one that no mark holds, if a case knows the place by another way.
        """
        if self.state in GONE:
            return None
        up = [each for each in self.noted if each.state not in GONE]
        return min(up, key=lambda each: each.held_by is not None)


def own_places(work: Work, person: Person, *, mistaken: bool = False) -> list[OwnPlace]:
    """The places that show a child.

    Shape: named by a referral about the child, in whichever case; or noted by staff, in the
    child's case or in one where the child was when that was done; or where such a place moved
    to. A place noted in several cases is one: nobody is asked twice because of a split, a merge
    or a referral fed twice. Those that were noted by mistake are left out, unless `mistaken`.
    """
    about = seeing.referrals_about(work, person)
    found = [
        each
        for each in store.removals_of(work.db, person.case_id)
        if each.referral_id is None or each.referral_id in about
    ]
    fed = {case_id for referral in about for case_id in seeing.cases_fed(work, referral)}
    left = joining.cases_left(work, person)
    for case_id in sorted((fed | left.keys()) - {person.case_id}):
        for each in store.removals_of(work.db, case_id):
            there = case_id in left and each.noted_at <= left[case_id]
            if each.referral_id in about or (each.referral_id is None and there):
                found.append(each)
    by_address: dict[str, list[Removal]] = {}
    for each in (*found, *_moved_to(work, found)):
        if each.mistake is not None and not mistaken:
            continue
        by_address.setdefault(each.address, []).append(each)
    return [OwnPlace(noted=tuple(noted)) for noted in by_address.values()]


def _moved_to(work: Work, found: Iterable[Removal]) -> list[Removal]:
    """The places noted before to which these moved, and on from there."""
    waiting, more = list(found), list[Removal]()
    known = {each.id for each in waiting}
    while waiting:
        left = waiting.pop()
        if left.state is RemovalState.MOVED and left.moved_to not in {None, *known}:
            reached = store.removal_by_id(work.db, left.moved_to or "")
            if reached is not None:
                known.add(reached.id)
                more.append(reached)
                waiting.append(reached)
    return more
