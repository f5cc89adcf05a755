"""The bulletin read from a police node's tables, by role and unit, at every door."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from tests.bulletin.rows import PERIOD, START, cells_of
from tests.nodes import add_unit
from tipbridge.bulletin.actions import read_bulletin
from tipbridge.bulletin.commands import Format, group, written
from tipbridge.bulletin.model import View
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Forbidden, Invalid
from tipbridge.foundation.work import open_work
from tipbridge.police.cases.tables import (
    case_items,
    case_people,
    case_person_referrals,
    case_referrals,
    cases,
)
from tipbridge.police.evidence.tables import exhibit_files, exhibits
from tipbridge.police.outcomes.tables import outcome_decisions
from tipbridge.web.language import Language

DECIDED = START + timedelta(days=30)
END = START + timedelta(days=360)


def add_case(work, id_: str, *, digests: tuple[str, ...] = (), unit: int = 1, restricted=False):
    """A case taken from a provider's tip, with files by digest."""
    work.db.execute(
        cases.insert().values(
            id=id_, number=f"2014-{id_}", unit_id=unit, restricted=restricted, members=[],
            jurisdiction="KR", opened_at=START,
        )
    )  # fmt: skip
    add_referral(work, id_)
    for number, digest in enumerate(digests):
        work.db.execute(
            case_items.insert().values(
                case_id=id_,
                sha256=digest,
                referral_id=f"r-{id_}",
                label=f"files/{number}",
                added_at=START,
            )
        )


def add_referral(work, case_id: str, *, days: int = 0, channel: str = "hsi-knpa-mou"):
    at = START + timedelta(days=days)
    work.db.execute(
        case_referrals.insert().values(
            referral_id=f"r-{case_id}-{days}", case_id=case_id, origin="provider-tip",
            channel=channel, basis="agreement", possible_self_production=False,
            reported_at=at, sent_at=at, received_at=at + timedelta(days=4), taken_at=at,
        )
    )  # fmt: skip


def add_person(work, id_: str, case_id: str, *, position: int = 1, **said):
    facts = {
        "offence": "possession", "act": "possessed", "place_kind": "cloud-drive",
        "school_level": "none", "self_produced": False, "motive": "curiosity",
    } | said  # fmt: skip
    work.db.execute(
        case_people.insert().values(
            id=id_, case_id=case_id, position=position, roles=["suspect"], stage="booked",
            custody="not-detained", added_at=START, **facts,
        )
    )  # fmt: skip


def decide(work, person_id: str, case_id: str, *, age: tuple[int, int] | None = (30, 30), **other):
    values = {
        "id": f"d-{person_id}", "outcome": "booked-at-liberty", "stage": "booked",
        "custody": "not-detained", "reason": "suspicion", "decided_at": DECIDED, "standing": True,
        "law_of_decision": "KR/2012",
    } | other  # fmt: skip
    ages = None if age is None else {"low": age[0], "high": age[1]}
    work.db.execute(
        outcome_decisions.insert().values(
            case_id=case_id, person_id=person_id, rule="R", citation="C", law_of_act="KR/2012",
            within_advice=True, conditions=[],
            advice={"ages_at_act": ages}, decides="investigator", decided_by="x",
            decided_on=values["decided_at"].date(),  # pyright: ignore[reportAttributeAccessIssue]
            **values,
        )
    )  # fmt: skip


def read(node, actor, view: View = View.FULL, period=PERIOD):
    with open_work(node, actor) as work:
        return read_bulletin(work, period, view)


def test_facts_of_a_decided_person_become_figures(node, staff):
    with open_work(node, WORKER) as work:
        add_case(work, "a", digests=("11", "22", "33"))
        add_person(work, "p1", "a")
        decide(work, "p1", "a")
    bulletin = read(node, staff(node, Role.INVESTIGATOR))
    assert cells_of(bulletin, "dispositions") == {
        ("booked", "not-detained", "30-39", "suspicion"): 1
    }
    assert cells_of(bulletin, "offences") == {("possession", "possessed"): 1}
    assert cells_of(bulletin, "places") == {("cloud-drive", "30-39"): 1}
    assert cells_of(bulletin, "self-produced") == {("no", "curiosity"): 1}
    assert cells_of(bulletin, "origins") == {("provider-tip", "agreement"): 1}
    assert [float(span.median_days or 0) for span in bulletin.spans] == [4.0, 26.0, 30.0]
    assert (bulletin.items.total, bulletin.items.largest_case) == (3, 3)


def test_what_nobody_recorded_is_unknown(node, staff):
    with open_work(node, WORKER) as work:
        add_case(work, "a")
        facts = dict.fromkeys(
            ("offence", "act", "place_kind", "school_level", "self_produced", "motive")
        )
        add_person(work, "p1", "a", **facts)
        decide(work, "p1", "a", age=(9, 16))
    bulletin = read(node, staff(node, Role.INVESTIGATOR))
    assert cells_of(bulletin, "places") == {("unknown", "unknown"): 1}
    assert cells_of(bulletin, "self-produced") == {("unknown", "unknown"): 1}
    assert bulletin.items.total == 0


def test_an_item_counts_once_per_case_whether_reported_or_found(node, staff):
    with open_work(node, WORKER) as work:
        for id_, digests in (("a", ("11", "22")), ("b", ("11",))):
            add_case(work, id_, digests=digests)
            add_person(work, f"p-{id_}", id_)
            decide(work, f"p-{id_}", id_)
        work.db.execute(
            exhibits.insert().values(
                id="e", case_id="a", mark="1", kind="folder", description="x", identifiers="",
                seized_place="x", seized_authority="x", seized_at=START, seized_by="x",
                added_at=START,
            )
        )  # fmt: skip
        for number, (digest, finding) in enumerate(
            [("22", "sorted"), ("33", "listed"), ("33", "sorted"), ("44", None)]
        ):
            work.db.execute(
                exhibit_files.insert().values(
                    examination_id="x", number=number, exhibit_id="e", path=f"{number}",
                    size_bytes=1, md5="0", sha1="0", sha256=digest, finding=finding, list_ids=[],
                )
            )  # fmt: skip
    items = read(node, staff(node, Role.INVESTIGATOR)).items
    assert (items.cases, items.total, items.largest_case) == (2, 4, 3)


def test_days_are_those_of_the_referral_that_came_first(node, staff):
    with open_work(node, WORKER) as work:
        add_case(work, "a")
        add_referral(work, "a", days=12, channel="case-by-case")
        add_person(work, "p1", "a")
        decide(work, "p1", "a")
    bulletin = read(node, staff(node, Role.INVESTIGATOR))
    assert cells_of(bulletin, "origins") == {("provider-tip", "agreement"): 1}
    assert float(bulletin.spans[0].median_days or 0) == 4.0


def test_the_way_of_somebody_is_that_of_the_first_referral_that_names_them(node, staff):
    with open_work(node, WORKER) as work:
        add_case(work, "a")
        add_referral(work, "a", days=12, channel="case-by-case")
        add_person(work, "p1", "a")
        work.db.execute(
            case_person_referrals.insert().values(
                person_id="p1", referral_id="r-a-12", label="people/0", case_id="a"
            )
        )
        decide(work, "p1", "a")
    bulletin = read(node, staff(node, Role.INVESTIGATOR))
    assert cells_of(bulletin, "origins") == {("provider-tip", "case-by-case"): 1}
    assert [float(span.median_days or 0) for span in bulletin.spans] == [4.0, 14.0, 18.0]


def test_an_estimated_age_within_one_band_is_counted_in_it(node, staff):
    with open_work(node, WORKER) as work:
        add_case(work, "a")
        add_person(work, "p1", "a")
        decide(work, "p1", "a", age=(41, 49))
    bulletin = read(node, staff(node, Role.INVESTIGATOR))
    assert cells_of(bulletin, "places") == {("cloud-drive", "40-49"): 1}


def test_a_decision_that_was_replaced_counts_in_its_own_period_only(node, staff):
    with open_work(node, WORKER) as work:
        add_case(work, "a")
        add_person(work, "p1", "a")
        decide(work, "p1", "a", id="d1", reason="no-suspicion", stage="not-booked", standing=False)
        decide(work, "p1", "a", id="d2", decided_at=END)
    actor = staff(node, Role.INVESTIGATOR)
    assert cells_of(read(node, actor), "outcomes") == {("booked", "not-detained", "suspicion"): 1}
    early = type(PERIOD)(from_on=START.date(), to_on=DECIDED.date())
    assert cells_of(read(node, actor, period=early), "outcomes") == {
        ("not-booked", "not-detained", "no-suspicion"): 1
    }


def test_the_full_view_needs_a_role_and_the_public_one_hides(node, staff):
    with open_work(node, WORKER) as work:
        add_case(work, "a")
        add_person(work, "p1", "a")
        decide(work, "p1", "a")
    press = staff(node, Role.PRESS)
    with pytest.raises(Forbidden):
        read(node, press)
    assert read(node, press, View.PUBLIC).people is None
    with pytest.raises(Forbidden):
        read(node, staff(node, Role.ADMINISTRATOR), View.PUBLIC)


def test_a_reader_counts_only_the_cases_they_may_see(node, staff):
    seoul = add_unit(node, "seoul")
    with open_work(node, WORKER) as work:
        for id_, unit, restricted in (("a", 1, False), ("b", seoul, False), ("c", seoul, True)):
            add_case(work, id_, unit=unit, restricted=restricted)
            add_person(work, f"p-{id_}", id_)
            decide(work, f"p-{id_}", id_)
    assert read(node, staff(node, Role.INVESTIGATOR)).people == 2
    assert read(node, staff(node, Role.INVESTIGATOR, seoul)).people == 1


def test_a_period_that_runs_back_is_refused(node, staff):
    backwards = type(PERIOD)(from_on=date(2014, 2, 1), to_on=date(2014, 1, 1))
    with pytest.raises(Invalid):
        read(node, staff(node, Role.AUDITOR), period=backwards)


def test_every_read_leaves_one_record_without_personal_data(node, staff):
    auditor = staff(node, Role.AUDITOR)
    read(node, auditor)
    from tipbridge.office.actions import read_audit

    with open_work(node, auditor) as work:
        events = [entry.event for entry in read_audit(work, limit=5)]
    event = next(event for event in events if event.event == "bulletin.full.read")
    assert event.facts == {"from_on": "2013-11-01", "to_on": "2014-10-31"}


def test_the_command_needs_a_period():
    result = CliRunner().invoke(group, ["show", "--data", "nowhere"])
    assert result.exit_code == 2
    assert "--from" in result.output


def test_the_command_writes_text_and_json_in_two_languages(node, console):
    bulletin = read(node, console)
    assert json.loads(written(bulletin, Format.JSON, Language.KOREAN))["people"] == 0
    assert written(bulletin, Format.TEXT, Language.KOREAN).startswith("통계 공보")
    assert bulletin.as_of <= datetime.now(UTC)
