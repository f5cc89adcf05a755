"""From the nouns back to documents, in the schema's order; used by whoever files."""

from collections.abc import Iterable

from lxml import etree

from tipbridge.tips.report.model import (
    Account,
    Address,
    Device,
    Email,
    FileDetails,
    Incident,
    IpCapture,
    Moment,
    Person,
    PersonRole,
    Phone,
    Report,
)
from tipbridge.tips.report.nodes import XmlNode

_PARTIES = {
    PersonRole.REPORTED: ("personOrUserReported", "personOrUserReportedPerson"),
    PersonRole.RECIPIENT: ("intendedRecipient", "intendedRecipientPerson"),
    PersonRole.VICTIM: ("victim", "victimPerson"),
}
_PARTY_ORDER = (PersonRole.REPORTED, PersonRole.RECIPIENT, PersonRole.VICTIM)


def report_document(report: Report) -> bytes:
    """A `<report>` document."""
    root = etree.Element("report")
    if report.batched:
        etree.SubElement(root, "batchedReport", reason="VIRAL_POTENTIAL_MEME")
    _incident(root, report.incident)
    _named(etree.SubElement(root, "reporter"), "reportingPerson", report.reporter)
    for role in _PARTY_ORDER:
        for person in report.people:
            if person.role is role:
                _party(root, person)
    _put(root, "additionalInfo", report.note)
    return _bytes(root)


def file_details_document(details: FileDetails) -> bytes:
    """A `<fileDetails>` document."""
    root = etree.Element("fileDetails")
    _put(root, "reportId", details.report_id)
    _put(root, "fileId", details.file_id)
    _put(root, "originalFileName", details.original_name)
    _put(root, "uploadedToEspTimestamp", details.uploaded_at)
    _put(root, "locationOfFile", details.location_url)
    _put(root, "fileViewedByEsp", details.viewed_by_provider)
    _put(root, "exifViewedByEsp", details.exif_viewed)
    _put(root, "publiclyAvailable", details.publicly_available)
    _put(root, "fileRelevance", details.relevance)
    _marks(root, "fileAnnotations", details.annotations)
    _put(root, "industryClassification", details.classification)
    for claim in details.claimed_hashes:
        etree.SubElement(root, "originalFileHash", hashType=claim.kind).text = claim.value
    _ips(root, (details.ip,) if details.ip else ())
    _devices(root, details.devices)
    for kind, name, value in details.metadata:
        group = etree.SubElement(root, "details", {"type": kind} if kind else {})
        pair = etree.SubElement(group, "nameValuePair")
        _put(pair, "name", name)
        _put(pair, "value", value)
    for note in details.notes:
        _put(root, "additionalInfo", note)
    return _bytes(root)


def _bytes(root: XmlNode) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _text(value: str | float | Moment) -> str:
    if isinstance(value, Moment):
        return value.as_sent
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _put(parent: XmlNode, name: str, value: str | float | Moment | None) -> None:
    if value is not None:
        etree.SubElement(parent, name).text = _text(value)


def _attributes(**values: str | bool | Moment | None) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items() if value is not None}


def _marks(parent: XmlNode, name: str, marks: Iterable[str]) -> None:
    marks = tuple(marks)
    if marks:
        group = etree.SubElement(parent, name)
        for mark in marks:
            etree.SubElement(group, mark)


def _incident(root: XmlNode, incident: Incident) -> None:
    summary = etree.SubElement(root, "incidentSummary")
    _put(summary, "incidentType", incident.type)
    _put(summary, "platform", incident.platform)
    _put(summary, "escalateToHighPriority", incident.escalation)
    _marks(summary, "reportAnnotations", incident.annotations)
    _put(summary, "incidentDateTime", incident.at)
    _put(summary, "incidentDateTimeDescription", incident.at_description)
    if incident.urls:
        web = etree.SubElement(etree.SubElement(root, "internetDetails"), "webPageIncident")
        for url in incident.urls:
            _put(web, "url", url)


def _party(root: XmlNode, person: Person) -> None:
    outer, inner = _PARTIES[person.role]
    party = etree.SubElement(root, outer)
    _named(party, inner, person)
    _account(party, person.account, compromised=person.compromised)
    _ips(party, person.ips)
    _devices(party, person.devices)
    if person.role is PersonRole.VICTIM:
        _put(party, "schoolName", person.school)
    for number in person.prior_reports:
        _put(party, "priorCTReports", number)
    if person.role is not PersonRole.VICTIM:
        _put(party, "groupIdentifier", person.account.group)
    _location(party, person)
    if person.role is not PersonRole.RECIPIENT:
        for account in person.other_accounts:
            _linked(party, account)
    _put(party, "additionalInfo", person.note)


def _named(parent: XmlNode, name: str, person: Person) -> None:
    named = etree.SubElement(parent, name)
    _put(named, "firstName", person.first_name)
    _put(named, "lastName", person.last_name)
    for phone in person.phones:
        _phone(named, phone)
    for email in person.emails:
        _email(named, email)
    for address in person.addresses:
        _address(named, address)
    _put(named, "age", person.age)
    _put(named, "dateOfBirth", person.birth_on.isoformat() if person.birth_on else None)


def _account(party: XmlNode, account: Account, *, compromised: bool | None) -> None:
    _put(party, "espIdentifier", account.identifier)
    _put(party, "espService", account.service)
    _put(party, "compromisedAccount", compromised)
    _put(party, "screenName", account.screen_name)
    for name in account.display_names:
        _put(party, "displayName", name)
    for url in account.profile_urls:
        _put(party, "profileUrl", url)


def _linked(party: XmlNode, account: Account) -> None:
    linked = etree.SubElement(party, "associatedAccount", type=account.kind or "Linked")
    _put(linked, "espService", account.service)
    _put(linked, "espIdentifier", account.identifier)
    for url in account.profile_urls:
        _put(linked, "profileUrl", url)
    _put(linked, "screenName", account.screen_name)
    for name in account.display_names:
        _put(linked, "displayName", name)
    _put(linked, "groupIdentifier", account.group)


def _phone(parent: XmlNode, phone: Phone) -> None:
    attributes = _attributes(
        type=phone.kind,
        verified=phone.verified,
        verificationDate=phone.verified_at,
        countryCallingCode=phone.calling_code,
        extension=phone.extension,
    )
    etree.SubElement(parent, "phone", attributes).text = phone.number


def _email(parent: XmlNode, email: Email) -> None:
    attributes = _attributes(
        type=email.kind, verified=email.verified, verificationDate=email.verified_at
    )
    etree.SubElement(parent, "email", attributes).text = email.address


def _address(parent: XmlNode, address: Address) -> None:
    node = etree.SubElement(parent, "address", _attributes(type=address.kind))
    _put(node, "address", address.street)
    _put(node, "city", address.city)
    _put(node, "zipCode", address.zip_code)
    _put(node, "state", address.state)
    _put(node, "nonUsaState", address.other_state)
    _put(node, "country", address.country)


def _ips(parent: XmlNode, ips: Iterable[IpCapture]) -> None:
    for ip in ips:
        node = etree.SubElement(parent, "ipCaptureEvent")
        _put(node, "ipAddress", ip.address)
        _put(node, "eventName", ip.event)
        _put(node, "dateTime", ip.at)
        _put(node, "possibleProxy", ip.possible_proxy)
        _put(node, "port", ip.port)


def _devices(parent: XmlNode, devices: Iterable[Device]) -> None:
    for device in devices:
        node = etree.SubElement(parent, "deviceId")
        _put(node, "idType", device.kind)
        _put(node, "idValue", device.value)
        _put(node, "eventName", device.event)
        _put(node, "dateTime", device.at)


def _location(party: XmlNode, person: Person) -> None:
    place = person.location
    if place is None:
        return
    node = etree.SubElement(party, "estimatedLocation", _attributes(verified=place.verified))
    _put(node, "city", place.city)
    _put(node, "region", place.region)
    _put(node, "countryCode", place.country)
