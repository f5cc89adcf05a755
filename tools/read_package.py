#!/usr/bin/env python3
"""Reads a Tipbridge package by docs/package-format.md, written apart from the product.

    python3 read_package.py PACKAGE --node us.hsi --card CARD... [--identity KEYFILE] [--json]

Needs Python 3.11 or later and the `cryptography` package. With KEYFILE (a line AGE-SECRET-KEY-1…)
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
import math
import re
import struct
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"tipbridge-package/1\n"
STATEMENT_TYPE = "application/vnd.tipbridge.statement+json"
CARD_TYPE = "application/vnd.tipbridge.node-card+json"
MOST_HEADER, MOST_HOPS, MOST_PARTS = 64 * 1024 * 1024, 6, 200_000
KINDS = {
    "referral", "receipt", "feedback", "request", "answer", "recall", "status", "notice",
    "notice-answer", "consent-request", "consent-answer",
}  # fmt: skip
BASES = {"agreement", "request", "reply", "open"}
HEX32, HEX64 = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{64}")


class Bad(Exception):
    """Not a package for this node from nodes that it knows."""


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


# Canonical JSON (RFC 8785)


def _number(value: float) -> str:
    if value == 0:
        return "0"
    if not math.isfinite(value):
        raise Bad
    sign, digits = ("-", repr(-value)) if value < 0 else ("", repr(value))
    mantissa, _, exponent = digits.partition("e")
    whole, _, rest = mantissa.partition(".")
    rest = "" if rest == "0" else rest
    place = len(whole) + int(exponent or 0)
    figures = whole + rest
    shift = len(figures) - len(figures.lstrip("0"))
    figures, place = figures[shift:].rstrip("0"), place - shift
    if 0 < place <= 21:
        if len(figures) <= place:
            return sign + figures + "0" * (place - len(figures))
        return f"{sign}{figures[:place]}.{figures[place:]}"
    if -6 < place <= 0:
        return f"{sign}0.{'0' * -place}{figures}"
    power = place - 1
    tail = f".{figures[1:]}" if len(figures) > 1 else ""
    return f"{sign}{figures[0]}{tail}e{'+' if power > 0 else '-'}{abs(power)}"


def listed(value: Any) -> list[Any]:
    """A JSON array."""
    if not isinstance(value, list):
        raise Bad
    return cast("list[Any]", value)


def named(value: Any) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise Bad
    return cast("dict[str, Any]", value)


def _by_utf16(name: str) -> bytes:
    return name.encode("utf-16-be")


def canonical(value: Any) -> str:
    """The one text of a JSON value."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        if abs(value) >= 2**53:
            raise Bad
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        value.encode("utf-8")
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{','.join(canonical(item) for item in listed(value))}]"
    if isinstance(value, dict):
        found = named(value)
        pairs = (
            f"{canonical(name)}:{canonical(found[name])}" for name in sorted(found, key=_by_utf16)
        )
        return "{" + ",".join(pairs) + "}"
    raise Bad


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Bad
    return dict(pairs)


def strict(data: bytes) -> Any:
    """A JSON value from exactly its canonical bytes."""
    value = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    if canonical(value).encode("utf-8") != data:
        raise Bad
    return value


def fields(value: Any, *names: str) -> list[Any]:
    """The values of an object that has exactly these names."""
    found = named(value)
    if set(found) != set(names):
        raise Bad
    return [found[name] for name in names]


def text(value: Any, form: re.Pattern[str] | None = None) -> str:
    """A text, of a form if one is given."""
    if not isinstance(value, str) or (form is not None and not form.fullmatch(value)):
        raise Bad
    return value


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
        InvalidSignature, InvalidTag, struct.error,
    ) as error:  # fmt: skip
        raise Bad("not a package for this node from nodes that it knows") from error


def _read_package(
    plain: bytes, node: str, cards: dict[str, bytes], words: Vocabulary | None
) -> Package:
    front = len(MAGIC) + 8
    if plain[: len(MAGIC)] != MAGIC:
        raise Bad
    (length,) = struct.unpack(">Q", plain[len(MAGIC) : front])
    if length > MOST_HEADER or len(plain) < front + length:
        raise Bad
    envelopes, parts = fields(strict(plain[front : front + length]), "envelopes", "parts")
    if not 0 < len(listed(envelopes)) <= MOST_HOPS or len(listed(parts)) > MOST_PARTS:
        raise Bad
    parts = listed(parts)
    payloads, statements = _signed(listed(envelopes), cards, words)
    _check_chain(statements, payloads, node)
    slots = _check_parts(parts, statements, words)
    files = _cut(plain[front + length :], slots)
    return Package(
        statements=statements,
        parts=parts,
        files=files,
        content_sha256=hashlib.sha256(plain).hexdigest(),
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
        "sequence", "sent_at", "earlier", "commitments", "released",
    )  # fmt: skip
    fields(found, *names)
    kind, basis_id = fields(found["basis"], "kind", "id")
    for name in ("sender", "recipient", "purpose"):
        text(found[name])
    text(found["package_id"], HEX32)
    text(basis_id)
    if found["format"] != "tipbridge-statement/1" or found["kind"] not in KINDS:
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
    return found


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
        raw = bytes.fromhex(text(salt, HEX64))
        if type(hop) is not int or not 0 <= hop < len(statements):
            raise Bad
        if _has_nul(part):
            raise Bad
        if words is not None and not (data_class in words.classes and form in words.forms):
            raise Bad
        told = {"label": text(label), "value": value, "data_class": data_class, "form": form}
        tagged = b"tipbridge part commitment v1\0" + raw + canonical(told).encode("utf-8")
        commitment = hashlib.sha256(tagged).hexdigest()
        if commitment not in statements[hop]["commitments"]:
            raise Bad
        seen.add(commitment)
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


def _cut(rest: bytes, slots: list[tuple[str, str, int]]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for label, sha256, size in slots:
        if type(size) is not int or size < 0 or len(rest) < size:
            raise Bad
        files[label], rest = rest[:size], rest[size:]
        if hashlib.sha256(files[label]).hexdigest() != sha256:
            raise Bad
    if rest:
        raise Bad
    return files


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
