"""What the made-up services know of their users, written as reports and file details."""

from datetime import UTC, datetime, time, timedelta

from tipbridge.demo.draw import Draw
from tipbridge.demo.people import DrawnPerson, DrawnReport
from tipbridge.tips.report.model import (
    Account,
    Email,
    FileDetails,
    Incident,
    IpCapture,
    Moment,
    Person,
    PersonRole,
    Report,
)

INCIDENT_TYPES = {
    "sexual-abuse-material": "Child Pornography (possession, manufacture, and distribution)",
    "misleading-words-or-images": "Misleading Words or Digital Images on the Internet",
}
ADDRESSES_OF_KOREA = "2001:db8:4b52::{:x}"
_UPLOAD_HOUR = time(9, 30, tzinfo=UTC)


def report_on(person: DrawnPerson, draw: Draw) -> Report:
    """A service's report on one of its users: account, address, contact; no name, no age."""
    seen = _moment(datetime.combine(person.act_on, _UPLOAD_HOUR))
    return Report(
        incident=Incident(
            type=INCIDENT_TYPES[person.subject],
            platform=person.service,
            at=seen,
            urls=(_address(person),) if person.act != "possessed" else (),
        ),
        reporter=Person(
            role=PersonRole.REPORTED,
            first_name="Trust",
            last_name="Desk",
            emails=(Email(address=f"safety@{person.service}"),),
        ),
        people=(
            Person(
                role=PersonRole.REPORTED,
                emails=(Email(address=person.email, verified=True),),
                account=Account(
                    identifier=person.account,
                    service=person.service,
                    screen_name=person.account,
                    profile_urls=(f"https://{person.service}/{person.account}",),
                ),
                ips=(
                    IpCapture(
                        address=ADDRESSES_OF_KOREA.format(int(person.id.split("-")[1])),
                        event="Upload",
                        at=seen,
                        possible_proxy=draw.between(f"{person.id}/proxy", 1, 20) == 1 or None,
                    ),
                ),
            ),
        ),
    )


def details_of(person: DrawnPerson, report: DrawnReport, number: int) -> FileDetails:
    """What the service says of the file of that number in a report.

    Shape: the ids are not known yet; the client fills them in.
    """
    uploaded = datetime.combine(person.act_on, _UPLOAD_HOUR) + timedelta(minutes=number)
    return FileDetails(
        report_id=0,
        file_id="",
        original_name=f"upload-{report.number}-{number:05}.bmp",
        uploaded_at=_moment(uploaded),
        location_url=_address(person) if number == 0 and person.act != "possessed" else None,
        viewed_by_provider=True,
        publicly_available=person.act != "possessed",
        annotations=("possibleSelfProduction",) if person.self_produced else (),
    )


def _address(person: DrawnPerson) -> str:
    return f"https://{person.service}/{person.account}/1"


def _moment(at: datetime) -> Moment:
    return Moment(at=at, as_sent=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
