"""Where a place moved to: the same page goes on being asked about, another one is staff's to judge."""

from dataclasses import replace
from urllib.parse import urljoin

from tipbridge.foundation.base.defanging import defang
from tipbridge.foundation.base.errors import Invalid
from tipbridge.foundation.work import Work
from tipbridge.police.cases.model import TaskKind
from tipbridge.police.removals import store
from tipbridge.police.removals.actions import new_removal
from tipbridge.police.removals.model import GONE, Removal
from tipbridge.police.removals.places import host_of, place_of, read_address, split_web
from tipbridge.police.removals.tasks import ask_staff


def follow(work: Work, removal: Removal, location: str | None) -> None:
    """Note the new address of a page that moved; a task for staff where it is another page.

    Shape: what was asked of the same host counts there too, so asking goes on and not anew.
    A host's answer alone never has another page or host told that it shows material (ADR 0071).
    """
    exact = store.exact_address(work.db, removal.id)
    target = _target(exact, location)
    if target is None or not same_page(exact, target):
        _put_before_staff(work, removal, target)
        return
    place = place_of(target, work.now.date())
    moved = replace(
        new_removal(work, removal.case_id, target, form=place.form, host=place.host),
        referral_id=removal.referral_id,
        held_by=removal.held_by,
        label=removal.label,
        basis=removal.basis,
        own_material=removal.own_material,
        moved_from=removal.id,
    )
    if store.insert_removal(work.db, moved, target):
        work.emit("removals.places.noted", case_id=removal.case_id)
    elif store.removal_at(work.db, removal.case_id, target).state in GONE:
        # Places that send to each other serve nobody, or hide something.
        _put_before_staff(work, removal, target)


def _target(exact: str, location: str | None) -> str | None:
    try:
        target = read_address(urljoin(exact, location or ""))
    except (Invalid, ValueError):
        return None
    parts = split_web(target)
    is_web = parts is not None and host_of(parts) is not None
    return target if is_web and target != exact else None


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
