"""Where a place moved to: the same page goes on being asked about, another one is staff's to judge.

Moved means somewhere: until the new address is noted, the material is nowhere gone.
"""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urljoin

from tipbridge.foundation.base.defanging import defang
from tipbridge.foundation.base.errors import Conflict, Invalid
from tipbridge.foundation.base.moments import done_fact, when_done
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.actions import WORKING, change_state, new_removal, removal_standing
from tipbridge.police.removals.items import store as items
from tipbridge.police.removals.model import GONE, Removal, RemovalState, StepSource
from tipbridge.police.removals.places import NO_HOST, host_of, place_of, read_address, split_web
from tipbridge.police.removals.replies import known_since
from tipbridge.police.removals.tasks import ask_staff


@action("removals.state.recorded", roles=WORKING)
def record_state(
    work: Work,
    removal_id: str,
    state: RemovalState,
    *,
    moved_to: str | None = None,
    done_at: datetime | None = None,
) -> str:
    """Write down what became of a place; returns the case's id.

    Shape: `moved_to` is the new address, with "moved" alone; one that a check saw moved takes it
    later. `done_at` is when it was seen to be so, without it now.
    Errors: NotFound; Invalid without a new address where one is needed, with one where none is, for
    words in the place of a web address, and for a moment that is to come or before what is known;
    Conflict for a state that cannot follow.
    """
    removal = removal_standing(work, removal_id)
    if (state is RemovalState.MOVED) != bool(moved_to):
        raise Invalid("Say with moved, and with no other state, to which address it moved.")
    named_later = state is RemovalState.MOVED and removal.state is RemovalState.MOVED
    if named_later and done_at is not None:
        raise Invalid("Since when it moved is known; say only to which address, without done_at.")
    at = None if named_later else _seen_at(work, removal, state, done_at)
    if at is not None:
        change_state(work, removal, state, StepSource.STAFF, at=at)
    if moved_to:
        _note_moved(work, removal, read_address(moved_to))
    done = done_fact(at or work.now, work.now)
    work.record(removal.case_id, removal=removal.id, state=state, done_at=done)
    return removal.case_id


def _seen_at(
    work: Work, removal: Removal, state: RemovalState, done_at: datetime | None
) -> datetime:
    """When staff saw a state. Errors: Conflict; Invalid before what is known of the place."""
    rules.check_change(removal.state, state)
    since = known_since(work, removal, state)
    return when_done(done_at, now=work.now, since=since, what="what was last known of the place")


def _note_moved(work: Work, removal: Removal, target: str) -> None:
    """Note the address that staff saw a place moved to."""
    exact = store.exact_address(work.db, removal.id)
    if target == exact:
        raise Invalid("A place moves to another address than its own.")
    if _is_web(exact) and not _is_web(target):
        raise Invalid(
            "A web address moves to a web address, such as https://host.example/1; of what is"
            " nowhere any more say removed."
        )
    work.emit("removals.places.noted", case_id=removal.case_id)
    if _noted(work, removal, target):
        return
    known = store.removal_at(work.db, removal.case_id, target)
    if known.state in GONE:
        raise Conflict(
            f"That address is called {known.state} in this case: say first what is so, or of this"
            " place removed."
        )
    store.link_moved(work.db, removal.id, known.id)


def follow(work: Work, removal: Removal, location: str | None) -> None:
    """Note the new address of a page that moved; a task for staff where it is another page.

    Shape: what was asked of the same host counts there too, so asking goes on and not anew; a
    place that the case had noted before has notices of its own.
    A host's answer alone never has another page or host told that it shows material (ADR 0071).
    """
    exact = store.exact_address(work.db, removal.id)
    target = _target(exact, location)
    if target is None or not same_page(exact, target):
        _put_before_staff(work, removal, target)
        return
    work.emit("removals.places.noted", case_id=removal.case_id)
    if _noted(work, removal, target):
        return
    known = store.removal_at(work.db, removal.case_id, target)
    if known.state in GONE:  # places that send to each other serve nobody, or hide something
        _put_before_staff(work, removal, target)
    else:
        store.link_moved(work.db, removal.id, known.id)


def _noted(work: Work, removal: Removal, target: str) -> bool:
    """Note where a place moved to; false where the case knows that address already."""
    place = place_of(target, work.now.date())
    form, host = (removal.form, removal.host) if place.host == NO_HOST else (place.form, place.host)
    moved = replace(
        new_removal(work, removal.case_id, target, form=form, host=host),
        referral_id=removal.referral_id,
        held_by=removal.held_by,
        label=removal.label,
        basis=removal.basis,
        own_material=removal.own_material,
        moved_from=removal.id,
    )
    if not store.insert_removal(work.db, moved, target):
        store.note_again(work.db, removal.case_id, target, held_by=removal.held_by)
        return False
    items.carry_item(work.db, removal.id, moved.id)
    return True


def _target(exact: str, location: str | None) -> str | None:
    try:
        target = read_address(urljoin(exact, location or ""))
    except (Invalid, ValueError):
        return None
    return target if _is_web(target) and target != exact else None


def _is_web(address: str) -> bool:
    parts = split_web(address)
    return parts is not None and host_of(parts) is not None


def same_page(one: str, other: str) -> bool:
    """Whether two web addresses differ by scheme or by the slash at the end of the path alone."""
    told: list[tuple[str | None, str, str]] = []
    for address in (one, other):
        parts = split_web(address)
        if parts is None:
            return False
        told.append((host_of(parts), parts.path.rstrip("/"), parts.query))
    return told[0] == told[1]


def _put_before_staff(work: Work, removal: Removal, target: str | None) -> None:
    title = removal.address if target is None else f"{removal.address} → {defang(target)}"
    ask_staff(work, removal.case_id, TaskKind.PLACE_MOVED, title)
