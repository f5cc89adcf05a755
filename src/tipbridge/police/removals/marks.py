"""Which places no longer show a child of the case: who was one is struck out, or was none."""

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import seeing
from tipbridge.police.cases.joining import actions as joining
from tipbridge.police.removals import store
from tipbridge.police.removals.own import SHOWN, own_places
from tipbridge.police.welfare import actions as welfare


@action("removals.own_marks.reconsidered", system=True)
def reconsider_marks(work: Work, *, case_id: str) -> int:
    """Say of each place that shows no child of a case any more that it does not; how many.

    Shape: one that shows another child, of this case or of one that is connected, keeps its mark;
    so does one of a child whose record is closed. What was asked of a host goes on: it is a place
    of material whoever it shows.
    """
    cleared = 0
    for each in joining.cases_connected(work, case_id):
        marked = [one.id for one in store.removals_of(work.db, each) if one.own_material]
        shown = _shown(work, each) if marked else set[str]()
        for removal_id in marked:
            if removal_id not in shown:
                store.unmark_own(work.db, removal_id)
                cleared += 1
    work.record(case_id, cleared=cleared)
    return cleared


def _shown(work: Work, case_id: str) -> set[str]:
    """The places that show a child of a case or of one that is connected, in any case."""
    found = set[str]()
    for each in joining.cases_connected(work, case_id):
        records = welfare.records_seen(work, each)
        for person in seeing.people_seen(work, each):
            record = records.get(person.id)
            if record is not None and SHOWN & set(record.reasons):
                places = own_places(work, person, mistaken=True)
                found |= {one.id for place in places for one in place.noted}
    return found
