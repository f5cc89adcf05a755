"""Tips made in memory for the tests of this room."""

from datetime import UTC, date, datetime

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.knowledge.places.base import demo_base, known_services
from tipbridge.tips.enrichment.facts import work_out
from tipbridge.tips.enrichment.model import Source, Tip, TipFile
from tipbridge.tips.enrichment.people import identify
from tipbridge.tips.report.model import (
    Account,
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

NOW = datetime(2014, 3, 1, tzinfo=UTC)
AT = Moment(at=datetime(2014, 2, 20, 1, tzinfo=UTC), as_sent="2014-02-20T10:00:00+09:00")
MATERIAL = "Child Pornography (possession, manufacture, and distribution)"


def person(role: PersonRole = PersonRole.REPORTED, number: int = 0, **facts: object) -> Person:
    given = {"account": Account(service="Example Social", identifier=f"user-{number}")}
    return Person(role=role, **{**given, **facts})


def full_person() -> Person:
    return person(
        first_name="Given",
        last_name="Family",
        age=13,
        birth_on=date(2000, 6, 1),
        emails=(Email(address="u@mail.example", verified=True),),
        phones=(Phone(number="1000000000", calling_code="+82"),),
        account=Account(
            service="Example Social",
            identifier="user-1",
            screen_name="synthetic",
            profile_urls=("https://social.example/u", "https://social.example/v"),
        ),
        ips=(IpCapture(address="203.0.113.140", event="Login", at=AT),),
        devices=(Device(kind="IMEI", value="000000000000000"),),
    )


def tip_file(index: int = 0, **said: object) -> TipFile:
    return TipFile(
        index=index,
        file_id=f"f{index}",
        digests=digest_bytes(f"file {index}".encode()),
        details=FileDetails(report_id=1, file_id=f"f{index}", **said),
        sealed=Sealed(key_id="k", file_id=f"f{index}", wrapped_key=b"", size_bytes=6),
    )


def make_tip(
    *people: Person,
    files: tuple[TipFile, ...] | None = None,
    batched: bool = False,
    **incident: object,
) -> Tip:
    told = {"type": MATERIAL, "at": AT, **incident}
    source = Source(
        report_id=1,
        provider="esp-one",
        received_at=NOW,
        report=Report(
            incident=Incident(**told),
            reporter=Person(role=PersonRole.REPORTED),
            people=people or (person(),),
            batched=batched,
        ),
        files=(tip_file(viewed_by_provider=True),) if files is None else files,
    )
    people_found = identify(
        source.report, [each.details for each in source.files if each.details is not None]
    )
    facts = work_out(
        source,
        people_found,
        base=demo_base(),
        services=known_services(),
        duplicates=(),
        hits=(),
        at=NOW,
    )
    return Tip(source=source, people=people_found, facts=facts)
