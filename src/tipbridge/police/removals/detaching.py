"""Verbs on the places that a referral named which turned out not to be the case's."""

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases import seeing
from tipbridge.police.cases.detached import keeping
from tipbridge.police.removals import store
from tipbridge.police.removals.mistaken import store as mistaken
from tipbridge.police.removals.mistaken.model import Mistake
from tipbridge.police.removals.model import Removal


@action("removals.places.detached", system=True)
def follow_detached(work: Work, *, case_id: str, referral_id: str) -> int:
    """Bring a detached referral into a case of its own where it has none, and its places; how many.

    Shape: in one work, so that no place is noted there before it comes. Each goes with its whole history into the first case that the referral feeds, so that
    what is asked and looked at there goes on once. Where that case notes the place too, or there
    is none, it is taken back here with the detachment's reason; one that another referral of the
    case names is that one's since. A repeat changes nothing.
    """
    because = keeping.because_of(work, case_id, referral_id)
    if because is not None:
        cases.bring_detached(work, case_id=case_id, referral_id=referral_id)
    fed = [] if because is None else seeing.cases_fed(work, referral_id)
    homes = [each for each in fed if seeing.case_seen(work, each).erased_at is None]
    named = _named(work, case_id)
    noted = {each.address for home in homes[:1] for each in store.removals_of(work.db, home)}
    gone = 0
    for each in store.removals_of(work.db, case_id) if because is not None else ():
        if each.referral_id != referral_id or each.mistake is not None:
            continue
        other = named.get(store.exact_address(work.db, each.id))
        if other is not None:
            store.rename_source(work.db, each.id, *other)
            continue
        gone += 1
        if homes and each.address not in noted:
            store.move_to_case(work.db, each.id, homes[0])
            work.emit("removals.places.noted", case_id=homes[0])
        else:
            _take_back(work, each, because or "")
    work.record(case_id, referral=referral_id, returned=gone)
    return gone


def _named(work: Work, case_id: str) -> dict[str, tuple[str, str]]:
    """The addresses that referrals of a case name: which one, and its label."""
    return {
        address: (taken.referral_id, label)
        for taken in reversed(seeing.referrals_seen(work, case_id))
        for label, address, _ in cases.addresses_referred(work, taken.referral_id)
    }


def _take_back(work: Work, removal: Removal, because: str) -> None:
    mistake = Mistake(at=work.now, by=work.actor.id, because=because)
    mistaken.take_back_place(work.db, removal.id, mistake)
    work.emit(
        "removals.state.mistaken",
        case_id=removal.case_id,
        removal_id=removal.id,
        said_at=removal.noted_at.isoformat(),
    )
