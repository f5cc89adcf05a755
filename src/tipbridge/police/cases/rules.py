"""Which case a referral belongs to: pure decisions."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from tipbridge.police.cases.identifiers import is_placeholder
from tipbridge.police.cases.model import ATTACHING, Identifier
from tipbridge.police.cases.referred import Match, ReferredFacts, ReferredPerson


def ties(identifier: Identifier) -> bool:
    """Whether an identifier ties a referral to whom it is known of, not merely proposes a link."""
    return identifier.kind in ATTACHING and not is_placeholder(identifier)


def attaching_keys(people: Iterable[ReferredPerson]) -> tuple[Identifier, ...]:
    """The identifiers that tie a referral to a case that knows them."""
    found = {each for person in people for each in person.identifiers if ties(each)}
    return tuple(sorted(found, key=identifier_key))


def proposing_keys(facts: ReferredFacts) -> tuple[Identifier, ...]:
    """The identifiers that only propose a link: an address, a device or a file is shared.

    Shape: so is a phone number that nobody can have, which forms are filled in with.
    """
    found = {each for person in facts.people for each in person.identifiers if not ties(each)}
    return tuple(sorted(found, key=identifier_key))


def identifier_key(identifier: Identifier) -> tuple[str, str, str]:
    """What makes two identifiers the same."""
    return (identifier.kind, identifier.scope, identifier.value)


def only_proposing(matches: Iterable[Match]) -> list[Match]:
    """Matches by what ties no referral to a case, whatever its kind."""
    return [replace(match, proposing=True) for match in matches]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a referral goes.

    Shape: `case_id` is the case it attaches to, None for a new one; `links` are proposed to
    both cases; `notices` are told to restricted cases alone; `own_notices` are told to the
    referral's own case, when that is a restricted one.
    """

    case_id: str | None
    attached_by: Match | None
    links: tuple[Match, ...]
    notices: tuple[Match, ...]
    own_notices: tuple[Match, ...] = ()


def decide_placement(matches: Iterable[Match], reach: frozenset[int]) -> Placement:
    """Attach to the oldest open case in reach that knows a person; propose all else.

    A restricted case is never attached to and never named to anybody but its own owner.
    """
    ordered = sorted(matches, key=lambda match: (match.opened_at, match.case_id, match.kind))
    notices = tuple(match for match in ordered if match.restricted)
    seen = [match for match in ordered if not match.restricted]
    attach = next(
        (
            match
            for match in seen
            if match.kind in ATTACHING
            and not (match.asked or match.proposing)
            and match.unit_id in reach
        ),
        None,
    )
    case_id = None if attach is None else attach.case_id
    links = {(m.case_id, m.kind): m for m in reversed(seen) if m.case_id != case_id}
    told = {(match.case_id, match.kind): match for match in notices}
    return Placement(
        case_id=case_id,
        attached_by=attach,
        links=tuple(links[key] for key in sorted(links)),
        notices=tuple(told[key] for key in sorted(told)),
    )


def kept_apart(placement: Placement) -> Placement:
    """A restricted referral has a case of its own, and only that one hears of the others."""
    attached = () if placement.attached_by is None else (placement.attached_by,)
    return replace(
        placement,
        case_id=None,
        attached_by=None,
        links=(),
        own_notices=(*attached, *placement.links),
    )


def without(placement: Placement, case_ids: Collection[str]) -> Placement:
    """A placement that proposes no link to these cases: they belong together already."""
    links = tuple(match for match in placement.links if match.case_id not in case_ids)
    return replace(placement, links=links)


def decide_telling(matches: Iterable[Match], *, restricted: bool) -> Placement:
    """Who hears that cases hold the same: open ones of each other, restricted ones alone."""
    placement = decide_placement(matches, frozenset())
    return kept_apart(placement) if restricted else placement
