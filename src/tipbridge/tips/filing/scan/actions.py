"""The verbs of match-then-file: a hit becomes a draft for a person, and never more by itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.clock import machine_now
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.hashes.files import actions as files
from tipbridge.knowledge.hashes.files.actions import NearHit
from tipbridge.knowledge.hashes.model import Hit
from tipbridge.knowledge.hashes.rules import told_to_providers
from tipbridge.tips.filing.actions import FILERS, keep_filing, keep_parcel, stated_grounds
from tipbridge.tips.filing.facts import report_from
from tipbridge.tips.filing.model import FilingState, Origin, Reason
from tipbridge.tips.filing.parcels import drafted
from tipbridge.tips.filing.scan import rules, store
from tipbridge.tips.filing.scan.errors import NotAScanner
from tipbridge.tips.filing.scan.model import (
    Found,
    OnList,
    Overview,
    Recent,
    Scanned,
    Scanner,
    Sign,
)
from tipbridge.tips.filing.scan.offers import Offer

WATCHERS = (Role.ANALYST, Role.ADMINISTRATOR, Role.AUDITOR)
MOST_OFFERS = 10_000
LINES = 100
KEPT_FOR = timedelta(days=30)
USUAL_TYPE = "Child Pornography (possession, manufacture, and distribution)"
"""What a draft begins with where nothing was said: the protocol's word for known files."""
_MINUTE, _HOUR = timedelta(seconds=rules.MINUTE_SECONDS), timedelta(hours=1)


@action("filing.scan.made", roles=FILERS, system=True)
def scan(work: Work, offers: Sequence[Offer], *, scanner: Scanner | None = None) -> Scanned:
    """Match files and digests against the node's lists; each hit becomes a draft.

    Shape: in the order of the offers; `scanner` is the service that asks, None for staff. Beyond
    its rate nothing is looked up, and the answer says how long to wait.
    Errors: Invalid for too many at once; NotAScanner when the token ended meanwhile.
    """
    if not 1 <= len(offers) <= MOST_OFFERS:
        raise Invalid(f"A scan is of 1 to {MOST_OFFERS} files or digests, not {len(offers)}.")
    if scanner is not None and not _within_rate(work, scanner, len(offers)):
        work.record(scanner.id, asked=len(offers), refused=True)
        return Scanned(wait_seconds=rules.MINUTE_SECONDS)
    known = hashes.known(work, {digest for offer in offers for digest in offer.looked_up})
    alike = files.known_near(work, [offer.hashed for offer in offers])
    near = alike.near
    lists = [_on_lists(*pair, known) for pair in zip(offers, near, strict=True)]
    asker = scanner.id if scanner else ""
    drafts = [_drafted(work, *of, asker) for of in zip(offers, lists, near, strict=True)]
    of_hits = [of for of in zip(offers, lists, near, strict=True) if of[1]]
    told = _may_be_told(work, lists) if scanner else {one for on in lists for one in on}
    bare = sum(1 for offer, _, _ in of_hits if offer.source is None)
    scan_id = work.ids.new()
    store.insert_scan(
        work.db,
        scan_id,
        scanner_id=scanner.id if scanner else None,
        at=machine_now(),
        asked=len(offers),
        hits=[_known_as(offer, near) for offer, _, near in of_hits],
        bare_hits=bare,
    )
    if scanner is not None:
        for sign in rules.signs_of_probing(_recent(work, scanner)):
            notice_probing(work, scanner, sign)
    asked = zip(offers, lists, drafts, strict=True)
    unsearched = alike.not_searched if any(offer.hashed for offer in offers) else ()
    work.record(
        scan_id,
        asked=len(offers),
        hits=len(of_hits),
        bare=bare,
        not_searched=len(unsearched),
    )
    return Scanned(
        found=tuple(_found(offer, on, draft, told) for offer, on, draft in asked),
        not_searched=tuple(each.name for each in unsearched),
        told_unsearched=sum(told_to_providers(each.purpose, each.handling) for each in unsearched),
    )


def _within_rate(work: Work, scanner: Scanner, asking: int) -> bool:
    if not store.note_use(work.db, scanner.id, machine_now()):
        raise NotAScanner("The token does not hold.")
    limit = work.node.settings.scan_per_minute
    if not rules.refused_for_rate(_recent(work, scanner), asking, limit):
        return True
    notice_probing(work, scanner, Sign.TOO_MANY)
    return False


def _recent(work: Work, scanner: Scanner) -> Recent:
    now = machine_now()
    return store.recent_of(work.db, scanner.id, minute=now - _MINUTE, hour=now - _HOUR)


@action("filing.probing.noticed", system=True, idle=True)
def notice_probing(work: Work, scanner: Scanner, sign: Sign) -> bool:
    """Raise an alarm for staff; False while one of this sign is still to be looked at."""
    alarm_id = work.ids.new()
    if not store.insert_alarm(work.db, alarm_id, scanner.id, sign, machine_now()):
        return False
    work.record(alarm_id, scanner=scanner.id, sign=sign.value)
    return True


def _on_lists(
    offer: Offer, near: Sequence[NearHit], known: dict[str, tuple[Hit, ...]]
) -> tuple[OnList, ...]:
    hits = [hit for digest in offer.looked_up for hit in known.get(digest, ())]
    hits += [each.hit for each in near]
    found = {OnList(list=hit.list_name, purpose=hit.purpose, mark=hit.mark) for hit in hits}
    return tuple(sorted(found, key=lambda one: (one.list, one.mark or "")))


def _known_as(offer: Offer, near: Sequence[NearHit]) -> str:
    """What was hit: of variants of one picture, the entry that they are all near to."""
    return min(each.entry for each in near) if near else min(offer.digests)


def _may_be_told(work: Work, lists: Sequence[tuple[OnList, ...]]) -> set[OnList]:
    """What a service may learn: of other lists staff alone learn, from the draft."""
    found = {one for on in lists for one in on}
    handling = {name: hashes.find_list(work, name).handling for name in {one.list for one in found}}
    return {one for one in found if told_to_providers(one.purpose, handling[one.list])}


def _found(
    offer: Offer, on: tuple[OnList, ...], draft: tuple[str, bool] | None, told: set[OnList]
) -> Found:
    lists = tuple(one for one in on if one in told)
    if draft is None or not lists:
        return Found(name=offer.name, kept=draft is not None and not draft[1])
    return Found(
        name=offer.name,
        lists=lists,
        draft=draft[0],
        drafted_before=draft[1],
        kept=not draft[1],
    )


def _drafted(
    work: Work, offer: Offer, on: tuple[OnList, ...], near: Sequence[NearHit], asker: str
) -> tuple[str, bool] | None:
    """The draft for a hit, and whether it was there before; None for no hit."""
    if not on:
        return None
    key = offer.key(asker)
    before = store.draft_of(work.db, key)
    if before is not None:
        return before, True
    store.forget_decided(work.db, key)
    draft = _draft(work, offer, on, near)
    if not store.insert_draft(work.db, key, draft):
        raise Conflict("The same is being drafted just now; ask again.")
    return draft, False


def _draft(work: Work, offer: Offer, lists: tuple[OnList, ...], near: Sequence[NearHit]) -> str:
    said = offer.facts
    facts = said if said.incident_type else replace(said, incident_type=USUAL_TYPE)
    parcel = drafted(report_from(facts), offer.enclosed)
    standing = keep_parcel(
        work, parcel, url="", sandbox=False, state=FilingState.DRAFT, received=offer.received
    )
    asked = {} if offer.source is not None else {"asked": offer.digests[0]}
    nearest = {(each.hit.list_name, each.hit.mark): each for each in near}
    hits = [
        {
            "list": one.list,
            "purpose": one.purpose.value,
            "class": one.mark or "",
            **asked,
            **_how_near(nearest.get((one.list, one.mark))),
        }
        for one in lists
    ]
    keep_filing(work, standing, parcel, reason=Reason.MATCHED, origin=Origin.SCAN, hits=hits)
    return standing.id


def _how_near(near: NearHit | None) -> dict[str, str]:
    """For staff: by which hash, and how many bits differ."""
    return {} if near is None else {"by": near.by, "near_bits": str(near.distance_bits)}


@action("filing.alarm.settled", roles=(Role.ANALYST, Role.ADMINISTRATOR))
def settle_alarm(work: Work, alarm_id: str, *, grounds: str) -> None:
    """A person says what was behind an alarm.

    Errors: NotFound when there is none to look at; Invalid without grounds.
    """
    stated = stated_grounds(grounds)
    settled = store.settle_alarm(
        work.db, alarm_id, at=machine_now(), by=work.actor.id, grounds=stated
    )
    if not settled:
        raise NotFound("alarm to look at", alarm_id)
    work.record(alarm_id)


@action("filing.scans.read", roles=WATCHERS)
def read_scans(work: Work) -> Overview:
    """Who may scan, what was scanned lately, and what looks like probing."""
    found = Overview(
        scanners=store.scanner_lines(work.db, machine_now() - KEPT_FOR),
        scans=store.newest_scans(work.db, LINES),
        alarms=store.newest_alarms(work.db, LINES),
    )
    work.record("all", scanners=len(found.scanners), alarms=len(found.alarms))
    return found


def count_alarms(work: Work) -> int:
    """How many alarms wait for a person."""
    return store.count_alarms(work.db)


@action("filing.scans.forgotten", system=True, idle=True)
def forget_scans(work: Work) -> int:
    """Drop what was asked longer ago than it is kept for; returns how many scans."""
    gone = store.forget_scans(work.db, machine_now() - KEPT_FOR)
    if gone:
        work.record("all", count=gone)
    return gone
