from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.tips.quality.reports import details, record
from tipbridge.tips.quality.checks import CHECKS, VIRAL_FROM_REPORTS
from tipbridge.tips.quality.expectations import known_expectations
from tipbridge.tips.quality.model import Expectation
from tipbridge.tips.quality.rules import assess, expected_on
from tipbridge.tips.report.model import Account, FileDetails, IpCapture, Moment, Person, PersonRole

AT = Moment(at=datetime(2024, 6, 1, tzinfo=UTC), as_sent="2024-06-01T00:00:00Z")
ENTICEMENT = "Online Enticement of Children for Sexual Acts"
WHOLE = IpCapture(address="203.0.113.7", at=AT, port=4711)
USER = Account(identifier="user-1", service="Example Chat")
SOMEBODY = Person(role=PersonRole.REPORTED, account=USER, ips=(WHOLE,))
CHILD = Person(role=PersonRole.VICTIM, account=Account(identifier="kid-1"), age=13)


def told(viewed: bool | None = True, annotations: tuple[str, ...] = ()) -> FileDetails:
    return replace(details(viewed=viewed, annotations=annotations), uploaded_at=AT)


def missing(given, spread=None) -> tuple[str, ...]:
    found = assess(given, known_expectations(), spread or {})
    assert found is not None
    return found.missing


def whole(**changes):
    return record(**{"people": (SOMEBODY,), "at": AT, "files": [told()], **changes})


def test_a_whole_report_lacks_nothing():
    found = assess(whole(), known_expectations(), {})
    assert found is not None
    assert (found.missing, found.actionable) == ((), True)
    assert found.lag_seconds == 24 * 3600


@pytest.mark.parametrize(
    ("changes", "lacks", "actionable"),
    [
        ({"people": ()}, ("account", "ip-address"), False),
        ({"people": (replace(SOMEBODY, account=Account()),)}, ("account",), False),
        ({"people": (replace(SOMEBODY, ips=()),)}, ("ip-address",), False),
        ({"people": (replace(SOMEBODY, ips=(replace(WHOLE, at=None),)),)}, ("ip-time",), False),
        ({"people": (replace(SOMEBODY, ips=(replace(WHOLE, port=None),)),)}, ("ip-port",), True),
        (
            {"people": (replace(SOMEBODY, ips=(IpCapture(address="2001:db8::1", at=AT),)),)},
            (),
            True,
        ),
        ({"at": None}, ("incident-time",), True),
        ({"files": [told(None)]}, ("file-viewed",), True),
        ({"files": [told(viewed=False)]}, (), True),
        ({"files": [None]}, ("file-viewed", "upload-time"), True),
        ({"files": []}, ("material",), True),
        ({"kind": ENTICEMENT}, ("victim",), True),
        ({"kind": ENTICEMENT, "people": (SOMEBODY, CHILD)}, (), True),
    ],
)
def test_each_thing_that_is_missing_is_named(changes, lacks, actionable):
    found = assess(whole(**changes), known_expectations(), {})
    assert found is not None
    assert (found.missing, found.actionable) == (lacks, actionable)


def test_a_file_that_many_reported_should_have_been_marked_viral():
    plain, marked = whole(), whole(files=[told(annotations=("viral",))])
    digest = plain.files[0].sha256
    assert missing(plain, {digest: VIRAL_FROM_REPORTS}) == ("viral-marked",)
    assert missing(plain, {digest: VIRAL_FROM_REPORTS - 1}) == ()
    assert missing(marked, {digest: VIRAL_FROM_REPORTS}) == ()
    assert missing(whole(batched=True), {digest: VIRAL_FROM_REPORTS}) == ()


def test_only_what_was_expected_on_the_day_is_expected():
    early = whole(finished_at=datetime(2010, 1, 1, tzinfo=UTC), people=(), at=None)
    found = assess(early, known_expectations(), {early.files[0].sha256: 99})
    assert found is not None
    assert not {"ip-port", "viral-marked"} & set(found.expected)
    assert found.lag_seconds is None

    def since(day: date, reason: str) -> Expectation:
        known = known_expectations()[0]
        return replace(known, from_on=day, reason=reason)

    both = (since(date(2020, 1, 1), "old"), since(date(2022, 1, 1), "new"))
    assert [one.reason for one in expected_on(both, date(2021, 1, 1))] == ["old"]
    assert [one.reason for one in expected_on(both[::-1], date(2023, 1, 1))] == ["new"]
    assert expected_on(both, date(2019, 1, 1)) == ()


def test_an_ended_report_is_not_assessed():
    assert assess(whole(ended=True), known_expectations(), {}) is None


def test_every_check_of_the_data_is_known_and_cited():
    assert {one.check for one in known_expectations()} == set(CHECKS)
    assert all(one.reason and one.source for one in known_expectations())
