"""Verbs on feeds: pull what changed into the version that waits, vote, push votes."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound, Unavailable
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import store as lists
from tipbridge.knowledge.hashes.actions import find_list, person, prepare
from tipbridge.knowledge.hashes.beside import store
from tipbridge.knowledge.hashes.beside.store import Cursor, Unpushed
from tipbridge.knowledge.hashes.feeds.client import TYPES, FeedClient
from tipbridge.knowledge.hashes.feeds.documents import Asked
from tipbridge.knowledge.hashes.feeds.others import PAGES
from tipbridge.knowledge.hashes.feeds.targets import Feed, FeedKind, feed_of
from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Found,
    HashList,
    ImportCounts,
    Mode,
    Passed,
    Reject,
    Standing,
)
from tipbridge.knowledge.hashes.rules import read_digest, standing_of

_KEEPERS = (Role.ANALYST, Role.EXAMINER)
MOST_PUSHED = 1_000
PAGE_HOLDS = timedelta(hours=12)
"""How long a feed's name for its next page is relied on. Source: protocol notes, sections 7 and 8.2."""
REMEMBERED = timedelta(days=85)
"""How long tombstones are relied on, kept for 90 days. Source: protocol notes, section 8.1."""
_BEGINNING = Cursor()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What one page of a feed brought; `done` when the range is complete.

    Shape: `votes` are of the feed's other members; our own come back and count no second time.
    """

    counts: ImportCounts
    votes: int
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of our people's votes at a feed.

    Shape: `refused` were answered and go no second time. `kept` can't be said there, and why.
    `waiting` were not answered, as `stopped` says: push again.
    """

    pushed: int
    refused: tuple[str, ...]
    kept: tuple[str, ...]
    waiting: int
    stopped: str | None


@action("hashes.feed.pulled", roles=_KEEPERS)
def pull_page(work: Work, *, name: str) -> Pulled:
    """Load the next page of a list's feed into the version that waits; no news makes none.

    Shape: the place in the feed is kept in the same transaction as what was loaded, so a pull
    that was cut short goes on where it was. Call it again until `done`.
    Errors: NotFound; Invalid; Unavailable; Conflict when somebody else pulled meanwhile, or the feed
    no longer knows what was withdrawn since the last time.
    """
    hash_list = find_list(work, name)
    feed = feed_of(work.node, name)
    cursor = store.cursor(work.db, hash_list.id) or _BEGINNING
    asked = _asked(work, hash_list, feed.kind, cursor)
    page = PAGES[feed.kind](feed, asked)
    if page.following is not None and page.following == asked.following:
        raise Invalid("The feed names the page that it answers as the next one.")
    lists.hold_list(work.db, hash_list.id)
    if (store.cursor(work.db, hash_list.id) or _BEGINNING) != cursor:
        raise Conflict(f"Somebody else pulled the feed of {name} meanwhile; ask again.")
    records = [_or_passed(each) for each in page.records]
    file = hashlib.sha256(page.body).hexdigest()
    counts = prepare(
        work, hash_list, records, lambda: file, mode=Mode.ADD, form=feed.kind, only_news=True
    )
    member = page.member or cursor.member
    peers = [each for each in page.votes if each.voter != f"member:{member}"]
    for each in peers:
        store.note_vote(
            work.db, (hash_list.id, each.kind, each.digest), voter=each.voter,
            affirmative=each.affirmative, reason=None, at=each.at or work.now, waiting=True,
            pushed=True,
        )  # fmt: skip
    left = page.following is not None
    following = Cursor(
        after=cursor.after if left else page.after or asked.until,
        until=asked.until if left else None,
        following=page.following,
        member=member,
        pulled_at=work.now,
    )
    store.keep_cursor(work.db, hash_list.id, following)
    work.record(
        hash_list.id,
        version=counts.version,
        added=counts.added,
        changed=counts.changed,
        removed=counts.removed,
        already_there=counts.already_there,
        not_there=counts.not_there,
        trivial_refused=counts.trivial_refused,
        passed_over=sum(counts.passed_over.values()),
        votes=len(peers),
        done=not left,
    )
    return Pulled(counts=counts, votes=len(peers), done=not left)


def _asked(work: Work, hash_list: HashList, kind: FeedKind, cursor: Cursor) -> Asked:
    """The page that the feed named last, or the range anew where that is long ago."""
    since = timedelta() if cursor.pulled_at is None else work.now - cursor.pulled_at
    if kind is FeedKind.THREATEXCHANGE and since > REMEMBERED:
        raise Conflict(
            f"{hash_list.name} was pulled last {since.days} days ago, and after 90 the feed forgets"
            " what was withdrawn: open a new list for it, and pull all of it."
        )
    return Asked(
        after=cursor.after,
        until=cursor.until or work.now.replace(microsecond=0),
        following=None if since > PAGE_HOLDS else cursor.following,
        scheme=hash_list.scheme,
    )


def _or_passed(record: Found) -> Found:
    """A fingerprint of a feed that does not fit is counted: it must not stop all others."""
    return Passed(line=record.line, why=record.reason) if isinstance(record, Reject) else record


def summed(pages: Iterable[Pulled]) -> dict[str, object]:
    """What several pages brought together; the version is the one that now waits, if they made one."""
    counts, trivial, passed_over = Counter[str](), Counter[str](), Counter[str]()
    version: int | None = None
    for page in pages:
        each = page.counts
        version = each.version or version
        trivial.update(each.trivial)
        passed_over.update(each.passed_over)
        counts.update(
            added=each.added,
            changed=each.changed,
            removed=each.removed,
            already_there=each.already_there,
            not_there=each.not_there,
            trivial_refused=each.trivial_refused,
            votes=page.votes,
        )
    found = {"trivial": dict(trivial), "passed_over": dict(passed_over)}
    return {"version": version, **counts, **found}


@action("hashes.entry.voted", roles=_KEEPERS)
def vote(
    work: Work,
    *,
    name: str,
    kind: str,
    digest: str,
    affirmative: bool,
    reason: str | None = None,
    feed_reason: str | None = None,
) -> Standing:
    """Say that an entry is right, or with a reason that it is not; one vote for each person.

    Shape: a vote is on the class that the entry has in effect; of another class it says nothing.
    `feed_reason` is one of the feed's own, by name or id: without it a vote against stays here.
    Errors: NotFound; Invalid for a vote against without a reason, or another feed reason;
    Unavailable when the feed can't be asked for its reasons.
    """
    if kind not in set(DigestKind):
        raise Invalid(f"A digest's kind is one of: {', '.join(DigestKind)}.")
    value = read_digest(DigestKind(kind), digest)
    hash_list = find_list(work, name)
    if not affirmative and not (reason or "").strip():
        raise Invalid("A vote against an entry needs a reason.")
    if affirmative and feed_reason is not None:
        raise Invalid("A feed's reason is for a vote against an entry.")
    version = hash_list.active_version
    place = (hash_list.id, DigestKind(kind), value or b"")
    if value is None or version is None or not store.holds_entry(work.db, place, version):
        raise NotFound(f"{kind} entry in effect on {name}:", digest[:80])
    said = None if feed_reason is None else _feed_reason(work, name, DigestKind(kind), feed_reason)
    store.note_vote(
        work.db, place, voter=f"person:{person(work)}", affirmative=affirmative, reason=reason,
        feed_reason=said, at=work.now,
    )  # fmt: skip
    work.record(hash_list.id, kind=kind, affirmative=affirmative)
    return standing_of(store.votes(work.db, [place]).get(place, {}))


def _feed_reason(work: Work, name: str, kind: DigestKind, said: str) -> str:
    """The id of a reason of the list's feed. Errors: NotFound; Invalid with those there are."""
    if kind not in TYPES:
        raise Invalid(f"A feed takes no votes on {kind}; on: {', '.join(TYPES)}.")
    with FeedClient(_taking_votes(work, name)) as client:
        offered = client.reasons(kind)
    found = next((each.guid for each in offered if said in {each.guid, each.name}), None)
    if found is None:
        listed = "; ".join(f"{each.name!r} ({each.guid})" for each in offered) or "it has none"
        raise Invalid(f"The feed's reasons against {kind} are: {listed}.")
    return found


def _taking_votes(work: Work, name: str) -> Feed:
    """The list's feed, when it takes votes. Errors: NotFound; Invalid."""
    feed = feed_of(work.node, name)
    if feed.kind is not FeedKind.HASH_SHARING:
        raise Invalid(f"The feed of {name} is of the kind {feed.kind}: it is told of no votes.")
    return feed


@action("hashes.votes.pushed", roles=_KEEPERS)
def push_votes(work: Work, *, name: str) -> Pushed:
    """Hand our people's votes to the list's feed: in favour when all are, else against.

    Shape: a vote that was answered is not sent again; one that was lost may be, and the feed
    counts it once. The first that the feed does not answer ends the sending.
    Errors: NotFound; Unavailable when the feed answers none at all.
    """
    hash_list = find_list(work, name)
    given = [(each, _unsaid(each)) for each in store.unpushed(work.db, hash_list.id)]
    ready = [each for each, why in given if why is None][:MOST_PUSHED]
    pushed, refused = 0, list[str]()
    stopped: Unavailable | None = None
    with FeedClient(_taking_votes(work, name)) as client:
        for each in ready:
            against = None if each.affirmative else each.reasons
            try:
                client.vote(each.item or "", each.kind, against=against)
                pushed += 1
            except Invalid as error:
                refused.append(f"{each.item}: {error.public}")
            except Unavailable as error:
                stopped = error
                break
            store.note_pushed(work.db, hash_list.id, each, at=work.now)
    if stopped is not None and not pushed and not refused:
        raise stopped
    kept = tuple(f"{each.item or each.kind}: {why}" for each, why in given if why is not None)
    waiting = len(given) - len(kept) - pushed - len(refused)
    work.record(
        hash_list.id, pushed=pushed, refused=len(refused), kept=len(kept), waiting=waiting
    )  # fmt: skip
    return Pushed(
        pushed=pushed,
        refused=tuple(refused),
        kept=kept,
        waiting=waiting,
        stopped=None if stopped is None else stopped.public,
    )


def _unsaid(told: Unpushed) -> str | None:
    """Why the feed can't be told what our people say of an entry; None when it can."""
    if told.item is None or told.kind not in TYPES:
        return f"{told.kind}: this entry did not come by the feed"
    if not told.same:
        return "the feed has another class for it since; activate that version and vote again"
    if not told.affirmative and not told.reasons:
        return "a vote against it names no reason of the feed (--feed-reason)"
    return None
