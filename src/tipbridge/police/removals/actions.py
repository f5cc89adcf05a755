"""Verbs on removals: note each place, show it, record what became of it."""

from dataclasses import replace
from datetime import datetime

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.defanging import defang
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.base.moments import recorded_later
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.police.cases import actions as cases
from tipbridge.police.cases.detached import keeping
from tipbridge.police.removals import rounds, rules, store
from tipbridge.police.removals.compared import store as compared
from tipbridge.police.removals.due import store as due
from tipbridge.police.removals.due.model import UpPlace
from tipbridge.police.removals.due.rules import look_from, told_until
from tipbridge.police.removals.items import store as items
from tipbridge.police.removals.lived import store as lived
from tipbridge.police.removals.mistaken.rules import entries, offered_by_mistake
from tipbridge.police.removals.model import (
    GONE,
    Basis,
    Life,
    OfferMade,
    PlaceForm,
    Removal,
    RemovalFile,
    RemovalState,
    RemovalStep,
    StepSource,
)
from tipbridge.police.removals.places import (
    NO_HOST,
    place_of,
    read_address,
    read_country,
    read_host,
)
from tipbridge.police.removals.renaming import renamed
from tipbridge.police.removals.survival import HostRecord, records
from tipbridge.sharing.referral.consent import leaves

WORKING = (Role.INVESTIGATOR,)
PAGE_LINES = 100


@action("removals.addresses.noted", system=True)
def note_addresses(work: Work, *, case_id: str, referral_id: str) -> None:
    """Open a removal for each address that a referral names; a repeat changes nothing.

    Shape: a referral under PAP:RED, PAP:AMBER or TLP:RED, or that is never to be passed on, holds
    its places: nobody is asked about them until they are known by another way too. Two that hold
    the same place hold it by the stricter mark.
    """
    detached = keeping.because_of(work, case_id, referral_id) is not None
    addresses = () if detached else cases.addresses_referred(work, referral_id)
    held_by = leaves.acting_bond(work, referral_id)
    noted = freed = 0
    for label, address, sha256 in addresses:
        place = place_of(address, work.now.date())
        removal = new_removal(work, case_id, address, form=place.form, host=place.host)
        removal = replace(removal, referral_id=referral_id, label=label, held_by=held_by)
        fresh = store.insert_removal(work.db, removal, address)
        noted += fresh or store.note_again(work.db, case_id, address, held_by=held_by)
        if sha256 is not None:
            items.report_item(work.db, case_id, address, sha256)
        if not fresh and held_by is None:
            freed += store.free_place(work.db, case_id, address)
        elif not fresh and held_by is not None:
            store.hold_stricter(work.db, case_id, address, held_by)
    facts = {"noted": noted, "addresses": len(addresses), "held": held_by or "none"}
    work.record(case_id, referral=referral_id, **facts)
    if noted or freed:
        work.emit("removals.places.noted", case_id=case_id)


@action("removals.place.added", roles=WORKING)
def add_place(
    work: Work,
    case_id: str,
    *,
    address: str,
    form: PlaceForm,
    host: str | None = None,
    country: str | None = None,
    basis: Basis = Basis.STAFF,
) -> Removal:
    """Note a place that no referral named; returns the removal that stands for it.

    Shape: `address` may be defanged; `host` is needed for what is no web address. Of a place that
    was taken back the new words hold; of one that stands, those that nobody had said yet.
    Errors: NotFound; Invalid; Conflict for words that differ from those that stand.
    """
    case = cases.case_kept(work, case_id)
    exact = read_address(address)
    named = read_host(host) if host else place_of(exact, work.now.date()).host
    if named == NO_HOST:
        raise Invalid("Name the host or service: this is no web address.")
    removal = replace(
        new_removal(work, case.id, exact, form=form, host=named),
        country=read_country(country),
        basis=basis,
    )
    new = store.insert_removal(work.db, removal, exact)
    known = removal if new else store.removal_at(work.db, case.id, exact)
    found = known if new else renamed(known, removal, said_host=bool(host))
    again = not new and store.note_again(work.db, case.id, exact)
    changed = None
    if found != known:
        store.rename_place(work.db, found)
        names = ("form", "host", "country", "basis")
        changed = "-".join(each for each in names if getattr(found, each) != getattr(known, each))
    found = removal if new else store.removal_at(work.db, case.id, exact)
    work.record(case.id, removal=found.id, new=new, form=form, basis=basis, changed=changed)
    if new or again:
        work.emit("removals.places.noted", case_id=case.id)
    return found


@action("removals.list.read", roles=(*WORKING, Role.EXAMINER))
def list_removals(work: Work, case_id: str) -> list[RemovalFile]:
    """The removals of a case with everything that happened.

    An examiner reads them to classify what is there, and to offer it to a list.
    Errors: NotFound.
    """
    case = cases.case_seen(work, case_id)
    found = [file_of(work, removal) for removal in store.removals_of(work.db, case.id)]
    work.record(case.id, count=len(found))
    return found


@action("removals.up.listed", roles=WORKING)
def list_up(work: Work, *, only_due: bool = False, page: int = 1) -> list[UpPlace]:
    """Places that the actor sees where material is not known to be gone, with what is due there.

    Shape: oldest first, PAGE_LINES at a time; one that was called gone and that a check contradicts stays among them.
    With `only_due`, those about which staff can do something now, the longest due first; there also those that are gone and that somebody has to look at.
    """
    offset = (page - 1) * PAGE_LINES
    found = due.places_up(work.db, work.now, limit=PAGE_LINES, offset=offset, only_due=only_due)
    work.record("all", count=len(found), page=page)
    return found


@action("removals.hosts.measured", roles=WORKING)
def measure_hosts(work: Work) -> tuple[HostRecord, ...]:
    """What each host did with the notices about places that the actor sees, slowest first."""
    found = records(lived.lives(work.db), work.now)
    work.record("all", count=len(found))
    return found


def removal_seen(work: Work, removal_id: str, case_id: str | None = None) -> Removal:
    """One removal; with `case_id`, only one of that very case.

    Errors: NotFound, also for one that is not the actor's.
    """
    removal = store.removal_by_id(work.db, removal_id)
    if removal is None:
        raise NotFound("removal", removal_id)
    if case_id is not None and removal.case_id != cases.case_seen(work, case_id).id:
        raise NotFound("removal", removal_id)
    return removal


def removal_standing(work: Work, removal_id: str, case_id: str | None = None) -> Removal:
    """The same, to do something about it.

    Errors: NotFound; Conflict for one that was noted by mistake.
    """
    removal = removal_seen(work, removal_id, case_id)
    if removal.mistake is not None:
        raise Conflict("This place was noted by mistake; add its address again if it stands.")
    return removal


def check_case(work: Work, case_id: str, removal_id: str) -> None:
    """Refuse what was done to a removal under another case's address; nothing of it is kept.

    Errors: NotFound.
    """
    removal_seen(work, removal_id, case_id)


def change_state(
    work: Work,
    removal: Removal,
    state: RemovalState,
    source: StepSource,
    *,
    cause_id: str | None = None,
    at: datetime | None = None,
) -> None:
    """Write a change of state and when to look again.

    Shape: `cause_id` is the reply, check or comparison that showed it; `at` is since when it is
    so, without it since now.
    Errors: Conflict for a state that cannot follow.
    """
    rules.check_change(removal.state, state)
    since = at or work.now
    step = RemovalStep(
        id=work.ids.new(),
        state=state,
        source=source,
        at=since,
        by=work.actor.id,
        cause_id=cause_id,
        recorded_at=recorded_later(since, work.now),
    )
    again_at = rules.next_check(state, noted_at=removal.noted_at, changed_at=since, now=work.now)
    store.add_step(work.db, removal, step, again_at=again_at)
    if state is RemovalState.REAPPEARED:
        work.emit("removals.places.noted", case_id=removal.case_id)
    elif removal.own_material and state in GONE:
        work.emit("removals.own.gone", case_id=removal.case_id)


def file_of(work: Work, removal: Removal) -> RemovalFile:
    """A removal with everything that happened, for this room's actions."""
    notices = tuple(store.notices_of(work.db, removal.id))
    replies = tuple(store.replies_of(work.db, removal.id))
    steps = tuple(store.steps_of(work.db, removal.id))
    checks = tuple(store.checks_of(work.db, removal.id))
    asked, answered = rounds.round_of(work, removal)
    step, waits_until = rules.next_notice(removal.state, asked, answered)
    comparisons = tuple(compared.comparisons_of(work.db, removal.id))
    return RemovalFile(
        removal=removal,
        steps=steps,
        notices=notices,
        replies=replies,
        checks=checks,
        authorities=tuple(compared.authorities_of(work.db, removal.id)),
        comparisons=comparisons,
        votes=tuple(each.classification for each in items.votes_of(work.db, removal.id)),
        digests=tuple(items.digests_at(work.db, removal)),
        offers=_offers(work, removal, steps),
        entries=entries(removal, steps, checks, replies),
        next_states=rules.next_states(removal.state),
        next_notice=step,
        waits_until=_later(waits_until, work.now),
        told_until=told_until(removal, checks, comparisons),
        look_from=look_from(removal, checks, comparisons, work.now),
    )


def lives_seen(work: Work) -> list[Life]:
    """How long material stayed at each place that the actor sees, for another room's action."""
    return lived.lives(work.db)


def count_waiting(work: Work) -> int:
    """How many places the actor sees that are up and show a child of a case, or are due."""
    return due.count_waiting(work.db, work.now)


def count_up(work: Work, case_id: str) -> int:
    """At how many places material of a case is not known to be gone."""
    return store.count_up_in(work.db, case_id)


def _offers(work: Work, removal: Removal, steps: tuple[RemovalStep, ...]) -> tuple[OfferMade, ...]:
    made = items.offers_of(work.db, removal.id)
    names = hashes.list_names(work) if made else {}
    return tuple(
        OfferMade(
            list_name=names.get(offer.list_id, offer.list_id),
            sha256=offer.sha256,
            at=offer.at,
            by_mistake=offered_by_mistake(offer, steps),
        )
        for offer in made
    )


def check_free(removal: Removal) -> None:
    """Whether others may notice that this place is known.

    Errors: Conflict while the referral that named it forbids that.
    """
    if removal.held_by is not None:
        raise Conflict(
            f"The referral that named this place is marked {removal.held_by}: nothing that others"
            " could notice is done about it. Ask its sender to send it again, marked less.",
            id=removal.id,
        )


def _later(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None


def new_removal(work: Work, case_id: str, address: str, *, form: PlaceForm, host: str) -> Removal:
    """A place of which nothing is known yet, to be looked at at once."""
    return Removal(
        id=work.ids.new(),
        case_id=case_id,
        referral_id=None,
        label="",
        address=defang(address),
        form=form,
        host=host,
        country=None,
        basis=Basis.REFERRAL,
        own_material=False,
        state=RemovalState.UNKNOWN,
        noted_at=work.now,
        changed_at=work.now,
        next_check_at=work.now,
    )
