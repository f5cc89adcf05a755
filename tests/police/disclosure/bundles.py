"""Bundles of made-up cases, in which everything that can be in a bundle is."""

import hashlib
import random
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from pyrage.x25519 import Identity

from tests.police.disclosure.favours import BEGIN, Drawn, a_favours, put_on_record
from tipbridge.foundation.audit.log import checkpoint_text
from tipbridge.foundation.audit.merkle import Tree, leaf_hash
from tipbridge.foundation.audit.proofs import Levels
from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.sealing import seal_stream
from tipbridge.foundation.node import CHECKPOINT_TYPE
from tipbridge.police.disclosure.bag import Leaving, bundle_of, facts_of, payload_of
from tipbridge.police.disclosure.limits import KNOWN_LIMITS
from tipbridge.police.disclosure.model import NOTHING_SEALED, Approval, Content, Json
from tipbridge.sharing.exchange.model import STATEMENT_TYPE

KEYS, FIRST_KEYS, SECOND_KEYS = (NodeKeys.generate() for _ in range(3))
RECIPIENT = Identity.generate()


def a_content(seed: int) -> Content:
    drawn = Drawn(random.Random(seed))
    case, number = drawn.id(), f"2014-{seed:06}"
    exhibits = [_exhibit(drawn, mark) for mark in range(1, drawn.draw.randint(2, 4))]
    examinations = [_examination(drawn, each) for each in exhibits]
    acquisitions = [_acquisition(drawn, each) for each in exhibits[:1]]
    custody = [event for each in exhibits for event in _custody(drawn, each)]
    releases = [a_release(drawn.id(), drawn.id()) for _ in range(drawn.draw.randint(0, 2))]
    findings = {each["id"]: _findings(drawn, each["findings"]) for each in examinations}
    favours = a_favours(drawn, releases, examinations)
    decided = favours["people"][0]["person"]
    return Content(
        head={
            "disclosure": drawn.id(),
            "recipient": "Example District Court",
            "purpose": "court",
            "proposed_at": drawn.at(90),
            "synthetic": True,
            "node": {"id": "kr.knpa", "name": "KNPA (synthetic)", "fingerprint": KEYS.fingerprint},
            "case": {
                "id": case,
                "number": number,
                "numbers": [["kr.knpa", number], ["hsi", f"HSI-{seed}"]],
                "jurisdiction": "kr",
            },
        },
        exhibits=exhibits,
        custody=custody,
        acquisitions=acquisitions,
        examinations=examinations,
        unfinished=[_unfinished(drawn, each) for each in exhibits[1:]],
        findings=findings,
        sealed=_sealed(findings),
        near={each["id"]: _near(drawn, each["near"]) for each in examinations},
        unprocessed={
            each["id"]: [{"path": "volume/link", "reason": "symbolic-link", "detail": ""}]
            * each["unprocessed"]
            for each in examinations
        },
        decisions=_decisions(drawn, decided),
        favours=favours,
        referrals=[
            {
                "referral_id": each["referral_id"],
                "channel": "us.hsi",
                "basis": "agreement:us-kr",
                "sent_at": drawn.at(-9),
                "received_at": drawn.at(-8),
            }
            for each in releases
        ],
        releases=releases,
        audit=_audit(drawn, case, custody, favours),
    )


def _decisions(drawn: Drawn, person: str) -> list[Json]:
    by = drawn.id()
    return [
        {"id": drawn.id(), "person_id": person, "outcome": "booked-at-liberty", "decided_by": by}
    ]


def _sealed(findings: dict[str, list[Json]]) -> Json:
    """Two findings of each examination leave sealed, where there are any."""
    files = [
        {
            "file": f"data/sealed/{each['sha256']}.age",
            "examination": examination,
            **{name: each[name] for name in ("sha256", "size_bytes", "number", "path")},
        }
        for examination, found in findings.items()
        for each in found[:2]
    ]
    if not files:
        return dict(NOTHING_SEALED)
    recipient = str(RECIPIENT.to_public())
    return {"name": "Exhibits office (synthetic)", "recipient": recipient, "files": files}


@cache
def sealed_bytes(sha256: str, size_bytes: int) -> bytes:
    """What stands for a file's sealed bytes; the same each time."""
    out = BytesIO()
    seal_stream(str(RECIPIENT.to_public()), [random.Random(sha256).randbytes(size_bytes)], out)
    return out.getvalue()


def a_release(referral: str, package: str, *, node: str = "kr.knpa") -> Json:
    """A referral that two senders passed on, each in words that it signed."""
    hops: list[Json] = []
    earlier = None
    for keys, sender, recipient in (
        (FIRST_KEYS, "us.clearing", "us.hsi"),
        (SECOND_KEYS, "us.hsi", node),
    ):
        stated = canonical_json(
            {"sender": sender, "recipient": recipient, "package_id": package, "earlier": earlier}
        )
        earlier = hashlib.sha256(stated).hexdigest()
        card = keys.sign_card(keys.card(sender, sender, ["liaison"], synthetic=True))
        statement = keys.sign(STATEMENT_TYPE, stated)
        hops.append({"statement": statement.decode(), "card": card.decode()})
    return {"referral_id": referral, "package_id": package, "hops": hops, "decisions": []}


def _exhibit(drawn: Drawn, mark: int) -> Json:
    return {
        "id": drawn.id(),
        "mark": f"E{mark}",
        "kind": "device",
        "description": "휴대용 저장장치 (synthetic)",
        "identifiers": f"serial {drawn.draw.randrange(10**6)}",
        "seizure": {
            "place": "at home",
            "authority": "warrant 1",
            "at": drawn.at(0),
            "by": "investigator-1",
        },
        "added_at": drawn.at(1),
    }


def _custody(drawn: Drawn, exhibit: Json) -> list[Json]:
    steps = (
        ("seized", None, "investigator-1"),
        ("handed-over", "investigator-1", "examiner-1"),
        ("received", "investigator-1", "examiner-1"),
        ("imaged", "examiner-1", None),
        ("examined", "examiner-1", None),
    )
    events = [
        {
            "exhibit_id": exhibit["id"],
            "position": position,
            "kind": kind,
            "at": drawn.at(position),
            "giver": giver,
            "taker": taker,
            "recorded_by": drawn.id(),
            "recorded_at": drawn.at(position),
            "reason": "the courier was late" if position == 3 else None,
            "faults": ["before-the-last"] if position == 3 else [],
            "salt": drawn.id(),
        }
        for position, (kind, giver, taker) in enumerate(steps, start=1)
    ]
    return chained(events)


def chained(events: list[Json]) -> list[Json]:
    """The events, each with the digest that covers those before it."""
    before, found = None, list[Json]()
    for event in events:
        before = hashlib.sha256(canonical_json(event | {"before": before})).hexdigest()
        found.append(event | {"digest": before})
    return found


def _acquisition(drawn: Drawn, exhibit: Json) -> Json:
    return {
        "id": drawn.id(),
        "exhibit_id": exhibit["id"],
        "at": drawn.at(4),
        "examiner": "examiner-1",
        "tool": "tipbridge 0.1.0",
        "source": "/dev/sdx",
        "image": "stick.raw",
        "size_bytes": 4096,
        "segment_bytes": 4096,
        "finished_at": drawn.at(5),
        "digests": drawn.digests() | {"size_bytes": 4096},
        "segments": [drawn.digest()],
        "bad": [{"offset": 512, "length": 512, "reason": "read-error"}],
    }


def _examination(drawn: Drawn, exhibit: Json) -> Json:
    found, left = drawn.draw.randint(0, 5), drawn.draw.randint(0, 2)
    return {
        "id": drawn.id(),
        "exhibit_id": exhibit["id"],
        "at": drawn.at(6),
        "examiner": "examiner-1",
        "source": "stick.raw",
        "tool": "tipbridge 0.1.0, pytsk3 20260715",
        "total": found + left + 7,
        "processed": found + 7,
        "unprocessed": left,
        "findings": found,
        "items": found,
        "near": drawn.draw.randint(0, 2),
        "lists": ["national"],
        "verdict": "complete",
        "medium_bytes": 4096,
        "sha256_before": (digest := drawn.digest()),
        "sha256_after": digest,
        "unread": [],
        "medium": {
            "kind": "e01",
            "digests": {"md5": drawn.digest()[:32], "sha1": drawn.digest()[:40], "sha256": digest},
            "stored": {"md5": drawn.digest()[:32], "sha1": None},
            "header": ["case number: 2014-7"],
            "notes": [],
        },
    }


def _unfinished(drawn: Drawn, exhibit: Json) -> Json:
    left = {"at": drawn.at(9), "by": "examiner-1", "reason": "The stick broke."}
    return {
        "id": drawn.id(),
        "exhibit_id": exhibit["id"],
        "at": drawn.at(8),
        "examiner": "examiner-1",
        "source": "other.raw",
        "tool": "tipbridge 0.1.0, pytsk3 20260715",
        "medium_bytes": 8192,
        "sha256_before": drawn.digest(),
        "bytes_read": 512,
        "entries": 3,
        "findings": 0,
        "given_up": drawn.draw.choice([None, left]),
    }


def _findings(drawn: Drawn, count: int) -> list[Json]:
    return [
        {
            "number": number,
            "path": f"volume/{number}.jpg",
            "place": "carved" if number == 1 else "file",
            "state": "present",
            "may_be_overwritten": number == 1,
            "finding": "listed",
            "lists": ["national"],
            "hits": [
                {
                    "list": "national",
                    "purpose": "known-material",
                    "class": "A1",
                    "confidence": "unvoted",
                    "by": "digest",
                    "distance_bits": 0,
                }
            ],
            "size_bytes": 700 + number,
            **drawn.digests(),
        }
        for number in range(count)
    ]


def _near(drawn: Drawn, count: int) -> list[Json]:
    by = {"by": "pdq", "distance_bits": 12, "confidence": "voted"}
    return [
        each | {"finding": None, "lists": [], "hits": [hit | by for hit in each["hits"]]}
        for each in _findings(drawn, count)
    ]


def _audit(drawn: Drawn, case: str, custody: list[Json], favours: Json) -> Json:
    size = drawn.draw.randint(1, 40)
    texts = [
        canonical_json({"event": "cases.case.read", "subject": case, "id": drawn.id(), "facts": {}})
        for _ in range(size)
    ]
    texts += [
        canonical_json(
            {"subject": event["exhibit_id"], "facts": {"custody": event["digest"]}, "event": "e"}
        )
        for event in custody
    ]
    texts += [
        canonical_json({"subject": case, "facts": facts, "event": event})
        for event, facts in put_on_record(favours)
    ]
    leaves = [leaf_hash(text) for text in texts]
    tree, levels = Tree().extend(leaves), Levels(leaves)
    note = KEYS.sign(CHECKPOINT_TYPE, checkpoint_text("kr.knpa", tree)).decode()
    quoted = [*sorted(drawn.draw.sample(range(size), min(size, 3))), *range(size, len(texts))]
    return {
        "origin": "kr.knpa",
        "size": len(texts),
        "checkpoint": note,
        "entries": [
            {
                "position": position,
                "entry": texts[position].decode(),
                "proof": [step.hex() for step in levels.proof(position)],
            }
            for position in quoted
        ],
    }


def a_bundle(
    content: Content, keys: NodeKeys = KEYS, *, people: int = 2, proposer: str = "9" * 32
) -> dict[str, bytes]:
    """All files of a bundle that says this."""
    approvals = [
        Approval(staff_id=f"{number:032}", at=BEGIN + timedelta(hours=91 + number))
        for number in range(people)
    ]
    card = keys.card("kr.knpa", "KNPA (synthetic)", ["police"], synthetic=True)
    leaving = Leaving(
        proposed_by=proposer,
        approvals=approvals,
        written_at=BEGIN + timedelta(hours=99),
        card=keys.sign_card(card),
        signing_key=keys.public_signing_key,
        sign=keys.sign,
    )
    sealed = {
        each["file"]: sealed_bytes(each["sha256"], each["size_bytes"])
        for each in content.sealed["files"]
    }
    payload = payload_of(content, KNOWN_LIMITS)
    return bundle_of(content, payload, leaving, facts_of(sealed)) | sealed


def laid(folder: Path, files: Mapping[str, bytes]) -> Path:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
