"""Verbs on places of a case that nobody is in any more, since its split was taken back."""

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import seeing
from tipbridge.police.removals import store


@action("removals.places.returned", system=True)
def return_places(work: Work, *, case_id: str, home_id: str) -> int:
    """Bring places home with the people whose split was taken back, each with its whole history.

    Shape: how many. Where somebody stays in the case, its places stay too; so does one that is
    noted at home as well, since both have a history of their own and count as one place.
    """
    left = seeing.people_seen(work, case_id)
    at_home = {each.address for each in store.removals_of(work.db, home_id)}
    going = [
        each
        for each in store.removals_of(work.db, case_id)
        if not left and each.address not in at_home
    ]
    for each in going:
        store.move_to_case(work.db, each.id, home_id)
    if going:
        work.emit("removals.places.noted", case_id=home_id)
    work.record(home_id, other=case_id, returned=len(going))
    return len(going)
