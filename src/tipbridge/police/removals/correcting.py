"""The verb that corrects what a place is: what was said of it stays, and the right host is asked."""

from dataclasses import replace

from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.removals import rules, store
from tipbridge.police.removals.actions import WORKING, removal_seen, removal_standing
from tipbridge.police.removals.model import FormerWords, NoticeState, PlaceForm, Removal
from tipbridge.police.removals.places import read_country, read_host
from tipbridge.police.removals.renaming import corrected

CORRECTED = "host-corrected"
"""Why a notice to a host that was corrected goes nowhere."""


@action("removals.place.corrected", roles=WORKING)
def correct_place(
    work: Work,
    removal_id: str,
    *,
    because: str,
    form: PlaceForm | None = None,
    host: str | None = None,
    country: str | None = None,
) -> Removal:
    """Say that a place is of another kind, at another host or in another country, and why.

    Shape: what is left out stays, an empty `country` is not known; the former words stay with the
    reason. After another host asking begins anew: what the wrong one was asked counts no more,
    and what waits to go there goes nowhere.
    Errors: NotFound; Invalid for a host or country that is none, or without a reason; Conflict
    for a place noted by mistake, or where nothing differs.
    """
    known = removal_standing(work, removal_id)
    named = read_host(host) if host and host.strip() else None
    told = None if country is None else read_country(country) or ""
    right = corrected(known, form=form, host=named, country=told)
    former = FormerWords(
        form=known.form,
        host=known.host,
        country=known.country,
        corrected_at=work.now,
        corrected_by=work.actor.id,
        because=checks.text("because", because),
    )
    store.rename_place(work.db, replace(right, former_words=(*known.former_words, former)))
    names = ("form", "host", "country")
    changed = "-".join(each for each in names if getattr(right, each) != getattr(known, each))
    if right.host != known.host:
        _ask_the_right_one(work, right)
    work.record(known.case_id, removal=known.id, changed=changed)
    return removal_seen(work, known.id)


def _ask_the_right_one(work: Work, removal: Removal) -> None:
    """Stop what waits to go to a host that was corrected; a child's place is asked about anew.

    Shape: what a node carries already arrives there, and counts for nobody.
    """
    for notice in store.notices_of(work.db, removal.id):
        waits = notice.state in {NoticeState.DRAFT, NoticeState.QUEUED}
        if waits and notice.package_id is None and not rules.asked_of(notice, removal.host):
            store.settle_notice(
                work.db,
                notice.id,
                NoticeState.FAILED,
                sent_at=None,
                tries=notice.tries,
                problem=CORRECTED,
                due_at=None,
            )
    work.emit(
        "removals.state.mistaken",
        case_id=removal.case_id,
        removal_id=removal.id,
        said_at=removal.noted_at.isoformat(),
    )
