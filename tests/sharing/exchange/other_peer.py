"""Another vendor's peer, written after docs/package-format.md and docs/peer-protocol.md alone.

It shares no line with the product: age, Ed25519 and HTTP are libraries, the inside of a package is
`tools/`, which is written after the same pages.
"""

import base64
import hashlib
import secrets
from typing import Any

import httpx2
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tools.package_bag import canonical, commitment, packed, sha256_of, strict
from tools.read_package import Package, key_id_of, open_envelope, read_card, read_package

_TYPE = "application/vnd.tipbridge.{}+json"
AT = "2013-11-02T00:00:00.000000Z"


class OtherPeer:
    """A peer with keys of its own that knows one node."""

    def __init__(self, node_id: str, url: str) -> None:
        self.node_id, self._url = node_id, url
        self._signing = Ed25519PrivateKey.generate()
        self._identity = pyrage.x25519.Identity.generate()
        envelope = self._get("card").content
        self._there, self._there_key = read_card(envelope)
        card = strict(base64.b64decode(strict(envelope)["payload"]))
        self._there_recipient = pyrage.x25519.Recipient.from_str(card["exchange_recipient"])

    def _get(self, path: str) -> httpx2.Response:
        return httpx2.get(f"{self._url}/exchange/v1/{path}", trust_env=False)

    def _post(self, path: str, content: bytes) -> httpx2.Response:
        return httpx2.post(f"{self._url}/exchange/v1/{path}", content=content, trust_env=False)

    def _signed(self, kind: str, value: dict[str, Any]) -> bytes:
        payload, type_ = canonical(value).encode(), _TYPE.format(kind)
        said = b"DSSEv1 %d %s %d %s" % (len(type_), type_.encode(), len(payload), payload)
        public = self._signing.public_key().public_bytes_raw()
        signature = {
            "keyid": key_id_of(public),
            "sig": base64.b64encode(self._signing.sign(said)).decode(),
        }
        envelope = {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": type_,
            "signatures": [signature],
        }
        return canonical(envelope).encode()

    def card(self) -> bytes:
        """Its card, for the node to pin."""
        key = self._signing.public_key().public_bytes_raw()
        recipient = str(self._identity.to_public())
        tagged = b"tipbridge node fingerprint v1\0" + key + recipient.encode()
        value = {
            "format": "tipbridge-node-card/1",
            "node_id": self.node_id,
            "name": "Another vendor",
            "profiles": ["liaison"],
            "synthetic": True,
            "signing_key": key.hex(),
            "exchange_recipient": recipient,
            "fingerprint": hashlib.sha256(tagged).hexdigest(),
        }
        return self._signed("node-card", value)

    def request(self, request_id: str) -> tuple[bytes, dict[str, Any]]:
        """A case-by-case request as a sealed package, and what its receipt must say."""
        value = {"request_id": request_id, "offences": ["sexual-abuse-material"]}
        part = {
            "label": "request/asked",
            "value": value | {"incident_on": None},
            "data_class": "incident",
            "form": "exact",
            "salt": secrets.token_hex(32),
            "hop": 0,
        }
        statement = self._statement(part)
        envelope = self._signed("statement", statement)
        header = {"envelopes": [envelope.decode()], "parts": [part]}
        plain = packed(canonical(header).encode(), [statement], [part])
        due = {
            "format": "tipbridge-receipt/1",
            "package_id": statement["package_id"],
            "sender": self.node_id,
            "recipient": self._there,
            "statement_sha256": sha256_of(canonical(statement).encode()),
            "earlier": [],
            "content_sha256": sha256_of(plain),
        }
        return pyrage.encrypt(plain, [self._there_recipient]), due

    def _statement(self, part: dict[str, Any]) -> dict[str, Any]:
        return {
            "format": "tipbridge-statement/2",
            "kind": "request",
            "package_id": secrets.token_hex(16),
            "sender": self.node_id,
            "recipient": self._there,
            "basis": {"kind": "open", "id": ""},
            "purpose": "child-sexual-abuse-investigation",
            "about": None,
            "sequence": 1,
            "sent_at": AT,
            "earlier": None,
            "commitments": [commitment(part)],
            "released": [],
            "markings": {
                "tlp": None,
                "pap": None,
                "source": None,
                "information": None,
                "handling": [],
            },
        }

    def post(self, sealed: bytes) -> tuple[int, dict[str, Any]]:
        """Send a package; the answer, and its receipt's payload, verified."""
        answer = self._post("packages", sealed)
        if answer.status_code != 200:
            return answer.status_code, answer.json()
        keys = {key_id_of(self._there_key): self._there_key}
        payload, _ = open_envelope(answer.content, _TYPE.format("receipt"), keys)
        return answer.status_code, strict(payload)

    def convoy(self, *sealed: bytes) -> tuple[int, list[dict[str, Any]]]:
        """Post several packages in one request; the status, and what is said of each of them."""
        body = b"".join(len(each).to_bytes(8, "big") + each for each in sealed)
        answer = self._post("convoys", body)
        return answer.status_code, answer.json()["answers"]

    def fetch(
        self, *, receipts: tuple[bytes, ...] = (), refused: tuple[str, ...] = ()
    ) -> Package | None:
        """The next package that waits here, opened and verified; None when none does."""
        value = {
            "format": "tipbridge-fetch/1",
            "sender": self.node_id,
            "recipient": self._there,
            "at": AT,
            "receipts": [each.decode() for each in receipts],
            "refused": list(refused),
        }
        answer = self._post("waiting", self._signed("fetch", value))
        if answer.status_code == 204:
            return None
        assert answer.headers["content-length"] == str(len(answer.content))
        plain = pyrage.decrypt(answer.content, [self._identity])
        package = read_package(plain, self.node_id, {self._there: self._there_key})
        assert package.statements[-1]["package_id"] == answer.headers["tipbridge-package"]
        return package

    def receipt(self, package: Package) -> bytes:
        """Its receipt for a package that it has kept."""
        *earlier, last = (sha256_of(canonical(each).encode()) for each in package.statements)
        value = {
            "format": "tipbridge-receipt/1",
            "package_id": package.statements[-1]["package_id"],
            "sender": package.statements[-1]["sender"],
            "recipient": self.node_id,
            "statement_sha256": last,
            "earlier": earlier,
            "content_sha256": package.content_sha256,
            "received_at": AT,
        }
        return self._signed("receipt", value)
