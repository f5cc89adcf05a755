#!/usr/bin/env python3
"""Reads a Tipbridge package by docs/package-format.md, written apart from the product.

    python3 read_package.py PACKAGE --node us.hsi --card CARD... [--identity KEYFILE] [--json]

Needs Python 3.11 or later, the `cryptography` package, and package_bag.py beside it. With KEYFILE (a line AGE-SECRET-KEY-1…)
PACKAGE is sealed; without, it is what was inside. CARD files are the self-signed cards that the
receiver pinned. Ends with 0 and says what the package holds, or with 1 and one and the same
refusal, whatever is wrong.

It shares no line with the product: the description is what both are written after.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

try:
    from tools.package_bag import (
        HEX32,
        HEX64,
        Bad,
        commitment,
        fields,
        listed,
        named,
        sha256_of,
        strict,
        text,
        unpacked,
    )
except ImportError:  # as a script, beside the other file
    from package_bag import (  # pyright: ignore[reportMissingImports, reportUnknownVariableType]
        HEX32,
        HEX64,
        Bad,
        commitment,
        fields,
        listed,
        named,
        sha256_of,
        strict,
        text,
        unpacked,
    )

STATEMENT_TYPE = "application/vnd.tipbridge.statement+json"
CARD_TYPE = "application/vnd.tipbridge.node-card+json"
MOST_HEADER, MOST_HOPS, MOST_PARTS = 64 * 1024 * 1024, 6, 200_000
KINDS = {
    "referral", "receipt", "feedback", "request", "answer", "recall", "status", "notice",
    "notice-answer", "suspension", "consent-request", "consent-answer",
    "deconfliction-question", "deconfliction-answer",
}  # fmt: skip
MARKINGS = {
    "tlp": ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR", None),
    "pap": ("PAP:RED", "PAP:AMBER", "PAP:GREEN", "PAP:CLEAR", None),
    "source": ("X", "C", "B", "A", None),
    "information": ("4", "3", "2", "1", None),
}
CODES = ("H0", "H1", "H2", "H3")
BASES = {"agreement", "request", "reply", "open"}


@dataclass(frozen=True)
class Vocabulary:
    """The closed words of one version of the format."""

    purposes: frozenset[str]
    classes: frozenset[str]
    forms: frozenset[str]


@dataclass(frozen=True)
class Package:
    """What a package holds, once all of it holds."""

    statements: list[dict[str, Any]]
    parts: list[dict[str, Any]]
    files: dict[str, bytes]
    content_sha256: str


# Signatures: DSSE over exact bytes, one Ed25519 signature


def _exact64(value: Any) -> bytes:
    raw = base64.b64decode(text(value), validate=True)
    if base64.b64encode(raw).decode() != value:
        raise Bad
    return raw


def open_envelope(envelope: bytes, payload_type: str, keys: dict[str, bytes]) -> tuple[bytes, str]:
    """The payload of an envelope and the id of the key that signed it; `keys` by id."""
    payload, said_type, signatures = fields(
        strict(envelope), "payload", "payloadType", "signatures"
    )
    if said_type != payload_type or len(listed(signatures)) != 1:
        raise Bad
    key_id, signature = fields(listed(signatures)[0], "keyid", "sig")
    body, kind = _exact64(payload), payload_type.encode()
    signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body)
    Ed25519PublicKey.from_public_bytes(keys[text(key_id)]).verify(_exact64(signature), signed)
    return body, key_id


def key_id_of(public: bytes) -> str:
    """The id of a public key."""
    return hashlib.sha256(public).hexdigest()


def read_card(envelope: bytes) -> tuple[str, bytes]:
    """The node id and signing key of a self-signed card."""
    body = strict(base64.b64decode(strict(envelope)["payload"]))
    public = bytes.fromhex(body["signing_key"])
    open_envelope(envelope, CARD_TYPE, {key_id_of(public): public})
    return text(body["node_id"]), public


# The seal: age v1 with X25519 recipients


def _unpadded(line: bytes) -> bytes:
    raw = base64.b64decode(line + b"=" * (-len(line) % 4), validate=True)
    if base64.b64encode(raw).rstrip(b"=") != line:
        raise Bad
    return raw


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(key)


def _bech32(secret: str) -> bytes:
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    data = [letters.index(letter) for letter in secret.strip().lower().rpartition("1")[2]][:-6]
    bits = "".join(f"{value:05b}" for value in data)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))


def open_seal(sealed: bytes, secret: str) -> bytes:
    """The plaintext of an age file for the X25519 identity `secret`."""
    mine = X25519PrivateKey.from_private_bytes(_bech32(secret)[:32])
    lines, at = list[bytes](), 0
    while not (lines and lines[-1].startswith(b"---")):
        end = sealed.index(b"\n", at)
        lines.append(sealed[at:end])
        at = end + 1
    if lines[0] != b"age-encryption.org/v1":
        raise Bad
    file_key = _file_key(lines[1:-1], mine)
    told, _, mac = lines[-1].partition(b" ")
    header = b"\n".join([*lines[:-1], told])
    due = hmac.digest(_derived(file_key, b"", b"header"), header, "sha256")
    if not hmac.compare_digest(_unpadded(mac), due):
        raise Bad
    return _chunks(sealed[at:], file_key)


def _file_key(lines: list[bytes], mine: X25519PrivateKey) -> bytes:
    raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    for place, line in enumerate(lines):
        words = line.split(b" ")
        if words[:2] != [b"->", b"X25519"] or len(words) != 3:
            continue
        share = _unpadded(words[2])
        shared = mine.exchange(X25519PublicKey.from_public_bytes(share))
        salt = share + mine.public_key().public_bytes(*raw)
        wrap = _derived(shared, salt, b"age-encryption.org/v1/X25519")
        try:
            return ChaCha20Poly1305(wrap).decrypt(bytes(12), _unpadded(lines[place + 1]), None)
        except InvalidTag:
            continue
    raise Bad


def _chunks(body: bytes, file_key: bytes) -> bytes:
    stream = ChaCha20Poly1305(_derived(file_key, body[:16], b"payload"))
    whole, size = 64 * 1024 + 16, len(body) - 16
    count = max(1, -(-size // whole))
    out: list[bytes] = []
    for number in range(count):
        last = number == count - 1
        nonce = number.to_bytes(11, "big") + bytes([last])
        start = 16 + number * whole
        out.append(stream.decrypt(nonce, body[start : start + whole], None))
        if last and number and not out[-1]:
            raise Bad
    return b"".join(out)


# The package


def read_package(
    plain: bytes, node: str, cards: dict[str, bytes], words: Vocabulary | None = None
) -> Package:
    """What `plain` holds for `node`; `cards` are the pinned signing keys by node id.

    Raises Bad, the same for every reason.
    """
    try:
        return _read_package(plain, node, cards, words)
    except (
        Bad, ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError,
        InvalidSignature, InvalidTag,
    ) as error:  # fmt: skip
        raise Bad("not a package for this node from nodes that it knows") from error


def _read_package(
    plain: bytes, node: str, cards: dict[str, bytes], words: Vocabulary | None
) -> Package:
    front, length = 3 * 512, plain[2 * 512 + 124 : 2 * 512 + 135]
    if not length.isdigit() or int(length, 8) > MOST_HEADER:
        raise Bad
    header = plain[front : front + int(length, 8)]
    envelopes, parts = fields(strict(header), "envelopes", "parts")
    if not 0 < len(listed(envelopes)) <= MOST_HOPS or len(listed(parts)) > MOST_PARTS:
        raise Bad
    parts = listed(parts)
    payloads, statements = _signed(listed(envelopes), cards, words)
    _check_chain(statements, payloads, node)
    slots = _check_parts(parts, statements, words)
    return Package(
        statements=statements,
        parts=parts,
        files=unpacked(plain, header, statements, parts, slots),
        content_sha256=sha256_of(plain),
    )


def _signed(
    envelopes: list[Any], cards: dict[str, bytes], words: Vocabulary | None
) -> tuple[list[bytes], list[dict[str, Any]]]:
    owners = {key_id_of(public): node for node, public in cards.items()}
    keys = {key_id_of(public): public for public in cards.values()}
    payloads, statements = list[bytes](), list[dict[str, Any]]()
    for envelope in envelopes:
        payload, key_id = open_envelope(text(envelope).encode("utf-8"), STATEMENT_TYPE, keys)
        statement = _statement(strict(payload), words)
        if statement["sender"] != owners[key_id]:
            raise Bad
        payloads.append(payload)
        statements.append(statement)
    return payloads, statements


def _statement(found: Any, words: Vocabulary | None) -> dict[str, Any]:
    names = (
        "format", "kind", "package_id", "sender", "recipient", "basis", "purpose", "about",
        "sequence", "sent_at", "earlier", "commitments", "released", "markings",
    )  # fmt: skip
    fields(found, *names)
    kind, basis_id = fields(found["basis"], "kind", "id")
    for name in ("sender", "recipient", "purpose"):
        text(found[name])
    text(found["package_id"], HEX32)
    text(basis_id)
    if found["format"] != "tipbridge-statement/2" or found["kind"] not in KINDS:
        raise Bad
    if kind not in BASES or (words is not None and found["purpose"] not in words.purposes):
        raise Bad
    if found["about"] is not None:
        text(found["about"], HEX32)
    if found["earlier"] is not None:
        text(found["earlier"], HEX64)
    if type(found["sequence"]) is not int or found["sequence"] < 1:
        raise Bad
    _check_time(text(found["sent_at"]))
    for name in ("commitments", "released"):
        _check_digests(found[name])
    _check_markings(found["markings"])
    return found


def _check_markings(found: Any) -> None:
    fields(found, *MARKINGS, "handling")
    for name, known in MARKINGS.items():
        if found[name] not in known:
            raise Bad
    codes = listed(found["handling"])
    if codes != sorted(set(codes)) or not set(CODES).issuperset(codes):
        raise Bad


def _laxer(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether anything is marked less strictly than by the sender before."""
    weaker = any(
        known.index(after[name]) > known.index(before[name]) for name, known in MARKINGS.items()
    )
    return weaker or not set(after["handling"]).issuperset(before["handling"])


def _check_time(said: str) -> None:
    moment = datetime.strptime(said, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") != said:
        raise Bad


def _check_digests(value: Any) -> None:
    digests = [text(digest, HEX64) for digest in listed(value)]
    if digests != sorted(set(digests)):
        raise Bad


def _check_chain(statements: list[dict[str, Any]], payloads: list[bytes], node: str) -> None:
    first, last = statements[0], statements[-1]
    if first["earlier"] is not None or first["released"] or last["recipient"] != node:
        raise Bad
    if any(each["sender"] == each["recipient"] for each in statements):
        raise Bad
    for place in range(1, len(statements)):
        before, after = statements[place - 1], statements[place]
        if (after["sender"], after["kind"]) != (before["recipient"], before["kind"]):
            raise Bad
        if after["earlier"] != hashlib.sha256(payloads[place - 1]).hexdigest():
            raise Bad
        if not {*before["commitments"], *before["released"]}.issuperset(after["released"]):
            raise Bad
        if _laxer(before["markings"], after["markings"]):
            raise Bad


def _check_parts(
    parts: list[Any], statements: list[dict[str, Any]], words: Vocabulary | None
) -> list[tuple[str, str, int]]:
    """Every part committed, none missing; the files that they announce, by label."""
    seen, labels = set[str](), list[str]()
    slots: list[tuple[str, str, int]] = []
    for part in parts:
        label, value, data_class, form, salt, hop = fields(
            part, "label", "value", "data_class", "form", "salt", "hop"
        )
        text(label)
        text(salt, HEX64)
        if type(hop) is not int or not 0 <= hop < len(statements):
            raise Bad
        if _has_nul(part):
            raise Bad
        if words is not None and not (data_class in words.classes and form in words.forms):
            raise Bad
        found = commitment(part)
        if found not in statements[hop]["commitments"]:
            raise Bad
        seen.add(found)
        labels.append(label)
        if (data_class, form) == ("content", "exact"):
            slots.append((label, text(value["sha256"]), value["size_bytes"]))
    if labels != sorted(set(labels)):
        raise Bad
    if seen != {*statements[-1]["commitments"], *statements[-1]["released"]}:
        raise Bad
    return sorted(slots)


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any("\0" in name or _has_nul(item) for name, item in named(value).items())
    if isinstance(value, list):
        return any(_has_nul(item) for item in listed(value))
    return isinstance(value, str) and "\0" in value


def main(words: list[str] | None = None) -> int:
    """Read one package and say what is in it."""
    parser = argparse.ArgumentParser(description="Read a Tipbridge package.")
    parser.add_argument("package", type=Path)
    parser.add_argument("--node", required=True, help="the receiver's id")
    parser.add_argument("--card", type=Path, action="append", default=[], help="a pinned card")
    parser.add_argument(
        "--identity", type=Path, help="the receiver's age identity: PACKAGE is sealed"
    )
    given = parser.parse_args(words)
    try:
        cards = dict(read_card(path.read_bytes().strip()) for path in given.card)
        data = given.package.read_bytes()
        if given.identity is not None:
            data = open_seal(data, given.identity.read_text("ascii"))
        found = read_package(data, given.node, cards)
    except (Bad, ValueError, TypeError, KeyError, IndexError, InvalidSignature, InvalidTag):
        sys.stdout.write("refused: not a package for this node from nodes that it knows\n")
        return 1
    told = {
        "statements": found.statements,
        "parts": found.parts,
        "files": {label: len(content) for label, content in found.files.items()},
        "content_sha256": found.content_sha256,
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
