"""Tips in the database: queue, reading, units, leads."""

import pytest

from tests.knowledge.hashes.lists import listed
from tests.nodes import add_unit
from tests.tips.report.maximal import maximal_file_details, maximal_reports
from tests.tips.triage.filed import file_report, file_tip, process, report_xml
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.defanging import defang_address
from tipbridge.foundation.base.errors import Forbidden, Invalid, NotFound
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.agreements.model import DataClass
from tipbridge.knowledge.hashes.digests import digest_bytes
from tipbridge.tips.enrichment.actions import forget_tip
from tipbridge.tips.intake import actions as intake
from tipbridge.tips.triage import actions
from tipbridge.tips.triage.identifiers import OwnGrounds
from tipbridge.tips.triage.model import Queue, ReasonCode, SourceGrade, Suspicion
from tipbridge.tips.triage.present import tip_json

URGENT = "<escalateToHighPriority>Synthetic: act now</escalateToHighPriority>"


@pytest.fixture
def analyst(node, staff):
    return staff(node, Role.ANALYST)


def read(node, actor, report_id: str):
    with open_work(node, actor) as work:
        return actions.read_tip(work, report_id)


def test_a_finished_report_becomes_a_tip_with_facts_reasons_and_a_lead(node, analyst) -> None:
    view = read(node, analyst, file_tip(node))
    (facts,) = view.tip.facts.person_facts
    assert facts.likely.country == "KR"
    (placed,) = view.tip.facts.placed
    assert placed.facts.source is not None
    assert placed.facts.source.file_name == "demo.mmdb"
    assert view.triage is not None
    assert view.triage.queue is Queue.ORDINARY
    assert [lead.person_index for lead in view.leads] == [0]


def test_working_out_a_tip_twice_changes_nothing(node, analyst) -> None:
    """The pipeline delivers at least once."""
    report_id = file_tip(node)
    first = read(node, analyst, report_id)
    process(node, report_id)
    second = read(node, analyst, report_id)
    assert (first.tip, first.triage, first.leads) == (second.tip, second.triage, second.leads)


def test_the_queue_shows_what_is_urgent_first(node, analyst) -> None:
    ordinary = file_tip(node)
    urgent = file_tip(node, report_xml(summary=URGENT))
    waiting = file_report(node)
    with open_work(node, analyst) as work:
        lines = actions.list_tips(work)
    assert [line.report_id for line in lines] == [waiting, urgent, ordinary]
    assert [line.queue for line in lines] == [None, Queue.URGENT, Queue.ORDINARY]
    assert lines[2].countries == ("KR",)
    with open_work(node, analyst) as work:
        assert [line.report_id for line in actions.list_tips(work, queue="urgent")] == [urgent]
        with pytest.raises(Invalid, match="child-path"):
            actions.list_tips(work, queue="whatever")


def test_a_file_seen_before_names_the_first_report(node, analyst) -> None:
    first = file_tip(node, files=(b"same", b"other"))
    second = file_tip(node, files=(b"new", b"same"))
    assert read(node, analyst, first).tip.facts.duplicates == ()
    view = read(node, analyst, second)
    (found,) = view.tip.facts.duplicates
    assert (found.first_report_id, found.earlier_reports) == (int(first), 1)
    assert found.sha256 == digest_bytes(b"same").sha256
    assert view.visible_reports == {int(first)}


def test_the_first_report_is_not_named_to_who_may_not_see_it(node, staff) -> None:
    first = file_tip(node, files=(b"same",))
    second = file_tip(node, files=(b"same",))
    unit = add_unit(node, "east")
    with open_work(node, staff(node, Role.ANALYST)) as work:
        actions.assign_tip(work, second, unit="east")
    view = read(node, staff(node, Role.ANALYST, unit=unit), second)
    assert view.visible_reports == frozenset()
    assert first not in str(tip_json(view)["facts"])


def test_a_file_on_a_list_is_a_reason_and_names_the_list(node, analyst) -> None:
    listed(node, "national", digest_bytes(b"listed").md5)
    view = read(node, analyst, file_tip(node, files=(b"free", b"listed")))
    (hit,) = view.tip.facts.hits
    assert hit.list_name == "national"
    assert view.triage is not None
    reasons = {(each.code, each.about) for each in view.triage.reasons}
    assert (ReasonCode.KNOWN_MATERIAL, "files/1") in reasons


def test_every_value_that_arrived_is_in_the_answer(node, analyst) -> None:
    """Nothing a provider wrote is lost between the wire and the analyst."""
    reports = maximal_reports()
    for document, values in reports:
        described = maximal_file_details("{report}", ["{file0}", "{file1}"])[:2]
        if b"<batchedReport" in document:
            described = []  # its file says next to nothing
        details = [body for body, _ in described]
        said = [value for _, values_ in described for value in values_]
        told = [defang_address(each) for each in (*values, *said)]
        files = (b"a", b"b") if described else (b"a",)
        report_id = file_tip(node, document, files=files, details=details)
        text = str(tip_json(read(node, analyst, report_id)))
        missing = [
            each
            for each in told
            if each not in text and repr(each)[1:-1] not in text and "{" not in each
        ]
        assert missing == []


def test_another_units_tip_looks_like_no_tip(node, staff) -> None:
    unit = add_unit(node, "east")
    stranger = staff(node, Role.ANALYST, unit=add_unit(node, "west"))
    report_id = file_tip(node)
    with open_work(node, staff(node, Role.ANALYST)) as work:
        actions.assign_tip(work, report_id, unit="east")
    with pytest.raises(NotFound) as theirs, open_work(node, stranger) as work:
        actions.read_tip(work, report_id)
    with pytest.raises(NotFound) as nobodys, open_work(node, stranger) as work:
        actions.read_tip(work, "1")
    assert str(theirs.value).replace(report_id, "N") == str(nobodys.value).replace("1", "N")
    mine = staff(node, Role.ANALYST, unit=unit)
    assert read(node, mine, report_id).unit == "east"
    with open_work(node, stranger) as work:
        assert actions.list_tips(work) == []
        assert actions.list_leads(work) == []


def test_a_restricted_tip_is_seen_by_its_members_only(node, analyst, staff) -> None:
    member, colleague = staff(node, Role.ANALYST), staff(node, Role.ANALYST)
    report_id = file_tip(node)
    with open_work(node, analyst) as work:
        actions.assign_tip(
            work, report_id, unit="headquarters", restricted=True, members=(member.name,)
        )
    assert read(node, member, report_id).record.restricted
    assert read(node, analyst, report_id).leads[0].restricted
    with pytest.raises(NotFound):
        read(node, colleague, report_id)
    with open_work(node, colleague) as work:
        assert actions.list_leads(work) == []


def test_a_unit_cannot_give_a_tip_to_another(node, staff) -> None:
    unit = add_unit(node, "east")
    add_unit(node, "west")
    report_id = file_tip(node)
    with open_work(node, staff(node, Role.ANALYST)) as work:
        actions.assign_tip(work, report_id, unit="east")
    with (
        pytest.raises(Invalid, match="east"),
        open_work(node, staff(node, Role.ANALYST, unit=unit)) as work,
    ):
        actions.assign_tip(work, report_id, unit="west")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_only_analysts_read_tips(node, staff, role: Role) -> None:
    with pytest.raises(Forbidden), open_work(node, staff(node, role)) as work:
        actions.list_tips(work)


def test_a_purged_report_leaves_no_facts(node, console, analyst) -> None:
    report_id = file_tip(node)
    with open_work(node, console) as work:
        intake.purge(work, report_id)
    with open_work(node, WORKER) as work:
        forget_tip(work, report_id=report_id)
    with open_work(node, WORKER) as work:
        actions.end_leads(work, report_id=report_id)
    with open_work(node, analyst) as work:
        assert actions.list_tips(work) == []
        (lead,) = actions.list_leads(work)
        assert actions.read_lead(work, lead.id).parts == ()
    with pytest.raises(NotFound):
        read(node, analyst, report_id)
    process(node, report_id)


def test_a_lead_of_a_tip_has_the_tips_parts_and_files(node, analyst) -> None:
    view = read(node, analyst, file_tip(node, files=(b"a", b"b")))
    (lead,) = view.leads
    with open_work(node, analyst) as work:
        shown = actions.read_lead(work, lead.id)
        sealed = actions.contents_of_lead(work, lead.id)
        assert [node.vault.read(sealed[label]) for label in sorted(sealed)] == [b"a", b"b"]
    content = {each.label for each in shown.parts if each.data_class is DataClass.CONTENT}
    assert content == set(sealed)


def own(**facts: object) -> OwnGrounds:
    given = {
        "grounds": "A seized server names this account.",
        "grade": SourceGrade(source="B", information=2),
        "suspicion": Suspicion.PREPARING_SALE,
        "accounts": (("Example Market", "seller"),),
    }
    return OwnGrounds(**{**given, **facts})


def test_a_liaison_opens_a_lead_without_any_report(node, staff) -> None:
    liaison = staff(node, Role.LIAISON)
    with open_work(node, liaison) as work:
        lead = actions.add_lead(work, own())
    with open_work(node, liaison) as work:
        labels = {each.label for each in actions.read_lead(work, lead.id).parts}
        assert actions.contents_of_lead(work, lead.id) == {}
    assert {"lead/grounds", "lead/source_grade", "people/0/accounts/0"} <= labels


@pytest.mark.parametrize(
    "facts",
    [{"grounds": " "}, {"accounts": ()}, {"age": 200}, {"country": "kr"}, {"incident_type": "x"}],
)
def test_a_lead_without_grounds_or_identifier_is_refused(node, staff, facts) -> None:
    with pytest.raises(Invalid), open_work(node, staff(node, Role.LIAISON)) as work:
        actions.add_lead(work, own(**facts))


def test_a_lead_is_closed_once_by_somebody(node, console) -> None:
    with open_work(node, console) as work:
        lead = actions.add_lead(work, own())
        actions.close_lead(work, lead.id)
    with open_work(node, console) as work:
        assert actions.read_lead(work, lead.id).lead.state == "closed"
