"""Comparing two sets without telling either: Diffie-Hellman private set intersection.

Points of P-256 are named by their x-coordinate alone, which multiplication keeps apart from its
sign, so that every operation is the library's own ECDH. An identifier becomes a point by hashing
until the digest is an x-coordinate of the curve.

Source: Meadows (IEEE S&P 1986); Huberman, Franklin and Hogg (EC 1999); SP 800-186; ADR 0072.
"""

import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec

from tipbridge.police.cases.model import Identifier

POINT_BYTES = 32
MARK_BYTES = 10
"""How much of a digest stands for a known identifier: two different ones agree in 1 of 2^80."""
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_DRAWN_BYTES = 48
_COMPRESSED = b"\x02"
_TAG = b"tipbridge/deconfliction/1"


class Secret:
    """A number that one side draws for one comparison and never tells."""

    def __init__(self, scalar: int) -> None:
        self._scalar = scalar
        self._key = ec.derive_private_key(scalar, _CURVE)

    @classmethod
    def drawn(cls, random_bytes: Callable[[int], bytes]) -> "Secret":
        """A fresh one; 384 drawn bits leave no bias that could be measured."""
        return cls(int.from_bytes(random_bytes(_DRAWN_BYTES)) % (_ORDER - 1) + 1)

    @classmethod
    def kept(cls, data: bytes) -> "Secret":
        """One that was kept by `to_bytes`."""
        return cls(int.from_bytes(data))

    def to_bytes(self) -> bytes:
        """The number, to be kept until the answer is there."""
        return self._scalar.to_bytes(POINT_BYTES)

    def times(self, point: bytes) -> bytes:
        """The multiple of a point.

        Errors: ValueError for bytes that are no point of the curve.
        """
        return self._key.exchange(ec.ECDH(), _lifted(point))

    def undone(self) -> "Secret":
        """What takes this one's multiplication back."""
        return Secret(pow(self._scalar, -1, _ORDER))


def point_of(agreement: str, identifier: Identifier) -> bytes:
    """An identifier, in exactly this form, as a point under one agreement."""
    words = (agreement, identifier.kind.value, identifier.scope, identifier.value)
    told = b"".join(len(word).to_bytes(4) + word for word in (each.encode() for each in words))
    for number in range(256):  # half of all digests are on the curve
        digest = hashlib.sha256(_TAG + told + bytes([number])).digest()
        if is_point(digest):
            return digest
    raise RuntimeError("256 digests in a row were no point of P-256")


def is_point(data: bytes) -> bool:
    """Whether these bytes are the x-coordinate of a point."""
    try:
        _lifted(data)
    except ValueError:
        return False
    return True


def mark_of(point: bytes) -> bytes:
    """What stands for a point in the list of the known."""
    return hashlib.sha256(_TAG + point).digest()[:MARK_BYTES]


def _lifted(point: bytes) -> ec.EllipticCurvePublicKey:
    if len(point) != POINT_BYTES:
        raise ValueError(len(point))
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _COMPRESSED + point)
