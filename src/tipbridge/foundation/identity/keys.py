"""A node's private keys and the file that holds them, outside the data folder."""

import json
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
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
from tipbridge.foundation.identity.signing import (
    envelope_key_id,
    sign_payload,
    signing_key_id,
    verify_payload,
)

KEY_FORMAT = "tipbridge-node-keys/1"
ROTATED_FORMAT = "tipbridge-node-keys/2"
_KEY_FILE_MAX_BYTES = 65_536
_PAIR_NAMES = {"signing_key", "exchange_identity"}
_NAMES = {"format", "vault_identity", *_PAIR_NAMES}
_ROTATED_NAMES = _NAMES | {"earlier", "next"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """The two keys of a node that peers know: one signs, one opens."""

    signing_key: Ed25519PrivateKey = field(repr=False)
    exchange_identity: Identity = field(repr=False)

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
        """Names the two public keys: 64 hexadecimal digits."""
        return fingerprint_of(self.public_signing_key, self.exchange_recipient)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeKeys:
    """The private keys of a node.

    Shape: `vault_identity` is the node key under which the vault's group keys are wrapped;
    `signing_key` signs what leaves; `exchange_identity` opens what peers seal to this node.
    `earlier` pairs still open, and verify what this node signed with them; `next` opens already
    and signs nothing yet.
    """

    vault_identity: Identity = field(repr=False)
    signing_key: Ed25519PrivateKey = field(repr=False)
    exchange_identity: Identity = field(repr=False)
    earlier: tuple[KeyPair, ...] = field(default=(), repr=False)
    next: KeyPair | None = field(default=None, repr=False)

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
            pair = _read_pair(document)
            following = document.get("next")
            return cls(
                vault_identity=Identity.from_str(document["vault_identity"]),
                signing_key=pair.signing_key,
                exchange_identity=pair.exchange_identity,
                earlier=tuple(_read_pair(each) for each in document.get("earlier", ())),
                next=None if following is None else _read_pair(following),
            )
        except (TypeError, ValueError, KeyError, pyrage.IdentityError) as error:
            raise Invalid("The key file does not hold this program's keys.") from error

    def save(self, path: Path) -> None:
        """Write the keys to a new file, mode 0600, durable when this returns.

        Errors: Conflict when the file exists.
        """
        _write_new_file(path, self._document())

    def save_over(self, path: Path) -> None:
        """Put these keys in the place of those in the file, whole or not at all."""
        part = path.with_name(f".{path.name}.part")
        part.unlink(missing_ok=True)
        _write_new_file(part, self._document())
        part.rename(path)
        _sync_folder(path.parent)

    def _document(self) -> bytes:
        document: dict[str, object] = {
            "format": KEY_FORMAT,
            "vault_identity": str(self.vault_identity),
            **_pair_document(self.pair),
        }
        if self.earlier or self.next is not None:
            document["format"] = ROTATED_FORMAT
            document["earlier"] = [_pair_document(each) for each in self.earlier]
            document["next"] = None if self.next is None else _pair_document(self.next)
        return json.dumps(document, indent=1).encode("ascii") + b"\n"

    @property
    def pair(self) -> KeyPair:
        """The two keys that peers know, as they are used now."""
        return KeyPair(signing_key=self.signing_key, exchange_identity=self.exchange_identity)

    @property
    def pairs(self) -> tuple[KeyPair, ...]:
        """Every pair of this node: the one in use, the next, and the earlier ones."""
        following = () if self.next is None else (self.next,)
        return (self.pair, *following, *self.earlier)

    def with_next(self) -> Self:
        """These keys with a next pair; the one that is there already stays."""
        if self.next is not None:
            return self
        fresh = KeyPair(
            signing_key=Ed25519PrivateKey.generate(), exchange_identity=Identity.generate()
        )
        return replace(self, next=fresh)

    def advanced(self) -> Self:
        """These keys with the next pair in use, and the one before among the earlier.

        Errors: Conflict when there is no next pair.
        """
        if self.next is None:
            raise Conflict("There is no next pair of keys; 'peers rotate' makes one.")
        return replace(
            self,
            signing_key=self.next.signing_key,
            exchange_identity=self.next.exchange_identity,
            earlier=(self.pair, *self.earlier),
            next=None,
        )

    @property
    def public_signing_key(self) -> bytes:
        """The raw Ed25519 public key in use: 32 bytes."""
        return self.pair.public_signing_key

    @property
    def exchange_recipient(self) -> str:
        """The age recipient that peers seal to now."""
        return self.pair.exchange_recipient

    @property
    def fingerprint(self) -> str:
        """Names this node's public keys in use: 64 hexadecimal digits."""
        return self.pair.fingerprint

    def sign(self, payload_type: str, payload: bytes) -> bytes:
        """A DSSE envelope, as canonical JSON, around exactly `payload`."""
        return sign_payload(self.signing_key, payload_type, payload)

    def open(self, source: ByteSource, sink: ByteSink) -> None:
        """Push into `sink` what a peer sealed to this node.

        Errors: IntegrityFailure for any damage; what `sink` was given before does not count.
        """
        open_stream([each.exchange_identity for each in self.pairs], source, sink)

    def verify_own(self, payload_type: str, envelope: bytes) -> bytes:
        """The payload of an envelope that this node signed, with the keys in use or earlier ones.

        Errors: IntegrityFailure, the same for every reason.
        """
        public = {signing_key_id(each.public_signing_key): each for each in self.pairs}
        found = public.get(envelope_key_id(envelope), self.pair)
        return verify_payload(found.public_signing_key, payload_type, envelope)

    def next_card(self, card: NodeCard) -> bytes:
        """The self-signed envelope of `card` with the next pair's keys.

        Errors: Conflict when there is no next pair.
        """
        following = self.advanced()
        particulars = (card.node_id, card.name, card.profiles)
        return following.sign_card(following.card(*particulars, synthetic=card.synthetic))

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
    expected = _ROTATED_NAMES if names.get("format") == ROTATED_FORMAT else _NAMES
    if set(names) != expected or names["format"] not in {KEY_FORMAT, ROTATED_FORMAT}:
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
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _pair_document(pair: KeyPair) -> dict[str, str]:
    return {
        "signing_key": pair.signing_key.private_bytes_raw().hex(),
        "exchange_identity": str(pair.exchange_identity),
    }


def _read_pair(document: Mapping[str, Any]) -> KeyPair:
    return KeyPair(
        signing_key=Ed25519PrivateKey.from_private_bytes(bytes.fromhex(document["signing_key"])),
        exchange_identity=Identity.from_str(document["exchange_identity"]),
    )
