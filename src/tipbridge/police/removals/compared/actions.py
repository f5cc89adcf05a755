"""Verbs on comparing what a place answers with the known file, under a legal authority only."""

from datetime import date

import httpx2

from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.box.model import Done, Failed, Outcome
from tipbridge.foundation.box.pool import open_box
from tipbridge.foundation.work import Work, action
from tipbridge.police.cases import checks
from tipbridge.police.cases.seeing import case_seen, day_there, today_of
from tipbridge.police.removals import rules
from tipbridge.police.removals.actions import WORKING, change_state, removal_seen, removal_standing
from tipbridge.police.removals.asking import PinnedPlace, asker_of
from tipbridge.police.removals.checking import place_to_ask
from tipbridge.police.removals.compared import store
from tipbridge.police.removals.compared.digesting import DIGEST, LIMITS
from tipbridge.police.removals.items import store as items
from tipbridge.police.removals.model import (
    Authority,
    AuthorityEnd,
    CheckOutcome,
    Comparison,
    ComparisonOutcome,
    Removal,
    StepSource,
)

_WORDS_MAX = 500


@action("removals.authority.recorded", roles=WORKING)
def record_authority(work: Work, removal_id: str, *, words: str, until: date) -> Authority:
    """Write down the legal authority under which a file may be fetched and compared.

    Errors: NotFound; Invalid without words, or for a day that is over.
    """
    removal = removal_standing(work, removal_id)
    text = words.strip()
    if not 0 < len(text) <= _WORDS_MAX:
        raise Invalid(
            f"authority has 1 to {_WORDS_MAX} characters: who ordered it, and its number."
        )
    today = _today(work, removal)
    if until < today:
        raise Invalid(f"until is a day from {today} on.")
    authority = Authority(
        id=work.ids.new(),
        removal_id=removal.id,
        words=text,
        until=until,
        recorded_at=work.now,
        recorded_by=work.actor.id,
    )
    store.insert_authority(work.db, authority, removal.case_id)
    work.record(removal.case_id, removal=removal.id, authority=authority.id, until=str(until))
    return authority


@action("removals.authority.ended", roles=WORKING)
def end_authority(
    work: Work, removal_id: str, authority_id: str, *, ended_on: date, because: str
) -> AuthorityEnd:
    """Say that a legal authority holds no more from a day on, and why; what was found stays.

    Shape: `ended_on` is the first day on which nothing is fetched under it.
    Errors: NotFound, also for another place's; Conflict for one that ended; Invalid without a
    reason, or for a day before it was recorded or after its last.
    """
    removal = removal_seen(work, removal_id)
    every = {each.id: each for each in store.authorities_of(work.db, removal.id)}
    if (authority := every.get(authority_id)) is None:
        raise NotFound("authority of this place", authority_id)
    if authority.ended is not None:
        raise Conflict(f"This authority ended on {authority.ended.on}.", id=authority.id)
    jurisdiction = case_seen(work, removal.case_id).jurisdiction
    first = day_there(jurisdiction, authority.recorded_at)
    if not first <= ended_on <= authority.until:
        raise Invalid(f"ended_on is a day from {first} to {authority.until}.")
    reason = checks.text("because", because)
    end = AuthorityEnd(on=ended_on, at=work.now, by=work.actor.id, because=reason)
    store.end_authority(work.db, authority.id, end)
    work.record(removal.case_id, removal=removal.id, authority=authority.id, ended_on=str(ended_on))
    return end


@action("removals.digest.compared", roles=WORKING)
def compare_digest(work: Work, removal_id: str, *, case_id: str | None = None) -> Comparison:
    """Fetch what a place answers into the box, and say whether it is the known file.

    Shape: the bytes go from the connection into the box and are kept nowhere; with `case_id`,
    only from a place of that very case, and no host is asked otherwise.
    Errors: NotFound; Conflict without a legal authority that holds today, or without a digest.
    """
    removal = removal_standing(work, removal_id, case_id)
    authority = rules.authority_on(store.authorities_of(work.db, removal.id), _today(work, removal))
    known = items.digests_at(work.db, removal)
    if not known:
        raise Conflict(
            "No digest of the file at this place is known: no referral told it, and staff named none."
        )
    outcome, status, size_bytes = _compared(work, removal, known)
    comparison = Comparison(
        id=work.ids.new(),
        removal_id=removal.id,
        authority_id=authority.id,
        at=work.now,
        by=work.actor.id,
        outcome=outcome,
        status=status,
        size_bytes=size_bytes,
    )
    store.insert_comparison(work.db, comparison, removal.case_id)
    state = rules.state_after_comparison(removal.state, outcome)
    if state is not None:
        change_state(work, removal, state, StepSource.COMPARISON, cause_id=comparison.id)
    work.record(
        removal.case_id,
        removal=removal.id,
        authority=authority.id,
        outcome=outcome,
        status=status,
    )
    return comparison


def _today(work: Work, removal: Removal) -> date:
    """The day it is where the law applies under which the authority was given."""
    return today_of(work, case_seen(work, removal.case_id).jurisdiction)


def _compared(
    work: Work, removal: Removal, known: list[str]
) -> tuple[ComparisonOutcome, int | None, int | None]:
    place = place_to_ask(work, removal, asker_of(work.node))
    if isinstance(place, CheckOutcome):
        return rules.compared_without(place), None, None
    try:
        status, outcome = _fetched(work, place)
    except (httpx2.HTTPError, OSError):
        return ComparisonOutcome.SILENT, None, None
    match outcome:
        case None:
            return rules.compared_without(rules.outcome_of_status(status)), status, None
        case Failed():
            return ComparisonOutcome.UNCLEAR, status, None
        case Done(value={"sha256": str(sha256), "size_bytes": int(size_bytes)}):
            same = sha256 in known
            found = ComparisonOutcome.SAME if same else ComparisonOutcome.OTHER
            return found, status, size_bytes
        case Done():
            return ComparisonOutcome.UNCLEAR, status, None


def _fetched(work: Work, place: PinnedPlace) -> tuple[int, Outcome | None]:
    """The status, and what the box made of the body; None for a status that brings no file.

    Errors: httpx2's own, and OSError.
    """
    settings = work.node.settings
    with (
        open_box(settings.plan_box(tasks=(DIGEST,))) as box,
        asker_of(work.node).fetch(place) as answer,
    ):
        if answer.chunks is None:
            return answer.status, None
        return answer.status, box.run(DIGEST, answer.chunks, limits=LIMITS)
