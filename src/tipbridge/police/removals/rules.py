"""What may follow a state, what a check says, when to look again, whom to ask next: pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from http import HTTPStatus

from tipbridge.foundation.base.errors import Conflict
from tipbridge.police.removals.model import (
    GONE,
    PATIENCE,
    Authority,
    Channel,
    Check,
    CheckOutcome,
    Classification,
    ComparisonOutcome,
    Notice,
    NoticeState,
    NoticeStep,
    RemovalState,
    RemovalStep,
    Reply,
    ReplyKind,
)

_NEXT: Mapping[RemovalState, frozenset[RemovalState]] = {
    RemovalState.UNKNOWN: frozenset(RemovalState) - {RemovalState.REAPPEARED, RemovalState.UNKNOWN},
    RemovalState.LIVE: frozenset(
        {
            RemovalState.REMOVED,
            RemovalState.GEO_BLOCKED,
            RemovalState.MOVED,
            RemovalState.UNKNOWN,
        }
    ),
    RemovalState.GEO_BLOCKED: frozenset(
        {RemovalState.REMOVED, RemovalState.LIVE, RemovalState.MOVED, RemovalState.UNKNOWN}
    ),
    # What is gone stays gone until somebody sees it again: not knowing is not seeing.
    RemovalState.MOVED: frozenset({RemovalState.REMOVED, RemovalState.REAPPEARED}),
    RemovalState.REMOVED: frozenset({RemovalState.REAPPEARED, RemovalState.MOVED}),
    RemovalState.REAPPEARED: frozenset(
        {
            RemovalState.REMOVED,
            RemovalState.GEO_BLOCKED,
            RemovalState.MOVED,
            RemovalState.UNKNOWN,
        }
    ),
}

SEEN: Mapping[CheckOutcome, RemovalState] = {
    CheckOutcome.ANSWERS: RemovalState.LIVE,
    CheckOutcome.GONE: RemovalState.REMOVED,
    CheckOutcome.BLOCKED_HERE: RemovalState.GEO_BLOCKED,
    CheckOutcome.SENT_ON: RemovalState.MOVED,
}
"""What a check shows of a place; any other outcome shows nothing."""

_SAID: Mapping[ReplyKind, RemovalState] = {
    ReplyKind.REMOVED: RemovalState.REMOVED,
    ReplyKind.GEO_BLOCKED: RemovalState.GEO_BLOCKED,
}
_NO_FILE: Mapping[CheckOutcome, ComparisonOutcome] = {
    CheckOutcome.GONE: ComparisonOutcome.GONE,
    CheckOutcome.SILENT: ComparisonOutcome.SILENT,
    CheckOutcome.NOT_ALLOWED: ComparisonOutcome.NOT_ASKED,
    CheckOutcome.HELD: ComparisonOutcome.NOT_ASKED,
    CheckOutcome.NOT_AN_ADDRESS: ComparisonOutcome.NOT_ASKED,
    CheckOutcome.UNRESOLVED: ComparisonOutcome.NOT_ASKED,
    CheckOutcome.PRIVATE_NETWORK: ComparisonOutcome.NOT_ASKED,
}
_OFTEN, _OFTEN_FOR, _SELDOM = timedelta(days=1), timedelta(days=28), timedelta(days=7)
# Source: Project Arachnid: half of what was removed reappears, up to 42 days later.
_AFTER_REMOVAL = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 28, 42, 90, 180, 365))


VOTES_NEEDED = 3
"""As many independent votes that agree, and none that differs. Source: CAID (police-practice 4)."""


def check_offer(state: RemovalState, votes: Sequence[Classification]) -> None:
    """Whether the digest of an item may be offered to a hash list.

    Errors: Conflict.
    """
    if state is not RemovalState.REMOVED:
        raise Conflict("Only what was removed is offered; what is still up is asked about first.")
    agreed = len(votes) >= VOTES_NEEDED and len(set(votes)) == 1
    if not agreed or votes[0] is Classification.NOT_ILLEGAL:
        raise Conflict(
            f"{VOTES_NEEDED} members of staff must say the same of it, and that it is illegal;"
            f" {len(votes)} have voted."
        )


def next_states(state: RemovalState) -> tuple[RemovalState, ...]:
    """What may be recorded next, in the order of the list."""
    return tuple(each for each in RemovalState if each in _NEXT[state])


def check_change(state: RemovalState, target: RemovalState) -> None:
    """Refuse a step that cannot be.

    Errors: Conflict naming what may follow.
    """
    if target not in _NEXT[state]:
        allowed = ", ".join(next_states(state))
        raise Conflict(f"After {state} comes one of: {allowed}.")


def outcome_of_status(status: int) -> CheckOutcome:
    """What an HTTP status says of a place, and no more than that.

    Source: RFC 9110, section 15; RFC 7725 (451). 403, 405, 429 and 5xx say nothing of it.
    """
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return CheckOutcome.GONE
    if status == HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS:
        return CheckOutcome.BLOCKED_HERE
    if status in {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}:
        return CheckOutcome.SENT_ON
    if status in {HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.PARTIAL_CONTENT}:
        return CheckOutcome.ANSWERS
    return CheckOutcome.UNCLEAR


def state_after_check(
    state: RemovalState, outcome: CheckOutcome, earlier: Iterable[Check]
) -> tuple[RemovalState | None, bool]:
    """The state that a check shows (None: no change), and whether it contradicts what was said.

    Shape: a place that a host, or a person, calls gone and that answers all the same may only
    say so politely; it has reappeared when a check saw it gone before. A block here (451) shows
    no material, so nothing reappears by it: it only contradicts that the place is gone.
    """
    seen = SEEN.get(outcome)
    if seen is None or seen is state:
        return None, False
    if state in GONE and seen in {RemovalState.LIVE, RemovalState.GEO_BLOCKED}:
        gone = {CheckOutcome.GONE, CheckOutcome.SENT_ON}
        if seen is RemovalState.LIVE and any(check.outcome in gone for check in earlier):
            return RemovalState.REAPPEARED, False
        return None, True
    if state is RemovalState.REAPPEARED and seen is RemovalState.LIVE:
        return None, False
    return (seen, False) if seen in _NEXT[state] else (None, False)


def state_after_reply(state: RemovalState, kind: ReplyKind) -> RemovalState | None:
    """The state that a host's word gives; a check may contradict it."""
    said = _SAID.get(kind)
    return said if said is not None and said in _NEXT[state] else None


def next_check(
    state: RemovalState, *, noted_at: datetime, changed_at: datetime, now: datetime
) -> datetime | None:
    """When to look again: daily for four weeks, then weekly; after removal ever more seldom.

    Shape: None when nobody needs to look any more.
    """
    if state in GONE:
        return next((changed_at + each for each in _AFTER_REMOVAL if changed_at + each > now), None)
    since = changed_at if state is RemovalState.REAPPEARED else noted_at
    return now + (_OFTEN if now - since < _OFTEN_FOR else _SELDOM)


def this_round(
    steps: Iterable[RemovalStep], notices: Iterable[Notice], replies: Iterable[Reply]
) -> tuple[tuple[Notice, ...], tuple[Reply, ...]]:
    """The notices and replies since material last came back: then asking begins anew."""
    back = [step.at for step in steps if step.state is RemovalState.REAPPEARED]
    if not back:
        return tuple(notices), tuple(replies)
    since = max(back)
    return (
        tuple(notice for notice in notices if notice.made_at >= since),
        tuple(reply for reply in replies if reply.at >= since),
    )


def requested_at(
    places: Iterable[tuple[datetime | None, Sequence[Notice]]],
) -> tuple[bool, datetime | None]:
    """Whether a request about one of these places has yet to go out, and when the last one did.

    Shape: of each place since when it is gone and the notices of its round. A notice that was
    written is no request before it was sent or brought; nobody has to be asked about what is gone:
    where all was, the request has the day on which the last of it went.
    """
    waits, asked, went = False, list[datetime](), list[datetime]()
    for gone_at, notices in places:
        sent = [notice.sent_at for notice in notices if notice.sent_at is not None]
        asked += [min(sent)] if sent else []
        went += [gone_at] if gone_at is not None else []
        waits = waits or not (sent or gone_at)
    return waits, max(asked or went, default=None)


def next_notice(
    state: RemovalState, notices: Sequence[Notice], replies: Sequence[Reply]
) -> tuple[NoticeStep | None, datetime | None]:
    """Who is asked next and from when on; nobody where material is gone.

    Shape: (None, None) when everything was tried, or a notice still waits to be sent; the
    moment is None when it is now.
    """
    if state in GONE:
        return None, None
    done = {notice.step for notice in notices}
    step = next((each for each in NoticeStep if each not in done), None)
    if step is None or step is NoticeStep.FIRST:
        return step, None
    sent = [notice.sent_at for notice in notices if notice.sent_at is not None]
    if len(sent) < len(notices):
        return None, None
    if any(reply.kind is ReplyKind.REFUSED and reply.at >= max(sent) for reply in replies):
        return step, None
    return step, max(sent) + PATIENCE[step]


def asked_of(notice: Notice, host: str) -> bool:
    """Whether a notice went to whom the place's host is, and not to one that was corrected since.

    Shape: the blocking body is asked about an address, whoever hosts it.
    """
    return notice.step is NoticeStep.BLOCKING or notice.host == host


def carried_by_hand(notice: Notice) -> bool:
    """Whether staff said that a notice went out, and when; the node knows of what it sent."""
    return notice.carried_by is not None or notice.channel is Channel.BY_HAND


def check_notice(
    state: RemovalState, notices: Sequence[Notice], replies: Sequence[Reply], now: datetime
) -> NoticeStep:
    """The step that may be taken now.

    Errors: Conflict when the material is gone, everything was tried, or it is too early.
    """
    if state in GONE:
        raise Conflict("The material is gone from this place: there is nobody to ask.")
    waiting = [notice for notice in notices if notice.state is not NoticeState.SENT]
    if waiting:
        raise Conflict(f"The {waiting[-1].step} notice has not been sent yet.")
    step, from_ = next_notice(state, notices, replies)
    if step is None:
        raise Conflict("Every step was taken; after the blocking body comes nobody.")
    if from_ is not None and from_ > now:
        raise Conflict(f"The {step} notice may go from {from_:%Y-%m-%d %H:%M} UTC on.")
    return step


def authority_on(authorities: Sequence[Authority], on: date) -> Authority:
    """The newest legal authority that holds on a day.

    Errors: Conflict when there is none: a file is fetched under no other right.
    """
    holding = [
        each
        for each in authorities
        if each.until >= on and (each.ended is None or each.ended.on > on)
    ]
    if not holding:
        raise Conflict("No legal authority that holds today is recorded for this place.")
    return holding[-1]


def compared_without(outcome: CheckOutcome) -> ComparisonOutcome:
    """What is said of a comparison for which no file came."""
    return _NO_FILE.get(outcome, ComparisonOutcome.UNCLEAR)


def state_after_comparison(state: RemovalState, outcome: ComparisonOutcome) -> RemovalState | None:
    """The state that the same file shows; another content at the place shows none."""
    if outcome is not ComparisonOutcome.SAME or state in {
        RemovalState.LIVE,
        RemovalState.REAPPEARED,
    }:
        return None
    return RemovalState.REAPPEARED if state in GONE else RemovalState.LIVE
