"""From a validated document to the nouns that later rooms use."""

from tipbridge.tips.report.model import (
    Account,
    Address,
    ClaimedHash,
    Device,
    Email,
    EstimatedLocation,
    FileDetails,
    Incident,
    IpCapture,
    Person,
    PersonRole,
    Phone,
    Report,
)
from tipbridge.tips.report.tree import Element
from tipbridge.tips.report.values import birth_date_of, boolean_of, moment_of, number_of

_PARTIES = {
    "personOrUserReported": (PersonRole.REPORTED, "personOrUserReportedPerson"),
    "intendedRecipient": (PersonRole.RECIPIENT, "intendedRecipientPerson"),
    "victim": (PersonRole.VICTIM, "victimPerson"),
}
_NOTHING = Element(name="nothing")
_CLIENTS = ("chatClient", "gameName", "client")


def report_of(document: Element) -> Report:
    """The report in a `<report>` document."""
    reporter = document.first("reporter") or _NOTHING
    return Report(
        incident=_incident(document),
        reporter=_person(PersonRole.REPORTED, reporter.first("reportingPerson"), _NOTHING),
        people=tuple(_party(child) for child in document.children if child.name in _PARTIES),
        batched=document.first("batchedReport") is not None,
        note=document.value("additionalInfo"),
    )


def file_details_of(document: Element) -> FileDetails:
    """The details in a `<fileDetails>` document."""
    ip = document.first("ipCaptureEvent")
    return FileDetails(
        report_id=number_of(document.value("reportId")) or 0,
        file_id=document.value("fileId") or "",
        original_name=document.value("originalFileName") or document.value("fileName"),
        uploaded_at=moment_of(document.value("uploadedToEspTimestamp")),
        location_url=document.value("locationOfFile"),
        viewed_by_provider=boolean_of(document.value("fileViewedByEsp")),
        exif_viewed=boolean_of(document.value("exifViewedByEsp")),
        publicly_available=boolean_of(document.value("publiclyAvailable")),
        relevance=document.value("fileRelevance"),
        annotations=_file_marks(document),
        classification=document.value("industryClassification"),
        claimed_hashes=tuple(
            ClaimedHash(kind=claim.attributes.get("hashType", ""), value=claim.text.strip())
            for claim in document.all("originalFileHash")
        ),
        ip=_ip(ip) if ip else None,
        devices=tuple(_device(device) for device in document.all("deviceId")),
        metadata=_metadata(document),
        notes=tuple(note.text for note in document.all("additionalInfo")),
    )


def _file_marks(document: Element) -> tuple[str, ...]:
    marks = document.first("fileAnnotations") or _NOTHING
    legacy = boolean_of(document.value("potentialMeme"))
    return (("potentialMeme",) if legacy else ()) + tuple(mark.name for mark in marks.children)


def _metadata(document: Element) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (
            group.attributes.get("type") or pair.attributes.get("type") or "",
            pair.value("name") or "",
            pair.value("value") or "",
        )
        for group in document.all("details")
        for pair in group.all("nameValuePair")
    )


def _incident(document: Element) -> Incident:
    summary = document.first("incidentSummary") or _NOTHING
    marks = summary.first("reportAnnotations") or _NOTHING
    channels = [child for details in document.all("internetDetails") for child in details.children]
    return Incident(
        type=summary.value("incidentType") or "",
        platform=summary.value("platform"),
        escalation=summary.value("escalateToHighPriority"),
        annotations=tuple(mark.name for mark in marks.children),
        at=moment_of(summary.value("incidentDateTime")),
        at_description=summary.value("incidentDateTimeDescription"),
        urls=tuple(url.text.strip() for channel in channels for url in channel.all("url")),
        channels=tuple(channel.name for channel in channels),
        clients=tuple(filter(None, (channel.value(n) for channel in channels for n in _CLIENTS))),
        ips=tuple(_ip(ip) for channel in channels for ip in channel.all("ipCaptureEvent")),
    )


def _party(party: Element) -> Person:
    role, inner = _PARTIES[party.name]
    return _person(role, party.first(inner), party)


def _person(role: PersonRole, named: Element | None, party: Element) -> Person:
    named = named or _NOTHING
    place = party.first("estimatedLocation")
    prior = (number_of(report.text) for report in party.all("priorCTReports"))
    return Person(
        role=role,
        first_name=named.value("firstName"),
        last_name=named.value("lastName"),
        age=number_of(named.value("age")),
        birth_on=birth_date_of(named.value("dateOfBirth")),
        emails=tuple(_email(email) for email in named.all("email")),
        phones=tuple(_phone(phone) for phone in named.all("phone")),
        addresses=tuple(_address(address) for address in named.all("address")),
        account=_account(party),
        other_accounts=tuple(_account(other) for other in party.all("associatedAccount")),
        compromised=boolean_of(party.value("compromisedAccount")),
        ips=tuple(_ip(ip) for ip in party.all("ipCaptureEvent")),
        devices=tuple(_device(device) for device in party.all("deviceId")),
        location=_location(place) if place else None,
        school=party.value("schoolName"),
        prior_reports=tuple(number for number in prior if number is not None),
        note="\n".join(note.text for note in party.all("additionalInfo")).strip() or None,
    )


def _account(party: Element) -> Account:
    return Account(
        identifier=party.value("espIdentifier"),
        service=party.value("espService") or party.value("platform"),
        screen_name=party.value("screenName"),
        display_names=tuple(name.text.strip() for name in party.all("displayName")),
        profile_urls=tuple(url.text.strip() for url in party.all("profileUrl")),
        group=party.value("groupIdentifier"),
        kind=party.attributes.get("type") or party.attributes.get("accountType"),
    )


def _email(email: Element) -> Email:
    return Email(
        address=email.text.strip(),
        kind=email.attributes.get("type"),
        verified=boolean_of(email.attributes.get("verified")),
        verified_at=moment_of(email.attributes.get("verificationDate")),
    )


def _phone(phone: Element) -> Phone:
    return Phone(
        number=phone.text.strip(),
        kind=phone.attributes.get("type"),
        verified=boolean_of(phone.attributes.get("verified")),
        verified_at=moment_of(phone.attributes.get("verificationDate")),
        calling_code=phone.attributes.get("countryCallingCode"),
        extension=phone.attributes.get("extension"),
    )


def _address(address: Element) -> Address:
    return Address(
        street=address.value("address"),
        city=address.value("city"),
        zip_code=address.value("zipCode"),
        state=address.value("state"),
        other_state=address.value("nonUsaState"),
        country=address.value("country"),
        kind=address.attributes.get("type"),
    )


def _ip(capture: Element) -> IpCapture:
    return IpCapture(
        address=capture.value("ipAddress") or "",
        event=capture.value("eventName"),
        at=moment_of(capture.value("dateTime")),
        possible_proxy=boolean_of(capture.value("possibleProxy")),
        port=number_of(capture.value("port")),
    )


def _device(device: Element) -> Device:
    return Device(
        kind=device.value("idType") or "",
        value=device.value("idValue") or "",
        event=device.value("eventName"),
        at=moment_of(device.value("dateTime")),
    )


def _location(place: Element) -> EstimatedLocation:
    return EstimatedLocation(
        city=place.value("city"),
        region=place.value("region"),
        country=place.value("countryCode"),
        verified=boolean_of(place.attributes.get("verified")),
    )
