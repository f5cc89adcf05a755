"""Verbs on feeds: pull what changed into the version that waits, vote, push votes."""

import hashlib
from dataclasses import dataclass, replace

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes import store as lists
from tipbridge.knowledge.hashes.actions import find_list, person, prepare
from tipbridge.knowledge.hashes.beside import store
from tipbridge.knowledge.hashes.beside.store import Cursor
from tipbridge.knowledge.hashes.feeds.client import TYPES, FeedClient
from tipbridge.knowledge.hashes.feeds.targets import feed_of
from tipbridge.knowledge.hashes.model import (
    DigestKind,
    Found,
    ImportCounts,
    Mode,
    Passed,
    Reject,
    Standing,
)
from tipbridge.knowledge.hashes.rules import read_digest, standing_of

FORM = "hash-sharing"
_KEEPERS = (Role.ANALYST, Role.EXAMINER)
MOST_PUSHED = 1_000
_BEGINNING = Cursor(after=None, until=None, following=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What one page of a feed brought; `done` when the range is complete."""

    counts: ImportCounts
    votes: int
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """How many votes a feed took, and which it refused and why."""

    pushed: int
    refused: tuple[str, ...]


@action("hashes.feed.pulled", roles=_KEEPERS)
def pull_page(work: Work, *, name: str) -> Pulled:
    """Load the next page of a list's feed into the version that waits.

    Shape: the place in the feed is kept in the same transaction as what was loaded, so a pull
    that was cut short goes on where it was. Call it again until `done`.
    Errors: NotFound; Invalid; Unavailable; Conflict when somebody else pulled meanwhile.
    """
    hash_list = find_list(work, name)
    feed = feed_of(work.node, name)
    cursor = store.cursor(work.db, hash_list.id) or _BEGINNING
    until = cursor.until or work.now.replace(microsecond=0)
    with FeedClient(feed) as client:
        page = client.page(
            after=cursor.after, until=until, following=cursor.following, scheme=hash_list.scheme
        )
    lists.hold_list(work.db, hash_list.id)
    if (store.cursor(work.db, hash_list.id) or _BEGINNING) != cursor:
        raise Conflict(f"Somebody else pulled the feed of {name} meanwhile; ask again.")
    records = [_or_passed(each) for each in page.records]
    file = hashlib.sha256(page.body).hexdigest()
    counts = prepare(work, hash_list, records, lambda: file, mode=Mode.ADD, form=FORM)
    for vote in page.votes:
        place = (hash_list.id, vote.kind, vote.digest)
        store.note_vote(
            work.db, place, voter=vote.voter, affirmative=vote.affirmative, reason=None,
            at=work.now, pushed=True,
        )  # fmt: skip
    left = page.following is not None
    following = replace(
        cursor,
        after=cursor.after if left else until,
        until=until if left else None,
        following=page.following,
    )
    store.keep_cursor(work.db, hash_list.id, following, at=work.now)
    work.record(
        hash_list.id,
        version=counts.version,
        added=counts.added,
        removed=counts.removed,
        votes=len(page.votes),
        done=not left,
    )
    return Pulled(counts=counts, votes=len(page.votes), done=not left)


def _or_passed(record: Found) -> Found:
    """A fingerprint of a feed that does not fit is counted: it must not stop all others."""
    return Passed(line=record.line, why=record.reason) if isinstance(record, Reject) else record


@action("hashes.entry.voted", roles=_KEEPERS)
def vote(
    work: Work, *, name: str, kind: str, digest: str, affirmative: bool, reason: str | None = None
) -> Standing:
    """Say that an entry is right, or with a reason that it is not; one vote for each person.

    Errors: NotFound; Invalid for a vote against without a reason.
    """
    if kind not in set(DigestKind):
        raise Invalid(f"A digest's kind is one of: {', '.join(DigestKind)}.")
    value = read_digest(DigestKind(kind), digest)
    hash_list = find_list(work, name)
    if not affirmative and not (reason or "").strip():
        raise Invalid("A vote against an entry needs a reason.")
    version = hash_list.active_version
    place = (hash_list.id, DigestKind(kind), value or b"")
    if value is None or version is None or not store.holds_entry(work.db, place, version):
        raise NotFound(f"{kind} entry in effect on {name}:", digest[:80])
    store.note_vote(
        work.db, place, voter=f"person:{person(work)}", affirmative=affirmative, reason=reason,
        at=work.now, pushed=False,
    )  # fmt: skip
    work.record(hash_list.id, kind=kind, affirmative=affirmative)
    return standing_of(store.votes(work.db, [place]).get(place, {}))


@action("hashes.votes.pushed", roles=_KEEPERS)
def push_votes(work: Work, *, name: str) -> Pushed:
    """Hand our people's votes to the list's feed: in favour when all are, else against.

    Shape: a vote that was answered is not sent again; one that was lost may be, and the feed
    counts it once.
    Errors: NotFound; Unavailable when the feed can't be asked at all.
    """
    hash_list = find_list(work, name)
    waiting = store.unpushed(work.db, hash_list.id, most=MOST_PUSHED)
    pushed, refused = 0, list[str]()
    with FeedClient(feed_of(work.node, name)) as client:
        for each in waiting:
            if each.item is None or each.kind not in TYPES:
                refused.append(f"{each.kind}: this entry did not come by the feed")
            else:
                try:
                    client.vote(each.item, each.kind, affirmative=each.affirmative)
                    pushed += 1
                except Invalid as error:
                    refused.append(f"{each.item}: {error.public}")
            store.note_pushed(work.db, (hash_list.id, each.kind, each.digest), at=work.now)
    work.record(hash_list.id, pushed=pushed, refused=len(refused))
    return Pushed(pushed=pushed, refused=tuple(refused))
