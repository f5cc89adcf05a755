"""Enrichment in the database."""

from pathlib import Path

import pytest

from tests.nodes import acting
from tests.tips.triage.filed import file_report, report_xml
from tipbridge.foundation.base.actors import WORKER, Role
from tipbridge.foundation.base.errors import Forbidden
from tipbridge.foundation.work import open_work
from tipbridge.knowledge.places.base import DEMO_FILE
from tipbridge.tips.enrichment.actions import enrich_tip, forget_tip, tip_of
from tipbridge.tips.enrichment.model import Confidence, Tip
from tipbridge.tips.intake.actions import read_report

STRANGER = """<personOrUserReported><espIdentifier>u</espIdentifier>
<ipCaptureEvent><ipAddress>192.0.2.200</ipAddress><eventName>Login</eventName></ipCaptureEvent>
<ipCaptureEvent><ipAddress>10.0.0.1</ipAddress></ipCaptureEvent></personOrUserReported>"""


def enriched(node, report_id: str) -> Tip:
    with open_work(node, WORKER) as work:
        enrich_tip(work, report_id=report_id)
    with open_work(node, WORKER) as work:
        return tip_of(work, read_report(work, report_id))


def test_facts_come_back_as_they_were_worked_out(node) -> None:
    """What is read from the tables is what the rules gave, and again after a second run."""
    report_id = file_report(node, report_xml(STRANGER))
    first = enriched(node, report_id)
    assert [each.facts.reach for each in first.facts.placed] == ["documentation", "private"]
    (person,) = first.facts.person_facts
    assert person.likely.confidence is Confidence.UNKNOWN
    assert first == enriched(node, report_id)


def test_before_enrichment_a_tip_has_no_facts(node) -> None:
    report_id = file_report(node)
    with open_work(node, WORKER) as work:
        tip = tip_of(work, read_report(work, report_id))
    assert tip.facts.placed == ()


def test_a_report_of_the_same_file_later_does_not_change_an_earlier_tip(node) -> None:
    """Whichever is worked out first, only the later one says "seen before"."""
    first, second = file_report(node, files=(b"same",)), file_report(node, files=(b"same",))
    assert len(enriched(node, second).facts.duplicates) == 1
    assert enriched(node, first).facts.duplicates == ()


def test_empty_files_are_nobodys_duplicates(node) -> None:
    file_report(node, files=(b"",))
    assert enriched(node, file_report(node, files=(b"",))).facts.duplicates == ()


def test_what_is_forgotten_is_gone_from_every_table(node) -> None:
    report_id = file_report(node, files=(b"a",))
    enriched(node, report_id)
    with open_work(node, WORKER) as work:
        forget_tip(work, report_id=report_id)
    tables = ("tip_enrichments", "tip_ip_facts", "tip_person_facts", "tip_favours")
    with acting(node.engine, WORKER) as db:
        for table in tables:
            assert db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


def test_staff_do_not_enrich(node, staff) -> None:
    report_id = file_report(node)
    with pytest.raises(Forbidden), open_work(node, staff(node, Role.ANALYST)) as work:
        enrich_tip(work, report_id=report_id)


def test_the_operators_own_file_answers_in_place_of_the_demonstration(
    node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    own = tmp_path / "own.mmdb"
    own.write_bytes(DEMO_FILE.read_bytes())
    settings = node.settings.model_copy(update={"places_file": own})
    changed = dataclasses.replace(node, settings=settings)
    tip = enriched(changed, file_report(node))
    assert tip.facts.placed[0].facts.source is not None
    assert tip.facts.placed[0].facts.source.file_name == "own.mmdb"
