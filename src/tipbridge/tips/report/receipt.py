"""The signed receipt of a finished report: what was filed, and how its provider checks it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from tipbridge.foundation.base.canonical import canonical_json, parse_canonical
from tipbridge.foundation.base.errors import IntegrityFailure, Invalid
from tipbridge.foundation.identity.card import NodeCard
from tipbridge.foundation.identity.signing import signature_failure, verify_payload

RECEIPT_TYPE = "application/vnd.tipbridge.filing-receipt+json"
RECEIPT_FORMAT = "tipbridge-filing-receipt/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledDocument:
    """Exact bytes that were sent as XML: the report's, or one set of a file's details."""

    about: str
    file_id: str | None
    received_at: datetime
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledFile:
    """One uploaded file, by what the node computed while it arrived."""

    file_id: str
    received_at: datetime
    md5: str
    sha1: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingReceipt:
    """What a node says it holds of one finished report; no word of the report itself.

    Shape: `documents` and `files` in order of arrival; `test` when a sandbox filed it.
    """

    node_id: str
    synthetic: bool
    report_id: str
    provider_id: str
    provider_name: str
    test: bool
    credential_id: str
    username: str
    opened_at: datetime
    finished_at: datetime
    documents: tuple[FiledDocument, ...]
    files: tuple[FiledFile, ...]

    def names(self, sha256: str) -> bool:
        """Whether bytes with this digest were filed, as a document or as a file."""
        return any(one.sha256 == sha256 for one in (*self.documents, *self.files))


def receipt_payload(receipt: FilingReceipt) -> bytes:
    """The canonical JSON that a node signs as a receipt."""
    return canonical_json(
        {
            "format": RECEIPT_FORMAT,
            "node_id": receipt.node_id,
            "synthetic": receipt.synthetic,
            "report_id": receipt.report_id,
            "provider_id": receipt.provider_id,
            "provider_name": receipt.provider_name,
            "test": receipt.test,
            "credential_id": receipt.credential_id,
            "username": receipt.username,
            "opened_at": _said(receipt.opened_at),
            "finished_at": _said(receipt.finished_at),
            "documents": [
                {
                    "about": one.about,
                    "file_id": one.file_id,
                    "received_at": _said(one.received_at),
                    "sha256": one.sha256,
                    "size_bytes": one.size_bytes,
                }
                for one in receipt.documents
            ],
            "files": [
                {
                    "file_id": one.file_id,
                    "received_at": _said(one.received_at),
                    "md5": one.md5,
                    "sha1": one.sha1,
                    "sha256": one.sha256,
                    "size_bytes": one.size_bytes,
                }
                for one in receipt.files
            ],
        }
    )


def verified_receipt(card: NodeCard, envelope: bytes) -> FilingReceipt:
    """The receipt in a signed envelope, once the signature by `card`'s key has verified.

    Shape: needs no network and no database. That the card is the node's is for the reader
    to check, by its fingerprint.
    Errors: IntegrityFailure, the same for every reason.
    """
    payload = verify_payload(card.signing_key, RECEIPT_TYPE, envelope.strip())
    try:
        receipt = _read(cast("dict[str, Any]", parse_canonical(payload)))
        fits = receipt_payload(receipt) == payload
    except (Invalid, KeyError, TypeError, ValueError, AttributeError) as error:
        raise signature_failure() from error
    if not fits or (receipt.node_id, receipt.synthetic) != (card.node_id, card.synthetic):
        raise signature_failure()
    return receipt


def check_filed(receipt: FilingReceipt, digests: dict[str, str]) -> None:
    """See that everything in `digests` (a name to show → SHA-256) is in the receipt.

    Errors: IntegrityFailure naming the first that is not.
    """
    for name, sha256 in digests.items():
        if not receipt.names(sha256):
            raise IntegrityFailure(f"Report {receipt.report_id} was filed without {name}.")


def _said(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read(document: dict[str, Any]) -> FilingReceipt:
    if document["format"] != RECEIPT_FORMAT:
        raise ValueError("another format")
    return FilingReceipt(
        node_id=document["node_id"],
        synthetic=document["synthetic"],
        report_id=document["report_id"],
        provider_id=document["provider_id"],
        provider_name=document["provider_name"],
        test=document["test"],
        credential_id=document["credential_id"],
        username=document["username"],
        opened_at=datetime.fromisoformat(document["opened_at"]),
        finished_at=datetime.fromisoformat(document["finished_at"]),
        documents=tuple(FiledDocument(**_timed(one)) for one in document["documents"]),
        files=tuple(FiledFile(**_timed(one)) for one in document["files"]),
    )


def _timed(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "received_at": datetime.fromisoformat(one["received_at"])}
