"""Verbs on removals: note each address, record what became of it."""

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import actions as cases
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.model import Removal, RemovalState, RemovalStep

_WORKING = (Role.INVESTIGATOR,)


@action("removals.addresses.noted", system=True)
def note_addresses(work: Work, *, case_id: str, referral_id: str) -> None:
    """Open a removal for each address that a referral names; a repeat changes nothing."""
    addresses = cases.addresses_referred(work, referral_id)
    noted = 0
    for label, address in addresses:
        removal = Removal(
            id=work.ids.new(),
            case_id=case_id,
            referral_id=referral_id,
            label=label,
            address=address,
            state=RemovalState.KNOWN,
            noted_at=work.now,
            changed_at=work.now,
        )
        noted += store.insert_removal(work.db, removal)
    work.record(case_id, referral=referral_id, noted=noted, addresses=len(addresses))


@action("removals.list.read", roles=_WORKING)
def list_removals(work: Work, case_id: str) -> list[Removal]:
    """The removals of a case.

    Errors: NotFound.
    """
    case = cases.case_seen(work, case_id)
    found = store.removals_of(work.db, case.id)
    work.record(case.id, count=len(found))
    return found


@action("removals.state.recorded", roles=_WORKING)
def record_state(work: Work, removal_id: str, state: RemovalState) -> str:
    """Write down what became of an address; returns the case's id.

    Errors: NotFound; Conflict for a state that cannot follow.
    """
    removal = store.removal_by_id(work.db, removal_id)
    if removal is None:
        raise NotFound("removal", removal_id)
    rules.check_change(removal.state, state)
    step = RemovalStep(state=state, at=work.now, by=work.actor.id)
    store.add_step(work.db, work.ids.new(), removal, step)
    work.record(removal.case_id, removal=removal.id, state=state)
    return removal.case_id
