"""Which country a person is likely in, what favours them, and where something was posted."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from tipbridge.knowledge.hashes.rules import may_be_named
from tipbridge.knowledge.places.model import (
    AddressFacts,
    NetworkKind,
    Place,
    PlaceKind,
    Reach,
    Service,
)
from tipbridge.knowledge.places.rules import age_days, place_by_name, place_by_url
from tipbridge.tips.enrichment import sentences
from tipbridge.tips.enrichment.model import (
    Basis,
    Confidence,
    CountryReason,
    Favour,
    FavourKind,
    Identified,
    LikelyCountry,
    ListHit,
    NearListHit,
    PlacedIp,
    TipFile,
)
from tipbridge.tips.report.model import Incident, IpCapture

EVENT_POINTS = {"Login": 4, "Upload": 4, "Purchase": 3, "Registration": 2, "Other": 2, "Unknown": 1}
RECENCY_POINTS = ((timedelta(days=7), 3), (timedelta(days=30), 2), (timedelta(days=180), 1))
PROXIED_POINTS = 1
MOST_REPEATS = 3
"""So many further events may add a point each: fifty logins are not fifty facts."""
PHONE_POINTS, VERIFIED_PHONE_POINTS = 3, 4
ESTIMATE_POINTS, VERIFIED_ESTIMATE_POINTS = 3, 5
STATED_POINTS = 2
STRONG_LEAD = 4
_INDIRECT = {NetworkKind.HOSTING: sentences.HOSTING, NetworkKind.VPN: sentences.VPN}
"""Networks behind which a user may be elsewhere, and how that is said."""

_OWN_KIND = frozenset({NetworkKind.ACCESS, NetworkKind.HOSTING, NetworkKind.VPN})
_NO_COUNTRY = frozenset({"A1", "A2", "O1", "AP", "EU", ""})
"""Codes of the report form that name no country: proxy, satellite, other, a whole region."""


def likely_country(
    person: Identified, placed: Sequence[PlacedIp], received_at: datetime
) -> LikelyCountry:
    """Where a person most likely is, with every reason for every country.

    Shape: points add up by country; addresses give their best event and a little for more.
    Unit: points, of no meaning outside this comparison. A tie or no reason gives no country.
    """
    reasons = (*_ip_reasons(placed, received_at), *_other_reasons(person))
    totals: dict[str, int] = {}
    for reason in reasons:
        totals[reason.country] = totals.get(reason.country, 0) + reason.points
    if not totals:
        return LikelyCountry(country=None, confidence=Confidence.UNKNOWN, reasons=())
    ranked = sorted(totals.items(), key=lambda each: (-each[1], each[0]))
    (first, points), runner_up = ranked[0], ranked[1][1] if ranked[1:] else 0
    if points == runner_up:
        return LikelyCountry(country=None, confidence=Confidence.TIED, reasons=reasons)
    strong = points - runner_up >= STRONG_LEAD
    confidence = Confidence.STRONG if strong else Confidence.WEAK
    return LikelyCountry(country=first, confidence=confidence, reasons=reasons)


def _ip_reasons(placed: Sequence[PlacedIp], received_at: datetime) -> list[CountryReason]:
    found: list[CountryReason] = []
    for each in placed:
        if each.facts.country is not None:
            indirect = is_indirect(each.event, each.facts)
            found.append(
                CountryReason(
                    basis=Basis.PROXIED_IP_EVENT if indirect else Basis.IP_EVENT,
                    country=each.facts.country,
                    points=PROXIED_POINTS if indirect else _event_points(each.event, received_at),
                    about=each.label,
                )
            )
    found.sort(key=lambda each: (each.country, -each.points, each.about))
    return list(_flattened(found))


def _flattened(reasons: Iterable[CountryReason]) -> Iterable[CountryReason]:
    """The best event of each country in full, further ones with one point, then none."""
    seen: dict[str, int] = {}
    for reason in reasons:
        rank = seen.get(reason.country, 0)
        seen[reason.country] = rank + 1
        points = reason.points if rank == 0 else int(rank <= MOST_REPEATS)
        yield CountryReason(
            basis=reason.basis, country=reason.country, points=points, about=reason.about
        )


def _event_points(event: IpCapture, received_at: datetime) -> int:
    points = EVENT_POINTS.get(event.event or "", EVENT_POINTS["Unknown"])
    if event.at is None:
        return points
    age = received_at - event.at.at
    return points + next((extra for within, extra in RECENCY_POINTS if age <= within), 0)


def _other_reasons(person: Identified) -> list[CountryReason]:
    found = [
        CountryReason(
            basis=Basis.PHONE_CODE,
            country=phone.country,
            points=VERIFIED_PHONE_POINTS if phone.verified else PHONE_POINTS,
            about=f"people/{person.index}/phones/{number}",
        )
        for number, phone in enumerate(person.phones)
        if phone.country is not None
    ]
    estimate = person.location.country if person.location is not None else None
    if person.location is not None and estimate is not None and estimate not in _NO_COUNTRY:
        points = VERIFIED_ESTIMATE_POINTS if person.location.verified else ESTIMATE_POINTS
        found.append(_about_person(person, Basis.ESTIMATED_LOCATION, estimate, points))
    found.extend(
        _about_person(person, Basis.STATED_ADDRESS, country, STATED_POINTS)
        for country in person.stated_countries
        if country not in _NO_COUNTRY
    )
    return found


def _about_person(person: Identified, basis: Basis, country: str, points: int) -> CountryReason:
    about = f"people/{person.index}"
    return CountryReason(basis=basis, country=country, points=points, about=about)


def is_indirect(event: IpCapture, facts: AddressFacts) -> bool:
    """Whether an address is likely not where the person is."""
    hosted = facts.network is not None and facts.network.kind in _INDIRECT
    return event.possible_proxy is True or hosted


def may_be_shared(event: IpCapture, facts: AddressFacts) -> bool:
    """Whether many people may stand behind an address, and no port tells them apart.

    Shape: a network of unknown kind counts as "may be"; IPv6 addresses are not shared this way.
    """
    if event.port is not None or ":" in facts.address:
        return False
    kind = facts.network.kind if facts.network is not None else NetworkKind.UNKNOWN
    return facts.reach is Reach.SHARED or kind not in _OWN_KIND


def favours(
    people: Sequence[Identified],
    placed: Sequence[PlacedIp],
    files: Sequence[TipFile],
    hits: Sequence[ListHit],
    at: datetime,
    *,
    near: Sequence[NearListHit] = (),
) -> tuple[Favour, ...]:
    """Everything known that weakens or explains a suspicion, in a fixed order."""
    return (
        *_account_favours(people),
        *(favour for each in placed for favour in _ip_favours(each, at)),
        *_file_favours(files, hits, near),
    )


def _account_favours(people: Sequence[Identified]) -> list[Favour]:
    kind, text = FavourKind.COMPROMISED_ACCOUNT, sentences.COMPROMISED
    return [
        Favour(kind=kind, about=f"people/{each.index}", text=text)
        for each in people
        if each.compromised is True
    ]


def _ip_favours(placed: PlacedIp, at: datetime) -> list[Favour]:
    event, facts = placed.event, placed.facts
    kind = facts.network.kind if facts.network is not None else NetworkKind.UNKNOWN
    said: list[tuple[FavourKind, str]] = []
    if event.possible_proxy:
        said.append((FavourKind.POSSIBLE_PROXY, sentences.PROXY))
    if kind in _INDIRECT:
        said.append((FavourKind.HOSTING_NETWORK, _INDIRECT[kind]))
    if may_be_shared(event, facts):
        said.append((FavourKind.SHARED_ADDRESS, sentences.SHARED))
    if facts.source is not None:
        source = facts.source
        days = age_days(source, at)
        text = sentences.IP_DATA.format(file=source.file_name, sha256=source.sha256, days=days)
        said.append((FavourKind.IP_DATA_AGE, text))
    return [Favour(kind=kind, about=placed.label, text=text) for kind, text in said]


def _file_favours(
    files: Sequence[TipFile], hits: Sequence[ListHit], near: Sequence[NearListHit]
) -> list[Favour]:
    """What holds for every file is said once, of all `files`."""
    said: dict[tuple[FavourKind, str], list[int]] = {}
    for file in files:
        for fact in _of_file(file, hits, near):
            said.setdefault(fact, []).append(file.index)
    found: list[Favour] = []
    for (kind, text), indexes in said.items():
        abouts = [f"files/{index}" for index in indexes]
        if len(indexes) == len(files) > 1:
            abouts = ["files"]
        found.extend(Favour(kind=kind, about=about, text=text) for about in abouts)
    return found


def _of_file(
    file: TipFile, hits: Sequence[ListHit], near: Sequence[NearListHit]
) -> Iterator[tuple[FavourKind, str]]:
    viewed = file.details.viewed_by_provider if file.details is not None else None
    if viewed is not True:
        unseen = sentences.NOT_VIEWED if viewed is False else sentences.VIEWED_UNKNOWN
        yield FavourKind.NOT_VIEWED, unseen
    exact = [hit for hit in hits if hit.file_id == file.file_id]
    on = {hit.list_id for hit in exact}
    alike = [hit for hit in near if hit.file_id == file.file_id and hit.list_id not in on]
    for text in (*_exactly(exact), *_alike(alike)):
        yield FavourKind.MATCH_EXACTNESS, text


def _exactly(hits: Sequence[ListHit]) -> Iterator[str]:
    """On which lists a file stands itself; a referral goes out with these words."""
    if not hits:
        yield sentences.NO_MATCH
    if named := _names(hits):
        yield sentences.EXACT.format(lists=named)
    if not all(may_be_named(hit.handling) for hit in hits):
        yield sentences.EXACT_UNNAMED


def _alike(near: Sequence[NearListHit]) -> Iterator[str]:
    """How near a file is to lists that it does not stand on itself."""
    named = [hit for hit in near if may_be_named(hit.handling)]
    unnamed = [hit for hit in near if not may_be_named(hit.handling)]
    if named:
        yield sentences.NEAR.format(lists=_names(named), bits=_nearest(named))
    if unnamed:
        yield sentences.NEAR_UNNAMED.format(bits=_nearest(unnamed))


def _names(hits: Sequence[ListHit] | Sequence[NearListHit]) -> str:
    """The names that another organisation may read."""
    return ", ".join(sorted({hit.list_name for hit in hits if may_be_named(hit.handling)}))


def _nearest(near: Sequence[NearListHit]) -> int:
    return min(hit.distance_bits for hit in near)


_KIND_BY_CHANNEL = {"webPageIncident": PlaceKind.WEB, "chatImIncident": PlaceKind.CHAT}


def place_of(incident: Incident, person: Identified, services: Sequence[Service]) -> Place | None:
    """Where something was posted: a service the table knows, else the incident's own kind.

    Shape: asked in order: address of the page, platform, client program, the person's service.
    """
    on = incident.at.at.date() if incident.at is not None else date.max
    names = [incident.platform, *incident.clients, *(each.service for each in person.accounts)]
    found = [place_by_url(services, url, on) for url in incident.urls]
    found.extend(place_by_name(services, name, on) for name in names if name)
    known = next((place for place in found if place is not None), None)
    if known is not None or not incident.channels:
        return known
    return Place(kind=_KIND_BY_CHANNEL.get(incident.channels[0], PlaceKind.OTHER))
