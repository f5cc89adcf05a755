"""A case's evidence gathered for a bundle, within the caller's own action."""

from collections.abc import Sequence
from typing import Any, cast

from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.audit.log import entry_bytes
from tipbridge.foundation.audit.proofs import Levels
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.office.terminal import plain
from tipbridge.police.cases import store as cases
from tipbridge.police.cases.model import Case
from tipbridge.police.disclosure.model import Content, Disclosure, Json
from tipbridge.police.evidence import store as evidence
from tipbridge.police.evidence.acquiring.model import Acquisition
from tipbridge.police.evidence.model import Examination, Exhibit, FoundFile, SkippedEntry
from tipbridge.police.outcomes import store as outcomes
from tipbridge.police.outcomes.model import Decision

_ALL = 2**31 - 1


def gather(work: Work, case: Case, exhibits: Sequence[Exhibit], disclosure: Disclosure) -> Content:
    """Everything that a bundle about these exhibits of the case says now."""
    ids = [exhibit.id for exhibit in exhibits]
    chains = evidence.custody_of(work.db, ids)
    examined = evidence.examinations_of(work.db, ids)
    done = [each for id_ in ids for each in examined.get(id_, ())]
    names = hashes.list_names(work)
    findings: dict[str, list[Json]] = {}
    unprocessed: dict[str, list[Json]] = {}
    for each in done:
        files = evidence.files_of(
            work.db, each.exhibit_id, _ALL, findings_only=True, examination=each.id
        )
        findings[each.id] = [_finding(file, names) for file in files]
        skipped = evidence.skipped_of(work.db, each.exhibit_id, _ALL, examination=each.id)
        unprocessed[each.id] = [_skipped(entry) for entry in skipped]
    return Content(
        head=_head(work, case, disclosure),
        exhibits=[_json(exhibit) for exhibit in exhibits],
        custody=[
            {"exhibit_id": id_, **_json(event)} for id_ in ids for event in chains.get(id_, ())
        ],
        acquisitions=[
            _acquisition(made) for id_ in ids for made in evidence.acquisitions_of(work.db, id_)
        ],
        examinations=[_examination(work, each, names) for each in done],
        findings=findings,
        unprocessed=unprocessed,
        decisions=[_decision(each) for each in outcomes.decisions_of(work.db, case.id)],
        audit=_audit(work, [case.id, *ids], disclosure.audit_size),
    )


def _json(value: object) -> Json:
    return cast("Json", plain(value))


def _head(work: Work, case: Case, disclosure: Disclosure) -> Json:
    others = [list(each) for each in sorted(cases.foreign_numbers_of(work.db, case.id))]
    node = work.node
    return {
        "disclosure": disclosure.id,
        "recipient": disclosure.recipient,
        "purpose": disclosure.purpose.value,
        "proposed_at": disclosure.proposed_at.isoformat(),
        "synthetic": node.synthetic,
        "node": {"id": node.id, "name": node.name, "fingerprint": node.keys.fingerprint},
        "case": {
            "id": case.id,
            "number": case.number,
            "numbers": [[node.id, case.number], *others],
            "jurisdiction": case.jurisdiction,
        },
    }


def _finding(file: FoundFile, names: dict[str, str]) -> Json:
    return {
        "number": file.number,
        "path": file.path,
        "place": file.place.value,
        "state": file.state.value,
        "may_be_overwritten": file.may_be_overwritten,
        "first_byte": file.start_byte,
        "finding": None if file.finding is None else file.finding.value,
        "lists": sorted(names.get(each, each) for each in file.list_ids),
        **_json(file.digests),
        "times_ns": {name: str(at) for name, at in _json(file.times).items() if at},
    }


def _skipped(entry: SkippedEntry) -> Json:
    return _json(entry)


def _acquisition(made: Acquisition) -> Json:
    found: Json = {
        "id": made.id,
        "exhibit_id": made.exhibit_id,
        "at": made.at.isoformat(),
        "examiner": made.examiner,
        "tool": made.tool,
        "source": made.facts.source,
        "image": made.facts.image,
        "size_bytes": made.facts.size_bytes,
        "segment_bytes": made.facts.segment_bytes,
        "finished_at": None if made.finished_at is None else made.finished_at.isoformat(),
    }
    if made.copied is not None:
        found["digests"] = _json(made.copied.digests)
        found["segments"] = list(made.copied.segments)
        found["bad"] = plain(made.copied.bad)
    return found


def _examination(work: Work, done: Examination, names: dict[str, str]) -> Json:
    found: dict[str, Any] = _json(done)
    found["lists"] = sorted(names.get(each, each) for each in done.lists)
    found["unread"] = plain(evidence.unread_of(work.db, done.id))
    return found


def _decision(decision: Decision) -> Json:
    """Without the decider's own text and the person's name: who needs them asks for the file."""
    found = _json(decision)
    del found["grounds"]
    return found


def _audit(work: Work, subjects: Sequence[str], size: int) -> Json:
    """The log's entries about the subjects, each with its proof up to the signed root."""
    checkpoint = audit_store.checkpoint_at(work.db, size) if size else None
    if checkpoint is None:
        return {"origin": work.node.id, "size": 0, "checkpoint": None, "entries": []}
    levels = Levels(audit_store.leaves_before(work.db, size))
    found: list[Json] = []
    for entry in audit_store.entries_about(work.db, subjects, size=size):
        assert entry.position is not None
        proof = [step.hex() for step in levels.proof(entry.position)]
        text = entry_bytes(entry.event).decode()
        found.append({"position": entry.position, "entry": text, "proof": proof})
    return {
        "origin": work.node.id,
        "size": size,
        "checkpoint": checkpoint.note,
        "entries": found,
    }
