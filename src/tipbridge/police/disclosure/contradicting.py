"""What the files of a signed bundle say that can't be so together."""

import base64
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from tipbridge.foundation.audit.merkle import leaf_hash
from tipbridge.foundation.audit.proofs import is_included
from tipbridge.foundation.base.canonical import canonical_json, parse_canonical, parse_json
from tipbridge.foundation.base.errors import TipbridgeError
from tipbridge.foundation.identity.card import parse_card
from tipbridge.foundation.identity.signing import verify_payload
from tipbridge.foundation.node import CHECKPOINT_TYPE
from tipbridge.police.disclosure import bag
from tipbridge.police.disclosure.favours_hold import favours_hold
from tipbridge.police.disclosure.found_sealed import Readable, are_sealed
from tipbridge.police.disclosure.graph import actions_without_record
from tipbridge.police.disclosure.model import PEOPLE_NEEDED, Json, Problem, ProblemKind
from tipbridge.sharing.exchange.model import STATEMENT_TYPE

_UNSAID = (TipbridgeError, ValueError, TypeError, KeyError, AttributeError, IndexError, OSError)
"""What reading a document of another shape ends in."""


def contradictions(lying: Readable, said: Json, fingerprint: str | None) -> list[Problem]:
    """One problem for each file that is as it was signed and can't be so."""
    checks: dict[str, Callable[[], bool]] = {
        bag.STATEMENT: lambda: _is_approved(said),
        bag.CARD: lambda: _is_of(lying, said, fingerprint),
        bag.MANIFEST: lambda: _lists_all(lying, said),
        "data/case.json": lambda: _is_of_case(lying, said),
        "data/custody.json": lambda: _has_no_hole(lying) and _is_as_logged(lying),
        "data/examinations.json": lambda: _adds_up(lying),
        "data/audit.json": lambda: _is_in_the_log(lying, said),
        "data/case.jsonld": lambda: not any(actions_without_record(_json(lying, "case.jsonld"))),
    }
    if said["format"] != bag.WITHOUT_RELEASES:
        checks["data/releases.json"] = lambda: _were_released(lying, said)
    if said["format"] not in {bag.WITHOUT_RELEASES, bag.WITHOUT_SEALED}:
        checks["data/sealed.json"] = lambda: are_sealed(lying, said)
    if said["format"] == bag.STATEMENT_FORMAT:
        checks["data/favours.json"] = lambda: favours_hold(lying, said)
    return [
        Problem(path=path, kind=ProblemKind.CONTRADICTS)
        for path, check in checks.items()
        if not _holds(check)
    ]


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except _UNSAID:
        return False


def _json(lying: Readable, name: str) -> Any:  # noqa: ANN401 - of another's making
    return parse_json(lying.read(f"data/{name}"))


def _is_approved(said: Json) -> bool:
    others = {each["by"] for each in said["approvals"]} - {said["proposed_by"]}
    return len(others) >= PEOPLE_NEEDED


def _is_of(lying: Readable, said: Json, fingerprint: str | None) -> bool:
    card = parse_card(lying.read(bag.CARD))
    same = card.signing_key.hex() == said["signing_key"] and card.node_id == said["node"]
    return same and fingerprint in {None, card.fingerprint}


def _lists_all(lying: Readable, said: Json) -> bool:
    listed = {
        path: facts["sha256"] for path, facts in said["files"].items() if path.startswith("data/")
    }
    return lying.read(bag.MANIFEST) == bag.manifest(listed)


def _is_of_case(lying: Readable, said: Json) -> bool:
    case = _json(lying, "case.json")
    own = (case["disclosure"], case["case"]["number"], case["recipient"], case["synthetic"])
    return own == (said["disclosure"], said["case"], said["recipient"], said["synthetic"])


def _has_no_hole(lying: Readable) -> bool:
    """Positions of each exhibit run from 1 on, a fault stands with its reason, digests chain."""
    exhibits = {exhibit["id"] for exhibit in _json(lying, "exhibits.json")}
    positions: dict[str, list[int]] = defaultdict(list)
    before: dict[str, str | None] = {}
    for event in _json(lying, "custody.json"):
        exhibit = event["exhibit_id"]
        positions[exhibit].append(event["position"])
        if event["faults"] and not event["reason"]:
            return False
        said = {name: value for name, value in event.items() if name != "digest"}
        digest = bag.sha256(canonical_json(said | {"before": before.get(exhibit)}))
        if event["digest"] not in {None, digest}:
            return False
        before[exhibit] = event["digest"]
    whole = all(found == list(range(1, len(found) + 1)) for found in positions.values())
    return whole and positions.keys() == exhibits


def _is_as_logged(lying: Readable) -> bool:
    """The quoted log names every event up to the last that it names, and none that is not there."""
    chains: dict[str, list[str | None]] = defaultdict(list)
    logs: dict[str, set[str]] = defaultdict(set)
    for event in _json(lying, "custody.json"):
        chains[event["exhibit_id"]].append(event["digest"])
    for entry in _json(lying, "audit.json")["entries"]:
        said = parse_json(entry["entry"].encode())
        digest = said["facts"].get("custody")
        if digest and said["subject"] in chains:
            logs[said["subject"]].add(digest)
    for exhibit, chain in chains.items():
        named = [digest in logs[exhibit] for digest in chain]
        quoted = len(named) - named[::-1].index(True) if True in named else 0
        if {*chain[:quoted]} - {None} != logs[exhibit]:
            return False
    return True


def _adds_up(lying: Readable) -> bool:
    for done in _json(lying, "examinations.json")["examinations"]:
        if done["processed"] + done["unprocessed"] != done["total"]:
            return False
        for folder in ("findings", "near", "unprocessed"):
            if _count(lying, f"data/{folder}/{done['id']}.jsonl") != done[folder]:
                return False
    return True


def _count(lying: Readable, path: str) -> int:
    count = 0
    for count, line in enumerate(lying.lines(path), start=1):  # noqa: B007 - counted
        if not isinstance(parse_json(line), dict):
            raise TypeError("every line is an object")
    return count


def _were_released(lying: Readable, said: Json) -> bool:
    """Each referral has one release, whose statements lead from its first sender to this node."""
    releases = _json(lying, "releases.json")
    named = sorted(each["referral_id"] for each in _json(lying, "referrals.json"))
    return named == sorted(each["referral_id"] for each in releases) and all(
        _leads_here(each, said["node"]) for each in releases
    )


def _leads_here(release: Json, node: str) -> bool:
    before: tuple[str, str] | None = None
    package = None
    for hop in release["hops"]:
        card = parse_card(hop["card"].encode())
        payload = verify_payload(card.signing_key, STATEMENT_TYPE, hop["statement"].encode())
        stated = parse_canonical(payload)
        sender, earlier = (card.node_id, None) if before is None else before
        if (stated["sender"], stated["earlier"]) != (sender, earlier) or sender != card.node_id:
            return False
        before, package = (stated["recipient"], bag.sha256(payload)), stated["package_id"]
    return before is not None and (before[0], package) == (node, release["package_id"])


def _is_in_the_log(lying: Readable, said: Json) -> bool:
    """Every entry's proof leads to the root that the node signed."""
    audit = _json(lying, "audit.json")
    if audit["checkpoint"] is None:
        return not audit["entries"] and audit["size"] == 0
    key = bytes.fromhex(said["signing_key"])
    note = verify_payload(key, CHECKPOINT_TYPE, audit["checkpoint"].encode())
    origin, size, root, end = note.decode().split("\n")
    if (origin, size, end) != (said["node"], str(audit["size"]), ""):
        return False
    return all(
        is_included(
            leaf_hash(entry["entry"].encode()),
            position=entry["position"],
            size=audit["size"],
            proof=[bytes.fromhex(step) for step in entry["proof"]],
            root=base64.b64decode(root, validate=True),
        )
        for entry in audit["entries"]
    )
