"""A tip or a lead as parts: the smallest things that can be released one by one."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import cast

from tipbridge.knowledge.agreements.forms import age_band
from tipbridge.knowledge.agreements.labels import class_of
from tipbridge.knowledge.agreements.model import Form, Part
from tipbridge.knowledge.hashes.rules import may_be_named
from tipbridge.tips.enrichment.model import (
    Identified,
    ListHit,
    NearListHit,
    PersonFacts,
    PlacedIp,
    Tip,
    TipFile,
)
from tipbridge.tips.report.model import Account, FileDetails, Incident, Moment
from tipbridge.tips.triage.model import Lead
from tipbridge.tips.triage.rules import about_lead, age_of

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_FILE_MARKS = (
    "animeDrawingVirtualHentai",
    "potentialMeme",
    "viral",
    "possibleSelfProduction",
    "physicalHarm",
    "violenceGore",
    "bestiality",
    "liveStreaming",
    "infant",
    "generativeAi",
)
_PERSON = re.compile(r"people/(\d+)(?:/|$)")


def tip_parts(tip: Tip) -> list[Part]:
    """Every part of a tip, generalised forms included; labels are unique."""
    day = (
        tip.source.report.incident.at.at
        if tip.source.report.incident.at
        else tip.source.received_at
    ).date()
    return [
        *_report_parts(tip),
        *(part for each in tip.people for part in _person_parts(each, day)),
        *(part for each in tip.facts.placed for part in _ip_parts(each)),
        *(part for each in tip.facts.person_facts for part in _fact_parts(each)),
        *(part for each in tip.source.files for part in _file_parts(each)),
        *_match_parts(tip),
        *_favour_parts(tip),
    ]


def lead_parts(lead: Lead, tip: Tip | None) -> list[Part]:
    """Every part of a lead: of its tip without the other reported people, or of its own grounds."""
    if tip is None:
        return _own_parts(lead)
    kept = about_lead(tip.people, lead.person_index)
    abouts = {f"favours/{number}": each.about for number, each in enumerate(tip.facts.favours)}
    return [
        *(each for each in tip_parts(tip) if _is_of(abouts.get(each.label, each.label), kept)),
        *_grounds_parts(lead),
    ]


def _is_of(label: str, kept: frozenset[int]) -> bool:
    found = _PERSON.match(label)
    return found is None or int(found[1]) in kept


def _said(**values: object) -> dict[str, object]:
    """A value without what nobody said: unknown is absent, never null or false."""
    return {name: value for name, value in values.items() if value is not None and value != ()}


def _part(label: str, value: object, form: Form = Form.EXACT) -> Part:
    data_class = class_of(label)
    assert data_class is not None, label
    return Part(label=label, value=value, data_class=data_class, form=form)


def _report_parts(tip: Tip) -> Iterator[Part]:
    incident = tip.source.report.incident
    yield _part("report/id", str(tip.source.report_id))
    yield _part("report/received_at", _time(tip.source.received_at))
    yield _part("report/provider", tip.source.provider)
    yield _part("incident/type", incident.type)
    told = _said(
        at=_moment(incident.at),
        platform=incident.platform,
        description="\n".join(filter(None, (incident.at_description, tip.source.report.note)))
        or None,
        urgency=incident.escalation,
        annotations=list(incident.annotations) or None,
    )
    for name, value in told.items():
        yield _part(f"incident/{name}", value)
    yield from _address_parts(incident)


def _address_parts(incident: Incident) -> Iterator[Part]:
    for number, url in enumerate(incident.urls):
        yield _part(f"incident/addresses/{number}", {"url": url})


def _person_parts(person: Identified, day: date) -> Iterator[Part]:
    label = f"people/{person.index}"
    yield _part(f"{label}/role", person.role.value)
    if person.name is not None:
        yield _part(f"{label}/name", person.name)
    if person.birth_on is not None:
        yield _part(f"{label}/birth_date", person.birth_on.isoformat())
    years = age_of(person, day)
    if person.age is not None:
        yield _part(f"{label}/age", person.age)
    if years is not None:
        yield _part(f"{label}/age~band", age_band(years), Form.BAND)
    for number, account in enumerate(person.accounts):
        yield _part(f"{label}/accounts/{number}", _account(account))
    for number, account in enumerate(person.related):
        yield _part(f"{label}/related/{number}", _account(account))
    yield from _contact_parts(person, label)
    for number, device in enumerate(person.devices):
        value = {"type": device.kind, "value": device.value}
        yield _part(f"{label}/devices/{number}", value)


def _contact_parts(person: Identified, label: str) -> Iterator[Part]:
    for number, email in enumerate(person.emails):
        value = _said(address=email.address, verified=email.verified)
        yield _part(f"{label}/emails/{number}", value)
    for number, phone in enumerate(person.phones):
        value = _said(number=phone.number, verified=phone.verified)
        yield _part(f"{label}/phones/{number}", value)


def _account(account: Account) -> dict[str, object]:
    return _said(
        service=account.service,
        account=account.identifier,
        screen_name=account.screen_name,
        url=account.profile_urls[0] if account.profile_urls else None,
        display_names=list(account.display_names) or None,
        more_urls=list(account.profile_urls[1:]) or None,
        relation=account.kind,
    )


def _ip_parts(placed: PlacedIp) -> Iterator[Part]:
    event, facts, label = placed.event, placed.facts, placed.label
    seen = _said(event=event.event, at=_moment(event.at))
    exact = _said(port=event.port, possible_proxy=event.possible_proxy)
    yield _part(label, {"address": facts.address, **seen, **exact})
    prefix = {"prefix": facts.prefix, **seen}
    yield _part(f"{label}~prefix", prefix, Form.PREFIX)
    if facts.network is not None:
        network = {"asn": facts.network.asn, "network": facts.network.name, **seen}
        network["network_kind"] = facts.network.kind.value
        yield _part(f"{label}~network", network, Form.NETWORK)
    if facts.country is not None:
        country = {"country": facts.country, **seen}
        yield _part(f"{label}~country", country, Form.COUNTRY)


def _fact_parts(facts: PersonFacts) -> Iterator[Part]:
    label = f"people/{facts.index}"
    if facts.likely.reasons:
        value: dict[str, object] = {
            "country": facts.likely.country,
            "confidence": facts.likely.confidence.value,
            "reasons": [
                {"basis": each.basis.value, "country": each.country, "points": each.points}
                for each in facts.likely.reasons
            ],
        }
        yield _part(f"{label}/country", value)
    if facts.place is not None:
        place = _said(kind=facts.place.kind.value, service=facts.place.service)
        yield _part(f"{label}/place", place)


def _file_parts(file: TipFile) -> Iterator[Part]:
    label, digests = f"files/{file.index}", file.digests
    value = {
        "md5": digests.md5,
        "sha1": digests.sha1,
        "sha256": digests.sha256,
        "size_bytes": digests.size_bytes,
    }
    yield _part(f"{label}/digests", value)
    content = {"sha256": digests.sha256, "size_bytes": digests.size_bytes}
    yield _part(f"{label}/content", content)
    yield _part(f"{label}/marks", _marks(file.details))
    if file.details is not None and file.details.location_url is not None:
        address = {"url": file.details.location_url}
        yield _part(f"{label}/address", address)


def _match_parts(tip: Tip) -> Iterator[Part]:
    """What lists say of each file, as data; a list that may not be named is told without name."""
    for file in tip.source.files:
        exact = [_match(hit) for hit in tip.facts.hits if hit.file_id == file.file_id]
        near = [
            {**_match(hit), "matched_as": hit.by, "distance_bits": hit.distance_bits}
            for hit in tip.facts.near
            if hit.file_id == file.file_id
        ]
        if exact or near:
            value = _said(exact_matches=exact or None, near_matches=near or None)
            yield _part(f"files/{file.index}/matches", value)


def _match(hit: ListHit | NearListHit) -> dict[str, object]:
    named = may_be_named(hit.handling)
    return _said(
        list=hit.list_name if named else None,
        purpose=hit.purpose if named else None,
        classification=hit.mark if named else None,
        handling=hit.handling.value,
    )


def _marks(details: FileDetails | None) -> dict[str, object]:
    """What the provider said of a file; a mark is a presence flag, so its absence is no "no"."""
    if details is None:
        return {}
    marks = {_snake(mark): True for mark in _FILE_MARKS if mark in details.annotations}
    return {
        **marks,
        **_said(
            classification=details.classification,
            relevance=details.relevance,
            viewed_by_provider=details.viewed_by_provider,
            exif_viewed_by_provider=details.exif_viewed,
            publicly_available=details.publicly_available,
            uploaded_at=_moment(details.uploaded_at),
        ),
    }


def _favour_parts(tip: Tip) -> Iterator[Part]:
    for number, favour in enumerate(tip.facts.favours):
        value = {"kind": favour.kind.value, "about": favour.about, "text": favour.text}
        yield _part(f"favours/{number}", value)


def _grounds_parts(lead: Lead) -> Iterator[Part]:
    told = _said(
        grounds=lead.grounds or None,
        source_grade=str(lead.grade) if lead.grade is not None else None,
        suspicion=lead.suspicion.value if lead.suspicion is not None else None,
    )
    for name, value in told.items():
        yield _part(f"lead/{name}", value)


def _own_parts(lead: Lead) -> list[Part]:
    known: Mapping[str, object] = lead.identifiers
    label = f"people/{lead.person_index}"
    found = [
        _part("incident/type", lead.incident_type),
        _part(f"{label}/role", "reported"),
        *_grounds_parts(lead),
    ]
    single = ("name", "birth_date", "age", "country", "place")
    said = [name for name in single if known.get(name) is not None]
    found += [_part(f"{label}/{name}", known[name]) for name in said]
    age = known.get("age")
    if isinstance(age, int):
        found.append(_part(f"{label}/age~band", age_band(age), Form.BAND))
    for name in ("accounts", "emails", "phones"):
        items = cast("list[object]", known.get(name) or [])
        for number, item in enumerate(items):
            found.append(_part(f"{label}/{name}/{number}", item))
    return found


def _snake(name: str) -> str:
    return _CAPITAL.sub("_", name).lower()


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment(moment: Moment | None) -> str | None:
    return _time(moment.at) if moment is not None else None
