"""A node's private keys and the file that holds them, outside the data folder."""

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, cast

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage.x25519 import Identity

from tipbridge.foundation.base.canonical import parse_json
from tipbridge.foundation.base.errors import Conflict, Invalid, NotFound
from tipbridge.foundation.identity.card import (
    CARD_TYPE,
    NodeCard,
    card_payload,
    check_name,
    check_node_id,
    fingerprint_of,
)
from tipbridge.foundation.identity.sealing import ByteSink, ByteSource, open_stream
from tipbridge.foundation.identity.signing import sign_payload, verify_payload

KEY_FORMAT = "tipbridge-node-keys/1"
_KEY_FILE_MAX_BYTES = 4096
_NAMES = {"format", "vault_identity", "signing_key", "exchange_identity"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKeys:
    """The three private keys of a node.

    Shape: `vault_identity` is the node key under which the vault's group keys are wrapped;
    `signing_key` signs what leaves; `exchange_identity` opens what peers seal to this node.
    """

    vault_identity: Identity = field(repr=False)
    signing_key: Ed25519PrivateKey = field(repr=False)
    exchange_identity: Identity = field(repr=False)

    @classmethod
    def generate(cls) -> Self:
        """Fresh keys, nowhere stored yet."""
        return cls(
            vault_identity=Identity.generate(),
            signing_key=Ed25519PrivateKey.generate(),
            exchange_identity=Identity.generate(),
        )

    @classmethod
    def create(cls, path: Path) -> Self:
        """Fresh keys in a new file at `path`.

        Errors: Conflict when the file exists: keys are never overwritten.
        """
        keys = cls.generate()
        keys.save(path)
        return keys

    @classmethod
    def load(cls, path: Path) -> Self:
        """The keys in the file at `path`.

        Errors: NotFound; Invalid when others may read the file or it holds something else.
        """
        document = _read_key_file(path)
        try:
            return cls(
                vault_identity=Identity.from_str(document["vault_identity"]),
                signing_key=Ed25519PrivateKey.from_private_bytes(
                    bytes.fromhex(document["signing_key"])
                ),
                exchange_identity=Identity.from_str(document["exchange_identity"]),
            )
        except (TypeError, ValueError, pyrage.IdentityError) as error:
            raise Invalid("The key file does not hold this program's keys.") from error

    def save(self, path: Path) -> None:
        """Write the keys to a new file, mode 0600, durable when this returns.

        Errors: Conflict when the file exists.
        """
        document = {
            "format": KEY_FORMAT,
            "vault_identity": str(self.vault_identity),
            "signing_key": self.signing_key.private_bytes_raw().hex(),
            "exchange_identity": str(self.exchange_identity),
        }
        _write_new_file(path, json.dumps(document, indent=1).encode("ascii") + b"\n")

    @property
    def public_signing_key(self) -> bytes:
        """The raw Ed25519 public key: 32 bytes."""
        return self.signing_key.public_key().public_bytes_raw()

    @property
    def exchange_recipient(self) -> str:
        """The age recipient that peers seal to."""
        return str(self.exchange_identity.to_public())

    @property
    def fingerprint(self) -> str:
        """Names this node's public keys: 64 hexadecimal digits."""
        return fingerprint_of(self.public_signing_key, self.exchange_recipient)

    def sign(self, payload_type: str, payload: bytes) -> bytes:
        """A DSSE envelope, as canonical JSON, around exactly `payload`."""
        return sign_payload(self.signing_key, payload_type, payload)

    def open(self, source: ByteSource, sink: ByteSink) -> None:
        """Push into `sink` what a peer sealed to this node.

        Errors: IntegrityFailure for any damage; what `sink` was given before does not count.
        """
        open_stream(self.exchange_identity, source, sink)

    def card(
        self, node_id: str, name: str, profiles: Iterable[str], *, synthetic: bool
    ) -> NodeCard:
        """This node's card under these particulars."""
        return NodeCard(
            node_id=check_node_id(node_id),
            name=check_name(name),
            profiles=tuple(sorted({str(profile) for profile in profiles})),
            synthetic=synthetic,
            signing_key=self.public_signing_key,
            exchange_recipient=self.exchange_recipient,
        )

    def sign_card(self, card: NodeCard) -> bytes:
        """The self-signed envelope of `card`, for `peers card`."""
        return self.sign(CARD_TYPE, card_payload(card))


def verify_envelope(
    card_or_public_key: NodeCard | bytes, payload_type: str, envelope: bytes
) -> bytes:
    """The exact payload of `envelope`, verified against a pinned card or a raw public key.

    Errors: IntegrityFailure, the same for every reason.
    """
    if isinstance(card_or_public_key, NodeCard):
        return verify_payload(card_or_public_key.signing_key, payload_type, envelope)
    return verify_payload(card_or_public_key, payload_type, envelope)


def _read_key_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            data = file.read(_KEY_FILE_MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise NotFound("key file", str(path)) from error
    if mode & 0o077:
        raise Invalid("The key file may be readable by its owner only (mode 0600).")
    document = parse_json(data) if len(data) <= _KEY_FILE_MAX_BYTES else None
    if not isinstance(document, dict):
        raise Invalid("The key file does not hold this program's keys.")
    names = cast("dict[str, Any]", document)
    if set(names) != _NAMES or names["format"] != KEY_FORMAT:
        raise Invalid("The key file does not hold this program's keys.")
    return names


def _write_new_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Conflict(f"There is already a key file at {path}.") from error
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
