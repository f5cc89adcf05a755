"""Verbs of hash sharing: what members fetch, submit and judge, and what staff decide."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tipbridge.foundation.access import store as access_store
from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.knowledge.hashes.actions import find_list
from tipbridge.knowledge.hashes.model import ListPurpose
from tipbridge.knowledge.hashes.rules import NAMED_PEOPLE_ONLY
from tipbridge.knowledge.hashsharing import store
from tipbridge.knowledge.hashsharing.errors import NotAMember
from tipbridge.knowledge.hashsharing.model import (
    NODE_MEMBER,
    Change,
    Disputed,
    Done,
    EntryKind,
    Fingerprint,
    FingerprintType,
    Listed,
    Member,
    MemberLine,
    Outcome,
    Page,
    Range,
    Submitted,
)
from tipbridge.knowledge.hashsharing.rules import BY_REFERENCE, REASONS, outcome_of

_MOST_DISPUTED = 500
_DESK = (Role.PROVIDER_MANAGER, Role.ADMINISTRATOR)
_READERS = (*_DESK, Role.ANALYST, Role.AUDITOR)


@action("hashsharing.status.read", provider=True)
def check_status(work: Work) -> Member:
    """Which member a credential belongs to. Errors: NotAMember."""
    me = _me(work)
    work.record(str(me.id))
    return me


@action("hashsharing.members.read", provider=True)
def read_members(work: Work) -> list[Member]:
    """Everybody who shares here. Errors: NotAMember."""
    me = _me(work)
    found = [_named(work, each) for each in store.members(work.db)]
    work.record(str(me.id), count=len(found))
    return found


@action("hashsharing.words.read", provider=True)
def read_words(work: Work, what: str) -> None:
    """A member reads the reasons or categorizations that documents may use.

    Errors: NotAMember.
    """
    me = _me(work)
    work.record(str(me.id), what=what)


@action("hashsharing.entries.read", provider=True)
def read_entries(work: Work, asked: Range) -> Page:
    """One page of the entries that changed in a range, each in its newest state.

    Shape: once a range was answered, nothing is ever written into it, so that following its
    pages, and then asking from where it ended, gives every change and none twice.
    Errors: NotAMember.
    """
    me = _me(work)
    store.settle(work.db, asked.until)
    ends = store.ends_of(work.db, asked)
    entries: list[Listed] = []
    following = None
    if ends is not None:
        first, last = ends
        asked = replace(
            asked,
            start=max(asked.start, first),
            last=last if asked.last is None else min(asked.last, last),
        )
        entries = store.page(work.db, asked, without=BY_REFERENCE)
    if len(entries) > asked.size:
        following = replace(asked, start=entries.pop().position)
    work.record(
        str(me.id),
        after=asked.after.isoformat(),
        until=asked.until.isoformat(),
        start=asked.start,
        count=len(entries),
    )
    named = tuple(replace(each, member=_named(work, each.member)) for each in entries)
    return Page(entries=named, following=following)


@action("hashsharing.fingerprint.read", provider=True)
def read_fingerprint(
    work: Work, member_id: int, entry_id: str, type_: FingerprintType
) -> Fingerprint:
    """One fingerprint of an entry that the member sees. Errors: NotAMember, NotFound."""
    me = _me(work)
    row, found = _fingerprint(work, member_id, entry_id, type_)
    work.record(str(row), member=me.id, type=type_)
    return found


@action("hashsharing.entries.submitted", provider=True)
def submit(work: Work, changes: Sequence[Change]) -> Submitted:
    """Add, update and delete entries of the member: all of them or none.

    Errors: NotAMember; Invalid for members that are none; EntryConflict.
    """
    me = _me(work)
    _check_access(work, changes)
    done, stamp = _write(work, me.id, changes)
    work.record(str(me.id), **_counts(done))
    return Submitted(stamp=stamp, done=done)


@action("hashsharing.vote.cast", provider=True)
def vote(
    work: Work,
    member_id: int,
    entry_id: str,
    type_: FingerprintType,
    *,
    reasons: Sequence[str] | None,
) -> Outcome:
    """Say that a fingerprint is right, or with reasons that it is not.

    Shape: `reasons` is None for a vote in favour. The entry is fetched again by everybody.
    Errors: NotAMember; NotFound; Invalid for reasons that are none of this kind.
    """
    me = _me(work)
    _check_reasons(type_, reasons)
    stamp = store.take_stamp(work.db, work.now)
    row, found = _fingerprint(work, member_id, entry_id, type_)
    new = store.vote(work.db, row, found, me.id, reasons=reasons or (), at=stamp)
    if new:
        store.restamp(work.db, row, stamp)
    work.record(str(row), member=me.id, type=type_, affirmative=reasons is None, new=new)
    return Outcome.UPDATED if new else Outcome.UNCHANGED


@action("hashsharing.member.enrolled", roles=_DESK)
def enrol_member(work: Work, *, provider: str) -> Member:
    """Let a provider share hashes here with the user names it has.

    Errors: NotFound; Invalid for a name that no document can carry.
    """
    found = access_store.provider_by_name(work.db, provider)
    if found is None or found.sandbox:  # what is filed for a test is no hash of anything
        raise NotFound("provider", provider)
    if not provider.isprintable():
        raise Invalid("A member's name may hold printable characters only.")
    member_id = store.enrol(work.db, provider_id=found.id, name=provider, at=work.now)
    work.record(str(member_id), provider=found.id)
    return Member(id=member_id, name=provider)


@action("hashsharing.member.ended", roles=_DESK)
def end_member(work: Work, *, member: int) -> None:
    """End a membership at once; the member's entries stay for the others. Errors: NotFound."""
    if not store.end_member(work.db, member, work.now):
        raise NotFound("member of hash sharing", str(member))
    work.record(str(member))


@action("hashsharing.members.listed", roles=_READERS)
def list_members(work: Work) -> list[MemberLine]:
    """Every member there was, with counts of its entries and of disputed ones."""
    found = [
        replace(line, name=_named(work, Member(id=line.id, name=line.name)).name)
        for line in store.member_lines(work.db)
    ]
    work.record("all", count=len(found))
    return found


@action("hashsharing.disputes.read", roles=_READERS)
def list_disputed(work: Work) -> list[Disputed]:
    """Fingerprints that members voted against, the most disputed first; 500 at most."""
    found = [
        replace(
            each,
            member_name=_named(work, Member(id=each.member_id, name=each.member_name)).name,
            reasons=tuple(REASONS[guid].name for guid in each.reasons if guid in REASONS),
        )
        for each in store.disputed(work.db, _MOST_DISPUTED)
    ]
    work.record("all", count=len(found))
    return found


@action("hashsharing.list.published", roles=(Role.ANALYST,))
def publish_list(work: Work, *, name: str, kind: str) -> int:
    """Share what a hash list holds in effect as entries of this node; says how many are new.

    Shape: an entry that was deleted before stays deleted. Errors: NotFound; Invalid for
    another kind, or a list that is for something else than known material, or for named
    people only; Conflict when no version is in effect.
    """
    found = find_list(work, name)
    if found.purpose is not ListPurpose.KNOWN_MATERIAL:
        raise Invalid(
            f"The list {name} is for {found.purpose}; only one for"
            f" {ListPurpose.KNOWN_MATERIAL} can be shared."
        )
    if found.handling in NAMED_PEOPLE_ONLY:
        raise Invalid(f"The list {name} is {found.handling}; it can't be shared with members.")
    if found.active_version is None:
        raise Conflict(f"No version of the list {name} is in effect; activate one first.")
    stamp = store.take_stamp(work.db, work.now)
    wanted = _kind(kind)
    added = store.publish(
        work.db,
        found.id,
        version=found.active_version,
        kind=wanted,
        stamp=stamp,
        now=work.now,
    )
    work.record(found.id, kind=wanted, added=added)
    return added


@action("hashsharing.entry.retracted", roles=(Role.ANALYST,))
def retract_entry(work: Work, *, member: int, entry: str) -> None:
    """Delete an entry of any member, as after a dispute; members see that it is gone.

    Errors: NotFound, also when it is deleted already.
    """
    stamp = store.take_stamp(work.db, work.now)
    kept = store.stored(work.db, member, [entry]).get(entry)
    if kept is None or kept.change.deleted:
        raise NotFound("entry", entry)
    gone = Change(entry_id=entry, kind=kept.change.kind, deleted=True)
    store.write(work.db, member, gone, row=kept.row, stamp=stamp)
    work.record(str(kept.row), member=member)


def _me(work: Work) -> Member:
    """The member that acts. Errors: NotAMember."""
    found = store.member_of_provider(work.db, work.actor.id)
    if found is None:
        raise NotAMember
    return found


def _named(work: Work, member: Member) -> Member:
    """`member` with the node's own name, where it is the node."""
    return replace(member, name=work.node.settings.name) if member.id == NODE_MEMBER else member


def _kind(text: str) -> EntryKind:
    if text not in set(EntryKind):
        raise Invalid(f"No kind of entry {text!r}; one of: {', '.join(EntryKind)}.")
    return EntryKind(text)


def _check_access(work: Work, changes: Sequence[Change]) -> None:
    named = {member for change in changes for member in change.visible_to}
    unknown = sorted(named - {member.id for member in store.members(work.db)})
    if unknown:
        raise Invalid(
            f"No member {unknown[0]} of hash sharing; the members are listed at /v2/members."
        )


def _write(
    work: Work, member_id: int, changes: Sequence[Change]
) -> tuple[tuple[Done, ...], datetime | None]:
    stamp = store.take_stamp(work.db, work.now)  # from here on nobody else writes
    kept = store.stored(work.db, member_id, [change.entry_id for change in changes])
    done: list[Done] = []
    for change in changes:
        before = kept.get(change.entry_id)
        outcome = outcome_of(before, change)
        if outcome is not Outcome.UNCHANGED:
            row = None if before is None else before.row
            store.write(work.db, member_id, change, row=row, stamp=stamp)
        done.append(Done(entry_id=change.entry_id, outcome=outcome))
    changed = any(each.outcome is not Outcome.UNCHANGED for each in done)
    return tuple(done), stamp if changed else None


def _counts(done: Sequence[Done]) -> dict[str, int]:
    return {each: sum(1 for one in done if one.outcome is each) for each in Outcome}


def _check_reasons(type_: FingerprintType, reasons: Sequence[str] | None) -> None:
    if reasons is None:
        return
    allowed = {reason.guid for reason in REASONS.values() if reason.type is type_}
    wrong = [guid for guid in reasons if guid not in allowed]
    if wrong or not reasons:
        raise Invalid(
            f"A vote against a fingerprint needs reasons of its type;"
            f" they are listed at /v2/feedback/{type_}/reasons."
        )


def _fingerprint(
    work: Work, member_id: int, entry_id: str, type_: FingerprintType
) -> tuple[int, Fingerprint]:
    found = store.fingerprint(work.db, member_id, entry_id, type_)
    if found is None:
        raise NotFound(f"{type_} fingerprint of the entry", f"{member_id}/{entry_id}")
    return found[0], Fingerprint(type=type_, value=found[1])
