"""What must hold after an operation, however often its nodes were killed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text

from tests.faults.playing import Played
from tests.nodes import acting
from tipbridge.app import sequence
from tipbridge.demo.nodes import CLEARING, LIAISON, POLICE, DemoNode
from tipbridge.foundation.audit import log as audit_log
from tipbridge.foundation.base.actors import WORKER
from tipbridge.foundation.jobs import queue
from tipbridge.foundation.work import open_work
from tipbridge.tips.intake import actions as intake

_EFFECTS = (
    "referrals", "referral_feedback", "cases", "case_referrals", "case_people", "exhibits",
    "exhibit_custody", "exhibit_examinations", "exhibit_files", "outcome_decisions",
    "outcome_feedback", "welfare_records", "welfare_talks", "removals", "report_feedback", "leads",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphans:
    """What lost answers left behind: reports that nobody finished, files sent once more."""

    reports: int
    files: int


def rows(node: DemoNode, query: str) -> list[tuple]:
    """Rows of a query, as the worker sees them."""
    with acting(node.node.engine, WORKER) as db:
        return [tuple(row) for row in db.execute(text(query))]


def effects(played: Played) -> dict[tuple[str, str], int]:
    """How many rows each node has of everything that is done once."""
    return {
        (node_id, table): rows(node, f"SELECT count(*) FROM {table}")[0][0]
        for node_id, node in played.nodes.items()
        for table in _EFFECTS
    }


def check_promises(played: Played) -> Orphans:
    """Each acknowledged report and file is there once, whole and readable."""
    node, promises = played.nodes[CLEARING.node_id], played.promises
    extra = 0
    for filed, digests in promises.filed:
        with open_work(node.node, WORKER) as work:
            record = intake.read_report(work, filed.report_id)
        assert record.state == "finished"
        known = {file.file_id: file for file in record.files}
        assert len(set(filed.file_ids)) == len(digests)
        for file_id, sha256 in zip(filed.file_ids, digests, strict=True):
            assert known[file_id].sha256 == sha256
            with open_work(node.node, WORKER) as work:
                assert work.node.vault.read(known[file_id].sealed)
        assert Counter(file.sha256 for file in record.files).keys() == set(digests)
        extra += len(record.files) - len(digests)
    states = dict(rows(node, "SELECT state, count(*) FROM reports GROUP BY state"))
    numbers = {filed.report_id for filed, _ in promises.filed}
    assert states.pop("finished") == len(numbers) == len(promises.filed)
    assert set(states) <= {"expired"}, "what nobody finished has expired"
    orphans = Orphans(reports=sum(states.values()), files=extra)
    assert orphans.reports <= promises.lost["/submit"]
    assert orphans.files <= promises.lost["/upload"]
    return orphans


def check_packages(played: Played) -> None:
    """Each package that left arrived, once, and had one effect."""
    sent, taken = (
        "SELECT package_id FROM outbox WHERE peer_id = '{}'",
        ("SELECT package_id FROM inbox WHERE sender = '{}'"),
    )
    for here, there in ((CLEARING, LIAISON), (LIAISON, CLEARING),
                        (LIAISON, POLICE), (POLICE, LIAISON)):  # fmt: skip
        out = rows(played.nodes[here.node_id], sent.format(there.node_id))
        into = rows(played.nodes[there.node_id], taken.format(here.node_id))
        assert Counter(out) == Counter(into), f"{here.node_id} to {there.node_id}"
    for node in played.nodes.values():
        assert rows(node, "SELECT package_id FROM outbox WHERE state <> 'delivered'") == []
        assert rows(
            node,
            "SELECT package_id FROM inbox WHERE kind = 'referral' EXCEPT"
            " SELECT package_id FROM referrals WHERE direction = 'in'",
        ) == []  # fmt: skip
    assert _doubled(
        rows(played.nodes[POLICE.node_id], "SELECT referral_id FROM case_referrals")
    ) == []  # fmt: skip


def _doubled(found: Iterable[tuple]) -> list[tuple]:
    return [each for each, count in Counter(found).items() if count > 1]


def check_rest(played: Played) -> None:
    """Every queue is empty, no job was given up, every log verifies to its last event."""
    for node in played.nodes.values():
        assert queue.waiting(node.node.engine) == 0
        assert rows(node, "SELECT args FROM queue.procrastinate_jobs WHERE status = 'failed'") == []
        sequence(node.node)
        with open_work(node.node, WORKER) as work:
            found = audit_log.verify(work.db, node.node.id, node.node.open_checkpoint)
        assert found.intact, found
        node.node.vault.sweep()
