from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tipbridge.tips.report.model import (
    Account,
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
from tipbridge.tips.report.parse import parse_file_details, parse_report
from tipbridge.tips.report.read import file_details_of, report_of
from tipbridge.tips.report.values import moment_of
from tipbridge.tips.report.write import file_details_document, report_document

NOW = datetime(2026, 1, 6, tzinfo=UTC)

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn")),
    min_size=1,
    max_size=20,
)
moments = st.sampled_from(["2013-11-05T10:20:30+09:00", "2013-11-05T01:20:30Z"]).map(moment_of)
ips = st.builds(
    IpCapture,
    address=st.sampled_from(["192.0.2.1", "2001:db8::5"]),
    event=st.none() | st.sampled_from(["Login", "Upload"]),
    at=st.none() | moments,
    possible_proxy=st.none() | st.booleans(),
    port=st.none() | st.integers(1, 65535),
)
devices = st.builds(Device, kind=words, value=words, at=st.none() | moments)
emails = st.builds(
    Email,
    address=st.just("u1@mail.example"),
    kind=st.none() | st.just("Home"),
    verified=st.just(True),
)
phones = st.builds(Phone, number=st.just("2025550100"), calling_code=st.none() | st.just("+1"))
accounts = st.builds(
    Account,
    identifier=words,
    service=words,
    screen_name=words,
    display_names=st.lists(words, max_size=2).map(tuple),
)
people = st.builds(
    Person,
    role=st.just(PersonRole.REPORTED),
    first_name=words,
    age=st.none() | st.integers(0, 150),
    birth_on=st.none() | st.dates(date(1900, 1, 1), date(2013, 1, 1)),
    emails=st.lists(emails, max_size=2).map(tuple),
    phones=st.lists(phones, max_size=2).map(tuple),
    account=accounts,
    compromised=st.none() | st.booleans(),
    ips=st.lists(ips, max_size=3).map(tuple),
    devices=st.lists(devices, max_size=2).map(tuple),
    location=st.none() | st.builds(EstimatedLocation, city=words, country=st.just("KR")),
    prior_reports=st.lists(st.integers(1, 2**62), max_size=2).map(tuple),
    note=st.none() | words,
)
REPORTER = Person(role=PersonRole.REPORTED, emails=(Email(address="ts@esp.example"),))


@settings(max_examples=100, deadline=None)
@given(people, st.none() | words, st.sampled_from([(), ("sextortion",), ("spam",)]))
def test_a_written_report_reads_back_the_same(person: Person, note: str | None, marks):
    report = Report(
        incident=Incident(type="Child Sex Trafficking", annotations=marks, platform="Example Chat"),
        reporter=REPORTER,
        people=(person,),
        note=note,
    )
    assert report_of(parse_report(report_document(report), now=NOW)) == report


@settings(max_examples=50, deadline=None)
@given(ips, words, st.none() | st.booleans(), st.sampled_from([(), ("viral", "infant")]))
def test_written_file_details_read_back_the_same(ip: IpCapture, name: str, seen, marks):
    details = FileDetails(
        report_id=900000001,
        file_id="a" * 32,
        original_name=name,
        location_url="https://cdn.example/x",
        viewed_by_provider=seen,
        relevance="Reported",
        annotations=marks,
        classification="B2",
        claimed_hashes=(ClaimedHash(kind="MD5", value="d41d8cd98f00b204e9800998ecf8427e"),),
        ip=ip,
        metadata=(("EXIF", "Model", "Example"),),
        notes=("synthetic",),
    )
    assert file_details_of(parse_file_details(file_details_document(details), now=NOW)) == details


def test_the_nouns_of_a_maximal_report_are_all_read():
    report = report_of(parse_report(maximal_reports()[0][0], now=NOW))
    roles = [person.role for person in report.people]
    assert roles.count(PersonRole.VICTIM) == 3
    person = report.people[0]
    assert (len(person.ips), len(person.devices), len(person.emails)) == (3, 2 + 1, 8)
    assert person.ips[0].at is not None
    assert person.account.identifier
    assert len(person.other_accounts) == 3
    assert report.incident.urls
    details = file_details_of(
        parse_file_details(maximal_file_details("900000123", ["a" * 32])[0][0], now=NOW)
    )
    assert details.file_id == "a" * 32
    assert len(details.claimed_hashes) == 3


def test_the_offset_of_a_time_is_kept_beside_the_instant():
    moment = moment_of("2013-11-05T10:20:30+09:00")
    assert moment is not None
    assert (moment.as_sent[-6:], moment.at.isoformat()) == ("+09:00", "2013-11-05T01:20:30+00:00")
