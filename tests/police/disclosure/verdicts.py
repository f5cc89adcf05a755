"""Bundles as the product and the verifier see them: both asked, and bundles signed anew."""

import json
from pathlib import Path

from tests.police.disclosure.bundles import KEYS
from tipbridge.foundation.base.canonical import canonical_json
from tipbridge.foundation.identity.keys import NodeKeys
from tipbridge.foundation.identity.signing import unverified_payload
from tipbridge.police.disclosure import bag
from tipbridge.police.disclosure.checking import check_bundle
from tools.verify_bundle import verify

Wrong = list[tuple[str, str, str]]


def both(folder: Path, fingerprint: str | None = None) -> Wrong:
    """What is wrong with a bundle, once the verifier and the product have said the same."""
    said, _ = verify(str(folder), fingerprint)
    own = check_bundle(folder, fingerprint=fingerprint)
    assert said == [(each.path, each.kind.value, each.now) for each in own]
    return said


def resigned(made: dict[str, bytes], keys: NodeKeys, **changes: object) -> dict[str, bytes]:
    """The bundle with another statement, signed as well as the first was."""
    files = dict(made)
    said = json.loads(unverified_payload(files[bag.STATEMENT])) | changes
    files[bag.STATEMENT] = keys.sign(bag.STATEMENT_TYPE, canonical_json(said))
    tags = {p: bag.sha256(data) for p, data in files.items() if not p.startswith("data/")}
    tags.pop(bag.TAG_MANIFEST)
    files[bag.TAG_MANIFEST] = bag.manifest(tags)
    return files


def as_signed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files with manifests and statement that fit them."""
    digests = {p: bag.sha256(data) for p, data in files.items() if p.startswith("data/")}
    files[bag.MANIFEST] = bag.manifest(digests)
    listed = {
        p: {"sha256": bag.sha256(data), "size": len(data)}
        for p, data in files.items()
        if p not in {bag.STATEMENT, bag.TAG_MANIFEST}
    }
    return resigned(files, KEYS, files=listed)
