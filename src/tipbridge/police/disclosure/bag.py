"""A bundle's files: a BagIt bag with a signed statement over every one of them. Pure.

Source: RFC 8493 (BagIt 1.0); docs/disclosure.md says what each file holds.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.police.disclosure.graph import graph_of
from tipbridge.police.disclosure.model import Approval, Content, Json, LaidFile

STATEMENT_TYPE = "application/vnd.tipbridge.disclosure+json"
STATEMENT_FORMAT = "tipbridge-disclosure/4"
WITHOUT_FAVOURS = "tipbridge-disclosure/3"
WITHOUT_SEALED = "tipbridge-disclosure/2"
WITHOUT_RELEASES = "tipbridge-disclosure/1"
"""What was written before releases, sealed files, or favours stood in a bundle; all still checked."""
FORMATS = frozenset({STATEMENT_FORMAT, WITHOUT_FAVOURS, WITHOUT_SEALED, WITHOUT_RELEASES})
STATEMENT, CARD, DECLARATION, INFO = (
    "statement.dsse.json",
    "node-card.dsse.json",
    "bagit.txt",
    "bag-info.txt",
)
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_READ_ME = """\
What lies here
  case.json          whose case it is, its numbers at every agency, and for whom this was made
  case.jsonld        the same evidence and findings as CASE/UCO, for other agencies' tools
  exhibits.json      what was seized, where, under what authority; photographs by digest
  custody.json       who held it when; a gap or an overlap stands with its stated reason
  examinations.json  what was examined with what tool, and what was not read
  limits.json        what these tools are known not to do
  findings/          files that stand on lists, by digest: no file is in here
  sealed.json        which files were sealed, for whom and to which key, by digest; often none
  sealed/            these files, each as SHA256.age: only who has that key opens them (age -d)
  near/              pictures and films that resemble listed ones, by how many bits: no findings
  unprocessed/       what was not processed, and why
  decisions.json     what was decided about people of the case, under which rule
  favours.json       what favours each person; what the defence asked and was told; corrections
  referrals.json     what came from other agencies: released by whom, on what basis, when
  releases.json      who let it go, in the words that each of them signed, and who passed it on
  audit.json         the log's entries about all this, with proofs up to a signed root

To check: python3 verify_bundle.py FOLDER --fingerprint DIGITS, with that file, bundle_forms.py beside it, and the
node's 64 DIGITS from somewhere else than this folder.
"""

Sign = Callable[[str, bytes], bytes]
"""Signs a payload of a type as a DSSE envelope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What is said once a bundle leaves: who approved it, when, and by whose key."""

    proposed_by: str
    approvals: Sequence[Approval]
    written_at: datetime
    card: bytes
    signing_key: bytes
    sign: Sign


def payload_of(content: Content, limits: Mapping[str, Sequence[str]]) -> dict[str, bytes]:
    """The files that a bundle discloses, by path."""
    files = {
        "README.txt": _READ_ME.encode(),
        "case.json": _pretty(content.head),
        "case.jsonld": _pretty(graph_of(content)),
        "exhibits.json": _pretty(content.exhibits),
        "custody.json": _pretty(content.custody),
        "examinations.json": _pretty(
            {
                "acquisitions": content.acquisitions,
                "examinations": content.examinations,
                "unfinished": content.unfinished,
            }
        ),
        "limits.json": _pretty(limits),
        "decisions.json": _pretty(content.decisions),
        "favours.json": _pretty(content.favours),
        "referrals.json": _pretty(content.referrals),
        "releases.json": _pretty(content.releases),
        "audit.json": _pretty(content.audit),
        "sealed.json": _pretty(content.sealed),
    }
    lines_by_folder = {
        "findings": content.findings,
        "near": content.near,
        "unprocessed": content.unprocessed,
    }
    for folder, found in lines_by_folder.items():
        for examination, lines in found.items():
            files[f"{folder}/{examination}.jsonl"] = b"".join(
                canonical_json(line) + b"\n" for line in lines
            )
    return {f"data/{path}": data for path, data in sorted(files.items())}


def _pretty(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def sha256(data: bytes) -> str:
    """A digest as manifests have it."""
    return hashlib.sha256(data).hexdigest()


def manifest(digests: Mapping[str, str]) -> bytes:
    """Lines of digest and path, in the order of paths."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode()


def content_digest(payload: Mapping[str, bytes]) -> str:
    """What people approve: the digest of the list of digests of everything that leaves."""
    return sha256(manifest({path: sha256(data) for path, data in payload.items()}))


def bundle_of(
    content: Content,
    payload: Mapping[str, bytes],
    leaving: Leaving,
    sealed: Mapping[str, LaidFile] | None = None,
) -> dict[str, bytes]:
    """All files of the bag but those sealed already, by path, the signed statement among them."""
    files, disclosed = dict(payload), facts_of(payload) | dict(sealed or {})
    files[DECLARATION] = _DECLARED
    files[INFO] = _info(content.head, disclosed, leaving)
    files[MANIFEST] = manifest({path: each.sha256 for path, each in disclosed.items()})
    files[CARD] = leaving.card
    said = statement_of(content.head, facts_of(files) | disclosed, leaving)
    files[STATEMENT] = leaving.sign(STATEMENT_TYPE, canonical_json(said))
    tags = {path: sha256(data) for path, data in files.items() if not path.startswith("data/")}
    files[TAG_MANIFEST] = manifest(tags)
    return files


def facts_of(files: Mapping[str, bytes]) -> dict[str, LaidFile]:
    """Digest and length of each file."""
    return {
        path: LaidFile(sha256=sha256(data), size_bytes=len(data)) for path, data in files.items()
    }


def statement_of(head: Json, files: Mapping[str, LaidFile], leaving: Leaving) -> Json:
    """What the node signs: every file with its digest and size, for whom, approved by whom."""
    return {
        "format": STATEMENT_FORMAT,
        "disclosure": head["disclosure"],
        "case": head["case"]["number"],
        "recipient": head["recipient"],
        "purpose": head["purpose"],
        "synthetic": head["synthetic"],
        "node": head["node"]["id"],
        "signing_key": leaving.signing_key.hex(),
        "written_at": leaving.written_at.isoformat(),
        "proposed_by": leaving.proposed_by,
        "approvals": [
            {"by": each.staff_id, "at": each.at.isoformat()} for each in leaving.approvals
        ],
        "files": {
            path: {"sha256": each.sha256, "size": each.size_bytes} for path, each in files.items()
        },
    }


def _info(head: Json, payload: Mapping[str, LaidFile], leaving: Leaving) -> bytes:
    size = sum(each.size_bytes for each in payload.values())
    lines = {
        "Source-Organization": head["node"]["name"],
        "External-Identifier": head["disclosure"],
        "External-Description": "Synthetic data. Nothing here is real."
        if head["synthetic"]
        else "Evidence of a case",
        "Bagging-Date": leaving.written_at.date().isoformat(),
        "Payload-Oxum": f"{size}.{len(payload)}",
        "Bag-Software-Agent": "tipbridge",
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items()).encode()
