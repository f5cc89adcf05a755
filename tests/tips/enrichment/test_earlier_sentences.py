"""Sentences of an earlier program that name a list for named people are reworded where they stand."""

import hashlib
from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text

from tests.knowledge.hashes.lists import activated, listed, loaded, opened
from tests.nodes import acting, build_node
from tests.tips.enrichment.near import keep_near
from tests.tips.triage.filed import file_report
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.work import open_work
from tipbridge.tips.enrichment import sentences
from tipbridge.tips.enrichment.actions import enrich_tip

REWORDING = "tipbridge.foundation.storage.migrations.versions.0050_handling_of_hits"


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def as_it_was(db: Connection, said: dict[str, list[str]]) -> None:
    """The tables without codes, and the sentences of each report as the program said them then."""
    for table in ("tip_list_hits", "tip_near_hits"):
        db.execute(text(f"ALTER TABLE {table} DROP COLUMN handling"))
    db.execute(text("DELETE FROM tip_favours"))
    for report_id, spoken in said.items():
        for number, sentence in enumerate(spoken, start=1_000):
            db.execute(
                text("INSERT INTO tip_favours VALUES (:report, :number, 'match', 'f', :text)"),
                {"report": int(report_id), "number": number, "text": sentence},
            )


def test_what_names_a_list_for_named_people_names_it_no_longer(tmp_path, database) -> None:
    node = build_node(tmp_path / "node", database)
    loaded(node, opened(node, "victims", handling="TLP:RED"), "victims", md5(b"one"))
    activated(node, "victims")
    listed(node, "national", md5(b"two"))
    red, amber, gone = (file_report(node, files=(content,)) for content in (b"one", b"two", b"3"))
    for report in (red, amber, gone):
        with open_work(node, WORKER) as work:
            enrich_tip(work, report_id=report)
    with open_work(node, WORKER) as work:
        for report in (amber, gone):
            keep_near(work, int(report))  # of these the list is no longer there
    named = sentences.EXACT.format(lists="victims")
    near = sentences.NEAR.format(lists="known", bits=10)
    kept = [sentences.NO_MATCH, sentences.NEAR.format(lists="another", bits=3)]
    said = {
        red: [named, *kept],
        amber: [sentences.EXACT.format(lists="national"), near],
        gone: [near, named],
    }
    with acting(database.owner, WORKER) as db:
        as_it_was(db, said)
    with database.owner.begin() as db, Operations.context(MigrationContext.configure(db)):
        import_module(REWORDING).upgrade()
    with acting(database.owner, WORKER) as db:
        rows = db.execute(
            text("SELECT report_id, text FROM tip_favours ORDER BY report_id, number")
        )
        found: dict[str, list[str]] = {}
        for report_id, sentence in rows:
            found.setdefault(str(report_id), []).append(sentence)
        codes = dict(
            db.execute(
                text(
                    "SELECT list_name, handling FROM tip_list_hits"
                    " UNION SELECT list_name, handling FROM tip_near_hits"
                )
            ).all()
        )
    unnamed = sentences.NEAR_UNNAMED.format(bits=10)
    assert found[red] == [sentences.EXACT_UNNAMED, *kept]
    assert found[amber] == [said[amber][0], unnamed], "a list that may be named stays named"
    assert found[gone] == [unnamed, named], "only of lists that the report's own files are on"
    assert codes == {"victims": "TLP:RED", "national": "TLP:AMBER", "known": "TLP:RED"}
