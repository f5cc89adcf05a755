"""A case's evidence gathered for a bundle, within the caller's own action."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from tipbridge.foundation.audit import store as audit_store
from tipbridge.foundation.audit.log import entry_bytes
from tipbridge.foundation.audit.proofs import Levels
from tipbridge.foundation.base.defanging import defang_within
from tipbridge.foundation.work import Work
from tipbridge.knowledge.hashes import actions as hashes
from tipbridge.knowledge.law.loading import shipped_laws
from tipbridge.office.terminal import plain
from tipbridge.police.cases.model import Case, TakenReferral
from tipbridge.police.cases.seeing import numbers_elsewhere, referrals_seen
from tipbridge.police.disclosure.favouring import favours_told
from tipbridge.police.disclosure.model import Content, Disclosure, Json
from tipbridge.police.disclosure.naming import ListsTold
from tipbridge.police.disclosure.sealing import sealed_document
from tipbridge.police.evidence.acquiring.model import Acquisition
from tipbridge.police.evidence.model import CustodyEvent, Exhibit, FoundFile, Running, SourceFacts
from tipbridge.police.evidence.readings import GivenUp, Opening
from tipbridge.police.evidence.telling import ExaminationFound, sources_of, told_of
from tipbridge.police.outcomes.model import Decision
from tipbridge.police.outcomes.telling import decisions_in
from tipbridge.sharing.referral.consent.leaves import court_leave
from tipbridge.sharing.referral.telling import OwnDecision, ReleaseTold, releases_told

_TOLD_BY = {
    "report_number": re.compile("report/id"),
    "provider": re.compile("report/provider"),
    "reported_at": re.compile("report/received_at"),
    "incident_at": re.compile("incident/at"),
    "possible_self_production": re.compile("files/[0-9]+/marks"),
}
"""What is told of a referral in a case, and the parts from which it was read."""
_TYPED = (
    "head",
    "exhibits",
    "acquisitions",
    "examinations",
    "unfinished",
    "decisions",
    "referrals",
    "favours",
)


def gather(work: Work, case: Case, exhibits: Sequence[Exhibit], disclosure: Disclosure) -> Content:
    """Everything that a bundle about these exhibits of the case says now.

    Shape: web addresses in what staff typed are defanged. An event of the chain stands as its
    digest was made, a file's path as the medium has it, another's statement as it was signed.
    """
    told = told_of(work, exhibits)
    done = [each for one in told for each in one.examinations]
    facts = {id_: each for one in exhibits for id_, each in sources_of(work, one.id).items()}
    lists, referrals = ListsTold(hashes.all_lists(work)), referrals_seen(work, case.id)
    content = Content(
        head=_head(work, case, disclosure),
        exhibits=[{**_json(each.exhibit), "photographs": plain(each.photographs)} for each in told],
        custody=[
            {"exhibit_id": each.exhibit.id, **_event(event)}
            for each in told
            for event in each.custody
        ],
        acquisitions=[acquisition_told(made) for each in told for made in each.acquisitions],
        examinations=[_examination(each, lists, facts.get(each.examination.id)) for each in done],
        unfinished=[
            each
            for one in told
            for each in (*map(unfinished, one.running), *map(never_begun, one.opened))
        ],
        findings={
            each.examination.id: [_finding(file, lists) for file in each.findings] for each in done
        },
        near={each.examination.id: [_finding(file, lists) for file in each.near] for each in done},
        unprocessed={
            each.examination.id: [_json(entry) for entry in each.skipped] for each in done
        },
        decisions=[_decision(each) for each in decisions_in(work, case.id)],
        referrals=[_referral(work, each) for each in referrals],
        releases=[
            _release(each) for each in releases_told(work, [r.referral_id for r in referrals])
        ],
        sealed=sealed_document(disclosure.sealed, told),
        audit=_audit(work, [case.id, *(exhibit.id for exhibit in exhibits)], disclosure.audit_size),
    )
    content = replace(content, favours=favours_told(work, case, content, lists))
    return replace(content, **{name: defang_within(getattr(content, name)) for name in _TYPED})  # type: ignore[arg-type]


def _json(value: object) -> Json:
    return cast("Json", plain(value))


def _event(event: CustodyEvent) -> Json:
    """An event as its digest was made: one that says nothing of itself has no `detail`."""
    said = _json(event)
    return said if event.detail is not None else _without(said, "detail")


def _without(said: Json, name: str) -> Json:
    return {key: value for key, value in said.items() if key != name}


def _head(work: Work, case: Case, disclosure: Disclosure) -> Json:
    others = [list(each) for each in sorted(numbers_elsewhere(work, case.id))]
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


def _finding(file: FoundFile, lists: ListsTold) -> Json:
    return {
        "number": file.number,
        "path": file.path,
        "place": file.place.value,
        "state": file.state.value,
        "may_be_overwritten": file.may_be_overwritten,
        "first_byte": file.start_byte,
        "finding": None if file.finding is None else file.finding.value,
        "lists": lists.names(file.list_ids),
        "hits": [lists.hit(each) for each in file.hits],
        **_json(file.digests),
        "times_ns": {name: str(at) for name, at in _json(file.times).items() if at},
    }


def acquisition_told(made: Acquisition) -> Json:
    """An image of a medium as a bundle tells it."""
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
    if made.recorded is not None:
        found["recorded"] = plain(made.recorded)
    if made.copied is not None:
        found["digests"] = _json(made.copied.digests)
        found["segments"] = list(made.copied.segments)
        found["bad"] = plain(made.copied.bad)
    return found


def _examination(found: ExaminationFound, lists: ListsTold, facts: SourceFacts | None) -> Json:
    done = found.examination
    said = _json(done)
    said["lists"] = lists.names(done.lists)
    said["searched"] = [lists.searched(each) for each in found.searched]
    said["unread"] = plain(found.unread)
    said["medium"] = None if facts is None or facts.of_folder else medium_told(facts)
    return said


def medium_told(facts: SourceFacts) -> Json:
    """A medium as it was when its examination began, beside what the image's maker wrote down."""
    return {
        "kind": facts.source_kind,
        "digests": {"md5": facts.md5, "sha1": facts.sha1, "sha256": facts.sha256},
        "stored": {"md5": facts.stored_md5, "sha1": facts.stored_sha1},
        "header": list(facts.header),
        "notes": list(facts.notes),
    }


def unfinished(running: Running) -> Json:
    """An examination that was begun: what it was of, and how far it came."""
    begun, reached, left = running.begun, running.reached, running.given_up
    return {
        "given_up": _given_up(left),
        "id": begun.id,
        "exhibit_id": begun.exhibit_id,
        "at": begun.at.isoformat(),
        "examiner": begun.examiner,
        "tool": begun.tool,
        "source": begun.facts.source,
        "medium_bytes": None if begun.facts.of_folder else begun.facts.size_bytes,
        "sha256_before": None if begun.facts.of_folder else begun.facts.sha256,
        "bytes_read": running.bytes_read,
        "entries": 0 if reached is None else reached.entries,
        "findings": 0 if reached is None else reached.findings,
    }


def never_begun(opening: Opening) -> Json:
    """An examination that came to no digest of its source: as one that is not finished is told."""
    return {
        "given_up": _given_up(opening.given_up),
        "id": opening.id,
        "exhibit_id": opening.exhibit_id,
        "at": opening.at.isoformat(),
        "examiner": opening.examiner,
        "tool": opening.tool,
        "source": opening.source,
        "medium_bytes": None,
        "sha256_before": None,
        "bytes_read": 0,
        "entries": 0,
        "findings": 0,
    }


def _given_up(left: GivenUp | None) -> Json | None:
    return left and {"at": left.at.isoformat(), "by": left.by, "reason": left.reason}


def _decision(decision: Decision) -> Json:
    """Without the decider's own text and the person's name: who needs them asks for the file.

    Shape: `laws` says of each version of the law that was applied where its first day stands.
    """
    found = _json(decision)
    del found["grounds"]
    laws = {decision.law_of_act, decision.law_of_decision}
    found["laws"] = [
        {"law": law.id, "valid_from": law.valid_from.isoformat(), "began": plain(law.began)}
        for law in shipped_laws()
        if law.id in laws
    ]
    return found


def _referral(work: Work, taken: TakenReferral) -> Json:
    """How a referral came, without what came in parts that no consent lets into a court."""
    may_not = court_leave(work, taken.referral_id).may_not
    found = _json(taken)
    if not may_not:
        return found
    for name, told_by in _TOLD_BY.items():
        if any(told_by.fullmatch(label.partition("~")[0]) for label in may_not):
            found[name] = None
    return {**found, "withheld": list(may_not)}


def _release(told: ReleaseTold) -> Json:
    """Who let a referral go, by their own signed words, and what was decided here since."""
    return {
        "referral_id": told.referral_id,
        "package_id": told.package_id,
        "hops": [
            {"statement": statement.decode(), "card": card.decode()}
            for statement, card in told.hops
        ],
        "decisions": [_passing_on(each) for each in told.decisions],
    }


def _passing_on(made: OwnDecision) -> Json:
    """A decision as it was kept, but for what it was made from, which stays sealed here."""
    said = _without(_without(_json(made.kept), "inputs"), "key_id")
    return {**said, "recipient": made.recipient, "approved_by": list(made.people)}


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
