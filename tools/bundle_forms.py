"""What a Tipbridge disclosure bundle is written in: strict JSON, exact base64, Ed25519, signed envelopes.

Lies beside verify_bundle.py, which needs it. Needs Python 3.9 or later and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


class Bad(Exception):
    """Something does not have the form it must have."""


def add(one: Point, two: Point) -> Point:
    """The sum of two points in extended coordinates."""
    (x, y, z, t), (u, v, w, s) = one, two
    a, b, c, d = (y - x) * (v - u) % P, (y + x) * (v + u) % P, 2 * t * s * D % P, 2 * z * w % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(count: int, point: Point) -> Point:
    """A point so many times."""
    total: Point = (0, 1, 1, 0)
    for bit in f"{count:b}":
        twice = add(total, total)
        total = add(twice, point) if bit == "1" else twice
    return total


def point_of(data: bytes) -> Point:
    """The point that 32 bytes stand for."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * ROOT % P if (x * x - square) % P else x
    if len(data) != 32 or y >= P or (x * x - square) % P or (x == 0 and sign):
        raise Bad("no point")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key made the signature over the message. Source: RFC 8032 section 5.1.7."""
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or scalar >= ORDER:
        return False
    base, (x, y, z, t) = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little")), point_of(key)
    drawn = hashlib.sha512(signature[:32] + key + message).digest()
    challenged = times(int.from_bytes(drawn, "little") % ORDER, (P - x, y, z, P - t))
    x, y, z, _ = add(times(scalar, base), challenged)
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose names stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Bad("a name stands twice")
    return found


def parsed(data: bytes) -> Any:
    """The value of strict JSON. Errors: Bad."""
    try:  # a constant that JSON does not have is no number either
        return json.loads(data.decode("utf-8"), object_pairs_hook=unique, parse_constant=int)
    except (ValueError, RecursionError) as error:  # the latter from what nests without an end
        raise Bad("not JSON") from error


def exact(data: bytes) -> Any:
    """The value of JSON in its one canonical form. Errors: Bad."""
    value = parsed(data)
    if canonical(value).encode("utf-8", "surrogatepass") != data:
        raise Bad("not canonical")
    return value


def base64_of(text: Any) -> bytes:
    """The bytes of exact base64. Errors: Bad, ValueError, TypeError."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise Bad("not exact base64")
    return data


def signed(kind: str, envelope: bytes, key: bytes = b"") -> bytes:
    """The payload of an envelope that the key signed, or the one it names itself. Errors: Bad."""
    found = exact(envelope)
    payload = base64_of(found["payload"])
    key = key or bytes.fromhex(exact(payload)["signing_key"])
    [one], kind = found["signatures"], "application/vnd.tipbridge." + kind
    fits = set(found) == {"payload", "payloadType", "signatures"} and set(one) == {"keyid", "sig"}
    named = (found["payloadType"], one["keyid"]) == (kind, hashlib.sha256(key).hexdigest())
    head = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode()
    if not (fits and named and is_signed(key, head + payload, base64_of(one["sig"]))):
        raise Bad("not signed")
    return payload
