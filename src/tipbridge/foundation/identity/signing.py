"""DSSE signatures over exact bytes: one signer, one payload type, one canonical envelope."""

import base64
import binascii
import hashlib
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error as SecuresystemsError
from securesystemslib.signer import (
    CryptoSigner,  # pyright: ignore[reportPrivateImportUsage]
    SSlibKey,  # pyright: ignore[reportPrivateImportUsage]
)

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid

_ENVELOPE_NAMES = {"payload", "payloadType", "signatures"}
_SIGNATURE_NAMES = {"keyid", "sig"}


def signature_failure() -> IntegrityFailure:
    """The one refusal for every bad envelope, so that nothing tells which check failed."""
    return IntegrityFailure("The signature does not fit the bytes.")


def signing_key_id(public_key: bytes) -> str:
    """The key id of a raw Ed25519 public key: the SHA-256 of its 32 bytes, hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def sign_payload(key: Ed25519PrivateKey, payload_type: str, payload: bytes) -> bytes:
    """The canonical JSON of a DSSE envelope around exactly `payload`."""
    public = _library_key(key.public_key())
    envelope = Envelope(payload, payload_type, {})
    envelope.sign(CryptoSigner(key, public))
    return canonical_json(cast("object", envelope.to_dict()))  # pyright: ignore[reportUnknownMemberType]


def verify_payload(public_key: bytes, payload_type: str, envelope: bytes) -> bytes:
    """The exact payload bytes of `envelope`, once the signature by `public_key` has verified.

    Shape: `public_key` is a raw Ed25519 key. The envelope must be canonical JSON with exactly
    one signature, so that one signed payload has one byte form.
    Errors: IntegrityFailure, the same for every reason.
    """
    try:
        parsed = _parse_envelope(envelope, payload_type)
        key = _library_key(Ed25519PublicKey.from_public_bytes(public_key))
        parsed.verify([key], 1)
    except (Invalid, ValueError, KeyError, TypeError, SecuresystemsError) as error:
        raise signature_failure() from error
    return parsed.payload


def envelope_key_id(envelope: bytes) -> str:
    """The key id an envelope claims: says which pinned card to try, proves nothing.

    Errors: IntegrityFailure when it is no envelope.
    """
    try:
        document = parse_canonical(envelope)
        signatures = _checked_signatures(document)
        return cast("str", signatures[0]["keyid"])
    except (Invalid, ValueError, KeyError, TypeError) as error:
        raise signature_failure() from error


def unverified_payload(envelope: bytes) -> bytes:
    """The payload of an envelope before any check: to learn whose key to ask, nothing else.

    Errors: IntegrityFailure when it is no envelope.
    """
    try:
        document = parse_canonical(envelope)
        _checked_signatures(document)
        return base64.b64decode(document["payload"], validate=True)
    except (Invalid, ValueError, KeyError, TypeError) as error:
        raise signature_failure() from error


def _library_key(public: Ed25519PublicKey) -> SSlibKey:
    return SSlibKey.from_crypto(public, keyid=signing_key_id(public.public_bytes_raw()))


def _parse_envelope(envelope: bytes, payload_type: str) -> Envelope:
    document = parse_canonical(envelope)
    signatures = _checked_signatures(document)
    if document["payloadType"] != payload_type:
        raise ValueError("another payload type")
    for text in (document["payload"], signatures[0]["sig"]):
        _exact_base64(text)
    # Envelope.from_dict changes what it is given, and `document` is ours alone
    return Envelope.from_dict(document)  # pyright: ignore[reportUnknownMemberType]


def _checked_signatures(document: object) -> list[dict[str, Any]]:
    if not isinstance(document, dict) or set(cast("dict[str, Any]", document)) != _ENVELOPE_NAMES:
        raise ValueError("not an envelope")
    signatures = cast("list[dict[str, Any]]", document["signatures"])
    if len(signatures) != 1 or set(signatures[0]) != _SIGNATURE_NAMES:
        raise ValueError("exactly one signature")
    if not isinstance(signatures[0]["keyid"], str):
        raise TypeError("key id is text")
    return signatures


def _exact_base64(text: object) -> None:
    """Refuse base64 that other text would decode to as well (padding bits, URL alphabet)."""
    if not isinstance(text, str):
        raise TypeError("base64 is text")
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if base64.b64encode(raw).decode("ascii") != text:
        raise ValueError("not exact base64")
