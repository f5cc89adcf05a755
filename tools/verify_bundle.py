#!/usr/bin/env python3
"""Checks a Tipbridge disclosure bundle. With bundle_forms.py beside it; needs Python 3.9 and nothing else.

    python3 verify_bundle.py FOLDER [--fingerprint DIGITS] [--json]

Get both files and the 64 digits of the node's fingerprint from somewhere else than the bundle. Without
the digits, only that the bundle is one whole is checked, not whose it is.

Says what is changed, missing, extra, renamed, unsafe, unreadable or contradicts, file by file; what is
sealed it can't open. Ends with 0 when nothing is wrong, 1 when something is, 2 when there is no bundle.
Opens files for reading, follows no link, runs nothing, trusts nothing that the bundle states. Shares no
line with the product: docs/disclosure.md is what both are written after.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import stat
import sys
from typing import Any

sys.path.append(os.path.dirname(os.path.abspath(__file__)))  # behind the standard library
from bundle_forms import Bad, base64_of, canonical, exact, parsed, signed

STATEMENT, CARD = "statement.dsse.json", "node-card.dsse.json"
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
# 1: no releases; 1, 2: nothing sealed; 1, 2, 3: nothing of what favours
FORMATS = [f"tipbridge-disclosure/{n}" for n in "1234"]
MOST_FILES, MOST_DEPTH, MOST_PATH, MOST_DOCUMENT_BYTES = 200_000, 32, 512, 1 << 28
DIGEST = re.compile("[0-9a-f]{64}").fullmatch
FOUND = ("findings", "near")
LOGGED = {
    "cases.favour.recorded": "favour",
    "cases.defence.asked": "request",
    "cases.defence.answered": "request",
    "cases.person.corrected": "correction",
    "cases.correction.taken-back": "correction",
}
NOTHING = "Nothing that favours is recorded; that is not the same as nothing."
STANZA = rb"->(?: [!-~]+)+\n(?:[+/0-9A-Za-z]{64}\n)*[+/0-9A-Za-z]{,63}\n"
AGE = re.compile(rb"age-encryption[.]org/v1\n((?:%b)+)--- [+/0-9A-Za-z]{43}\n" % STANZA).match


UNSAID = (Bad, KeyError, TypeError, ValueError, AttributeError, IndexError, OSError)


class Bundle:
    """A folder's files by path, and everything found wrong so far."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.files: dict[str, int] = {}
        self.wrong: set[tuple[str, str, str]] = set()
        self._walk("", 0)

    def say(self, what: str, path: str, now: str = "") -> None:
        """Note something wrong."""
        self.wrong.add((path, what, now))

    def _walk(self, folder: str, depth: int) -> None:
        try:
            where = os.path.join(self.root, folder)
            found = [(n, os.lstat(os.path.join(where, n))) for n in sorted(os.listdir(where))]
        except OSError:
            return self.say("unreadable", folder + "/")
        if folder and not found:
            self.say("extra", folder + "/")
        for name, at in found:
            path = f"{folder}/{name}" if folder else name
            plain = stat.S_ISDIR(at.st_mode) or stat.S_ISREG(at.st_mode)
            many = depth > MOST_DEPTH or len(self.files) >= MOST_FILES or len(path) > MOST_PATH
            if bad_path(name) or many or not plain:
                self.say("unsafe", os.fsencode(path).decode("utf-8", "backslashreplace"))
            elif stat.S_ISDIR(at.st_mode):
                self._walk(path, depth + 1)
            else:
                self.files[path] = at.st_size
        return None

    @contextlib.contextmanager
    def open(self, path: str) -> Any:
        """A file, for reading; a link put there meanwhile is not followed. Errors: OSError, said."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        where = os.path.join(self.root, path) if path in self.files else ""  # that opens nothing
        try:
            with os.fdopen(os.open(where, flags), "rb") as file:
                yield file
        except OSError:
            if where:
                self.say("unreadable", path)
            raise

    def read(self, path: str, first: int = MOST_DOCUMENT_BYTES + 1) -> bytes:
        """The first bytes of a file: all of it when it is no larger than a document may be."""
        with self.open(path) as file:
            data: bytes = file.read(first)
        if len(data) > MOST_DOCUMENT_BYTES:
            raise Bad("too large")
        return data

    def digest(self, path: str) -> str:
        """The SHA-256 of a file, nothing of one that can't be read."""
        total = hashlib.sha256()
        with contextlib.suppress(OSError), self.open(path) as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                total.update(piece)
            return total.hexdigest()
        return ""

    def document(self, name: str) -> Any:
        """The value of a JSON file of the payload."""
        return parsed(self.read("data/" + name))

    def lines(self, folder: str, name: str) -> Any:
        """The objects of a file with one in each line, one by one. Errors: ValueError, TypeError."""
        with self.open(f"data/{folder}/{name}.jsonl") as file:
            for line in iter(lambda: file.readline(MOST_DOCUMENT_BYTES), b""):
                yield {**parsed(line[: line.index(b"\n")])}  # what does not end, or is no object


def bad_path(path: str) -> bool:
    """Whether no bundle has such a path, or it leads outside."""
    return any(not p.isprintable() or "\\" in p or p in {"", ".", ".."} for p in path.split("/"))


def lines_of(listed: dict[str, str]) -> bytes:
    """A manifest as a bundle has it."""
    return "".join(f"{listed[path]}  {path}\n" for path in sorted(listed)).encode()


def statement_of(bundle: Bundle) -> dict[str, Any] | None:
    """What the bundle's key signed; None when it is missing or not what was signed."""
    try:
        said = exact(signed("disclosure+json", bundle.read(STATEMENT)))
        for path, at in said["files"].items():
            size, fits = at["size"], not bad_path(path) and DIGEST(at["sha256"])
            if not fits or type(size) is not int or size < 0:
                raise Bad("no such file")
        return {**said, "senders": []} if said["format"] in FORMATS else None
    except UNSAID:
        return None


def compare(bundle: Bundle, listed: dict[str, str], sizes: dict[str, int], done: set[str]) -> None:
    """Say which listed files are changed, missing or renamed, and which files are extra."""
    there = set(bundle.files)
    for path in set(listed) & there - done:
        size = sizes.get(path, bundle.files[path])  # a file of another size is not read
        if bundle.files[path] != size or bundle.digest(path) != listed[path]:
            bundle.say("changed", path)
    extra: dict[str, list[str]] = {}
    for path in sorted(there - set(listed) - done, reverse=True):
        extra.setdefault(bundle.digest(path), []).append(path)
    for path in sorted(set(listed) - there - done):
        same = extra.get(listed[path])
        bundle.say("renamed" if same else "missing", path, same.pop() if same else "")
    for path in (one for same in extra.values() for one in same):
        bundle.say("extra", path)


def read_manifest(bundle: Bundle, name: str) -> dict[str, str] | None:
    """Digests by path; None when the manifest is missing or has another form."""
    try:
        text = bundle.read(name).decode()
    except (Bad, ValueError, OSError):
        return None
    rows = [(line[66:], line[64:66], line[:64]) for line in text.split("\n")[:-1]]
    found = {path: digest for path, _, digest in rows}
    plain = all(gap == "  " and DIGEST(digest) and not bad_path(path) for path, gap, digest in rows)
    return found if plain and len(found) == len(rows) and text.endswith("\n") else None


def against_statement(bundle: Bundle, said: dict[str, Any]) -> None:
    """Every file against what was signed of it."""
    listed = {path: facts["sha256"] for path, facts in said["files"].items()}
    tags = {path: digest for path, digest in listed.items() if not path.startswith("data/")}
    tags[STATEMENT] = bundle.digest(STATEMENT)
    listed[TAGS] = hashlib.sha256(lines_of(tags)).hexdigest()
    compare(bundle, listed, {p: f["size"] for p, f in said["files"].items()}, {STATEMENT})


def against_manifests(bundle: Bundle) -> None:
    """Without a statement that holds: the files against the manifests, as far as these fit."""
    there, tags = STATEMENT in bundle.files, read_manifest(bundle, TAGS)
    if there or tags is None:
        bundle.say("changed" if there else "missing", STATEMENT)
    if tags is None:
        bundle.say("changed" if TAGS in bundle.files else "missing", TAGS)
        return
    listed = {STATEMENT: "none", **tags}
    done = {TAGS, STATEMENT} if there else {TAGS}
    payload = read_manifest(bundle, MANIFEST)
    if payload is not None and bundle.digest(MANIFEST) == tags.get(MANIFEST):
        listed.update(payload)
    else:
        done.update(path for path in bundle.files if path.startswith("data/"))
    compare(bundle, listed, {}, done)


def contradicts(bundle: Bundle, said: dict[str, Any], fingerprint: str | None) -> None:
    """Once every listed file is as signed: say which of them can't be so."""
    if any(what in {"changed", "missing", "renamed", "unreadable"} for _, what, _ in bundle.wrong):
        return
    payload = {p: at["sha256"] for p, at in said["files"].items() if p.startswith("data/")}
    for path, holds in (
        (STATEMENT, lambda: len({a["by"] for a in said["approvals"]} - {said["proposed_by"]}) >= 2),
        (CARD, lambda: card_holds(bundle, said, fingerprint)),
        (MANIFEST, lambda: bundle.read(MANIFEST) == lines_of(payload)),
        ("data/case.json", lambda: case_holds(bundle, said)),
        ("data/custody.json", lambda: custody_holds(bundle)),
        ("data/examinations.json", lambda: examinations_hold(bundle)),
        ("data/audit.json", lambda: audit_holds(bundle, said)),
        ("data/case.jsonld", lambda: graph_holds(bundle)),
        ("data/releases.json", lambda: said["format"] == FORMATS[0] or releases_hold(bundle, said)),
        ("data/sealed.json", lambda: said["format"] in FORMATS[:2] or sealed_hold(bundle, said)),
        ("data/favours.json", lambda: said["format"] != FORMATS[3] or favours_hold(bundle, said)),
    ):
        try:
            if not holds():
                raise Bad(path)
        except UNSAID:
            bundle.say("contradicts", path)


def card_of(envelope: bytes) -> dict[str, Any]:
    """A card that its own key signed and whose fingerprint follows from it. Errors: Bad."""
    card: dict[str, Any] = exact(signed("node-card+json", envelope))
    keys = bytes.fromhex(card["signing_key"]) + card["exchange_recipient"].encode("ascii")
    if card["fingerprint"] != hashlib.sha256(b"tipbridge node fingerprint v1\0" + keys).hexdigest():
        raise Bad("another fingerprint")
    return card


def card_holds(bundle: Bundle, said: dict[str, Any], wanted: str | None) -> bool:
    """The card is the signing node's, and that of the fingerprint asked for."""
    card = card_of(bundle.read(CARD).strip())
    same = card["signing_key"] == said["signing_key"] and card["node_id"] == said["node"]
    return same and wanted in (None, card["fingerprint"])


def case_holds(bundle: Bundle, said: dict[str, Any]) -> bool:
    """The case is the one that the statement names."""
    case, same = bundle.document("case.json"), ("disclosure", "recipient", "synthetic")
    return case["case"]["number"] == said["case"] and all(case[n] == said[n] for n in same)


def custody_holds(bundle: Bundle) -> bool:
    """Each exhibit's events are numbered, explained, chained, and those that the log names."""
    chains: dict[str, list[Any]] = {each["id"]: [] for each in bundle.document("exhibits.json")}
    logs: dict[str, set[str]] = {name: set() for name in chains}
    for entry in bundle.document("audit.json")["entries"]:
        told = parsed(entry["entry"].encode())
        if told["subject"] in logs and told["facts"].get("custody"):
            logs[told["subject"]].add(told["facts"]["custody"])
    for event in bundle.document("custody.json"):
        chain, digest = chains[event["exhibit_id"]], event.pop("digest")
        said = {**event, "before": chain[-1] if chain else None}
        fits = digest in (None, hashlib.sha256(canonical(said).encode()).hexdigest())
        chain.append(digest)
        if event["position"] != len(chain) or not fits or (event["faults"] and not event["reason"]):
            return False
    for name, chain in chains.items():  # the log is quoted up to some event
        ends = max((at for at, each in enumerate(chain, 1) if each in logs[name]), default=0)
        if not chain or set(chain[:ends]) - {None} != logs[name]:
            return False
    return True


def examinations_hold(bundle: Bundle) -> bool:
    """Processed and unprocessed are all, and the lists are as long as they are said to be."""
    return all(
        done["total"] == done["processed"] + done["unprocessed"]
        and sum(1 for _ in bundle.lines(folder, done["id"])) == done[folder]
        for done in bundle.document("examinations.json")["examinations"]
        for folder in ("findings", "near", "unprocessed")
    )


def sealed_hold(bundle: Bundle, said: dict[str, Any]) -> bool:
    """The sealed files are those named, each of them was found, and each is for one key."""
    told, facts = bundle.document("sealed.json"), ("number", "sha256", "size_bytes", "path")
    there = {path for path in said["files"] if path.startswith("data/sealed/")}
    exams = {each["examination"] for each in told["files"]}
    known = {(e, *map(x.get, facts)) for e in exams for f in FOUND for x in bundle.lines(f, e)}
    for each in told["files"]:
        path = f"data/sealed/{each['sha256']}.age"
        there.remove(path)  # KeyError when it is not there, or named twice
        size = sealed_size(bundle.read(path, 1 << 16), each["size_bytes"])
        is_known = (each["examination"], *map(each.get, facts)) in known
        if each["file"] != path or said["files"][path]["size"] != size or not is_known:
            return False
    named = (told["name"], told["recipient"])
    is_for = named[0] and named[1].startswith("age1") if told["files"] else named == (None, None)
    return not there and bool(is_for)


def sealed_size(data: bytes, size: int) -> int:
    """How long a file is that is sealed to one X25519 key; -1 if this is none. Source: C2SP/age.md."""
    head = AGE(data)
    kinds = re.findall(rb"(?m)^-> ([!-~]+)", head[1]) if head else []
    if not head or [kind for kind in kinds if not kind.endswith(b"-grease")] != [b"X25519"]:
        return -1
    return head.end() + 16 + size + 16 * max(1, -(-size // (1 << 16)))


def favours_hold(bundle: Bundle, said: dict[str, Any]) -> bool:
    """Who is decided about is there, with all that the log says was put on record for somebody."""
    told, speaks = bundle.document("favours.json"), said["purpose"] != "other-agency"
    people, facts = told["people"], ("exhibit_id", "at", "verdict", "near")
    favours = [*told["of_case"], *(each for one in people for each in one["favours"])]
    asked = [each for one in people for each in one["defence"]]
    names = {one["person"] for one in people}
    came = {each["referral_id"] for each in bundle.document("referrals.json")}
    done = bundle.document("examinations.json")["examinations"]
    none = [{"examination": d["id"], **{f: d[f] for f in facts}} for d in done if not d["findings"]]
    return (
        len(names) == len(people)
        and {each["person_id"] for each in bundle.document("decisions.json")} <= names
        and all(is_plain(one, told["of_case"]) for one in people)
        and all(each["text"] and has_source(each, came) for each in favours)
        and {bool(each["asked"]) for each in asked} <= {speaks}
        and all(bool(each["answer"]) == (speaks and bool(each["answered_at"])) for each in asked)
        and told["not_found"] == none
        and is_logged(bundle, told, favours, asked)
    )


def is_plain(one: dict[str, Any], of_case: list[Any]) -> bool:
    """That nothing favours somebody is said exactly where it is so; corrections name each other."""
    known = [None, *(each["id"] for each in one["corrections"])]
    put_right = all(each["grounds"] and each["undoes"] in known for each in one["corrections"])
    put_right = put_right and one["child"] in {True, False, None}
    return put_right and one["nothing"] == (None if one["favours"] or of_case else NOTHING)


def has_source(favour: dict[str, Any], came: set[str]) -> bool:
    """A favour names who says so, when and by what; one that is closed names none of it."""
    kind, where = favour["kind"], [favour[name] for name in ("source", "at", "via")]
    if kind == "closed":
        return [*where, favour["part"], favour["of"]] == [None] * 5
    if kind == "referral" and not (favour["part"] and favour["via"] in came):
        return False
    return kind in ("referral", "staff", "demand") and all(where)


def is_logged(bundle: Bundle, told: dict[str, Any], favours: list[Any], asked: list[Any]) -> bool:
    """What the quoted log names is there, or named as being elsewhere; what was answered is so."""
    put = [each["id"] for one in told["people"] for each in one["corrections"]]
    there = {*put, *(each["id"] for each in asked)}
    there |= {each["via"] for each in favours if each["kind"] == "staff"}
    logs: dict[str, set[str]] = {}
    for entry in bundle.document("audit.json")["entries"]:
        one = parsed(entry["entry"].encode())
        name = LOGGED.get(one["event"])
        if name is not None and name in one["facts"]:
            logs.setdefault(one["facts"][name], set()).add(one["event"])
    late = {each["id"] for each in asked if not each["answered_at"]}
    answered = {name for name, events in logs.items() if "cases.defence.answered" in events}
    return told["elsewhere"] == sorted(set(logs) - there) and not late & answered


def audit_holds(bundle: Bundle, said: dict[str, Any]) -> bool:
    """Each entry leads up to the root that the node signed. Source: RFC 9162 section 2.1.3.2."""
    audit = bundle.document("audit.json")
    if audit["checkpoint"] is None:
        return audit["size"] == 0 and not audit["entries"]
    key, note = bytes.fromhex(said["signing_key"]), audit["checkpoint"].encode()
    origin, size, root, rest = signed("checkpoint", note, key).decode().split("\n")
    if origin != said["node"] or size != str(audit["size"]) or rest:
        return False
    return all(leads_up(entry, audit["size"]) == base64_of(root) for entry in audit["entries"])


def leads_up(entry: dict[str, Any], size: int) -> bytes:
    """The root that an entry's proof ends at. Errors: Bad."""
    at, last, steps = entry["position"], size - 1, [*map(bytes.fromhex, entry["proof"])]
    if type(at) is not int or not 0 <= at <= last:
        raise Bad("no such position")
    found = hashlib.sha256(b"\0" + entry["entry"].encode()).digest()
    while last:
        if at % 2 == 1 or at < last:
            step = steps.pop(0)  # IndexError when the proof is too short
            found = hashlib.sha256(b"\1" + (step + found if at % 2 else found + step)).digest()
        at, last = at // 2, last // 2
    return b"" if steps else found  # nothing of a proof that fits is left


def releases_hold(bundle: Bundle, said: dict[str, Any]) -> bool:
    """Each referral has a release, and its senders' statements lead from one to the next to here."""
    releases, referrals = bundle.document("releases.json"), bundle.document("referrals.json")
    named = sorted(each["referral_id"] for each in releases)
    said["senders"] = sorted({sender for each in releases for sender in senders_of(each, said)})
    return named == sorted(each["referral_id"] for each in referrals)


def senders_of(release: dict[str, Any], said: dict[str, Any]) -> list[tuple[str, str]]:
    """Node and fingerprint of who passed a referral on, until it came here. Errors: Bad."""
    at, earlier, package, found = None, None, None, list[tuple[str, str]]()
    for hop in release["hops"]:
        card = card_of(hop["card"].encode())
        node, sent = card["node_id"], hop["statement"].encode()
        payload = signed("statement+json", sent, bytes.fromhex(card["signing_key"]))
        stated = exact(payload)
        if stated["sender"] != node or at not in (None, node) or stated["earlier"] != earlier:
            raise Bad("another sender")
        at, package = stated["recipient"], stated["package_id"]
        earlier = hashlib.sha256(payload).hexdigest()
        found.append((node, card["fingerprint"]))
    if at != said["node"] or package != release["package_id"]:
        raise Bad("leads elsewhere")
    return found


def graph_holds(bundle: Bundle) -> bool:
    """Every action of the graph has a provenance record among its results."""
    nodes = {node["@id"]: node for node in bundle.document("case.jsonld")["@graph"]}
    of = "case-investigation:"
    return all(
        of + "ProvenanceRecord" in [nodes[one["@id"]]["@type"] for one in node["uco-action:result"]]
        for node in nodes.values()
        if node["@type"] == of + "InvestigativeAction"
    )


def verify(root: str, fingerprint: str | None = None) -> tuple[list[Any], dict[str, Any]]:
    """What is wrong, as (path, what, where it is now) in order; and what was signed."""
    bundle = Bundle(root)
    said = statement_of(bundle)
    if said is None:
        against_manifests(bundle)
    else:
        against_statement(bundle, said)
        contradicts(bundle, said, fingerprint)
    shut = {path for path, what, _ in bundle.wrong if what == "unreadable"}
    return sorted(w for w in bundle.wrong if w[1] == "unreadable" or w[0] not in shut), said or {}


def main() -> int:
    """Check the folder named on the command line."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("folder")
    options.add_argument("--fingerprint", help="the node's 64 digits, from somewhere else")
    options.add_argument("--json", action="store_true", help="print JSON")
    chosen = options.parse_args()
    if os.path.islink(chosen.folder) or not os.path.isdir(chosen.folder):
        options.error("a bundle is a folder; this is none")  # ends with 2
    wrong, said = verify(chosen.folder, chosen.fingerprint)
    if chosen.json:
        found = [{"path": path, "kind": what, "now": now} for path, what, now in wrong]
        print(json.dumps({"problems": found, **{n: said.get(n) for n in ("case", "senders")}}))
        return 1 if wrong else 0
    if said.get("synthetic"):
        print("synthetic data: nothing here is real")
    for path, what, now in wrong:
        print(f"{what:<12} {path!a}", f"is now {now!a}" if now else "")
    if not wrong:
        print("whole:", len(said["files"]) + 2, "files, case", ascii(said["case"]))
        for node, digits in said.get("senders", []):
            print("released by", ascii(node), "whose fingerprint must be", digits)
    if chosen.fingerprint is None:
        print("not checked: whose bundle it is; give --fingerprint")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
