"""What a demand must name, how it may go on, and what weakens what its answer shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import cast

from tipbridge.foundation.base.errors import Invalid
from tipbridge.police.cases import identifiers
from tipbridge.police.cases.demands.model import DemandFacts, DemandKind, DemandState
from tipbridge.police.cases.model import Identifier, IdentifierKind
from tipbridge.sharing.referral.consent.model import Hold

DEFAULT_DAYS = {
    DemandKind.PRESERVATION: 3,
    DemandKind.SUBSCRIBER: 14,
    DemandKind.LEGAL_PROCESS: 30,
}
"""How long an answer is waited for when the sender names no day: the house's own, no law's."""

PORTS = range(1, 65536)

_NEXT = {
    DemandState.DRAFTED: {DemandState.SENT, DemandState.DROPPED},
    DemandState.SENT: {DemandState.ANSWERED, DemandState.REFUSED, DemandState.EXPIRED},
    # Late answers are answers.
    DemandState.EXPIRED: {DemandState.ANSWERED, DemandState.REFUSED},
    # More may come, and who refused may answer after all.
    DemandState.ANSWERED: {DemandState.ANSWERED},
    DemandState.REFUSED: {DemandState.ANSWERED},
    DemandState.DROPPED: set[DemandState](),
}
_BEFORE = {DemandState.REFUSED: DemandState.SENT, DemandState.DROPPED: DemandState.DRAFTED}


def may_become(state: DemandState, then: DemandState) -> bool:
    """Whether a demand may go from one state to another."""
    return then in _NEXT[state]


def before_end(state: DemandState) -> DemandState | None:
    """Where a demand stands again when its end is taken back; None when there is none to take."""
    return _BEFORE.get(state)


def due_on(kind: DemandKind, sent_on: date, given: date | None) -> date:
    """The day by which an answer is waited for.

    Errors: Invalid for a day before the sending.
    """
    if given is None:
        return sent_on + timedelta(days=DEFAULT_DAYS[kind])
    if given < sent_on:
        raise Invalid("due_on lies before the day of sending.")
    return given


def checked_ip(given: DemandFacts) -> str | None:
    """The address of a demand in its shortest form, after a look at what the demand names.

    Errors: Invalid naming the field.
    """
    known = None if given.ip is None else identifiers.ip(given.ip)
    if given.ip is not None and known is None:
        raise Invalid("ip is an IPv4 or IPv6 address.")
    if given.port is not None and (given.ip is None or given.port not in PORTS):
        raise Invalid("port is 1 to 65535, and belongs to an ip.")
    if given.ip is not None and given.seen_at is None:
        raise Invalid("seen_at says when the address was seen; without it nobody can be found.")
    if given.ip is None and given.account is None:
        raise Invalid("Name an account, or an ip with the time at which it was seen.")
    return None if known is None else known.value


_NAMES = (IdentifierKind.ACCOUNT, IdentifierKind.SCREEN_NAME)


def identifiers_asked(asked: DemandFacts, region: str | None) -> tuple[Identifier, ...]:
    """What a demand asks about, as others may know it.

    Shape: an account is one at the desk that is asked, and an e-mail address or a phone number
    when it reads as one.
    """
    found = [None if asked.ip is None else identifiers.ip(asked.ip)]
    if (account := asked.account) is not None:
        found += [
            identifiers.account(asked.addressee, account),
            identifiers.screen_name(asked.addressee, account),
            identifiers.email(account) if "@" in account else None,
            identifiers.phone(account, region) if account.strip()[:1] in set("+0") else None,
        ]
    return tuple(each for each in found if each is not None)


def values_asked(keys: Iterable[Identifier]) -> dict[str, list[str]]:
    """Identifiers as a demand may name them: accounts and names at their desk, phone numbers by
    their digits with and without the country.
    """
    kept = set(keys)
    return {
        "ips": sorted(each.value for each in kept if each.kind is IdentifierKind.IP),
        "accounts": sorted(f"{each.scope} {each.value}" for each in kept if each.kind in _NAMES),
        "emails": sorted(each.value for each in kept if each.kind is IdentifierKind.EMAIL),
        "phones": sorted(
            digits
            for each in kept
            if each.kind is IdentifierKind.PHONE
            for digits in identifiers.digits_of(each)
        ),
    }


def weak_points(asked: DemandFacts) -> tuple[str, ...]:
    """What weakens a conclusion from the answer about who acted: shown beside it (law 15)."""
    found: list[str] = []
    if asked.ip is not None:
        if asked.port is None:
            found.append("No port was named: several subscribers may share the address.")
        found.append("The time is as reported: a clock that was off names another subscriber.")
        found.append("A subscriber is who pays for a line, not yet who used it.")
    if asked.account is not None:
        found.append("An account may have been used by somebody else, or taken over.")
    return tuple(found)


def held_by(bonds: Sequence[Hold | None]) -> Hold | None:
    """The strictest mark that holds a demand; None where one way it is known by forbids nothing.

    Shape: `bonds` are the marks of those ways, None for one that forbids nothing.
    """
    if None in bonds:
        return None
    return min((each for each in bonds if each), key=list(Hold).index, default=None)


def names(value: object, asked: DemandFacts) -> bool:
    """Whether what a part says names the connection or the account that is asked about."""
    if isinstance(value, Mapping):
        return any(names(each, asked) for each in cast("Mapping[str, object]", value).values())
    if isinstance(value, list):
        return any(names(each, asked) for each in cast("list[object]", value))
    if not isinstance(value, str):
        return False
    if asked.account is not None and value.strip().casefold() == asked.account.strip().casefold():
        return True
    known = None if asked.ip is None else identifiers.ip(value)
    return known is not None and known.value == asked.ip
