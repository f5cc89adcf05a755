"""What helps a provider know where it stands: signed receipts, orphans, probable doubles."""

import hashlib
from datetime import timedelta

from tipbridge.foundation.base.actors import Role
from tipbridge.foundation.base.errors import Conflict, NotFound
from tipbridge.foundation.work import Work, action
from tipbridge.tips.intake import store
from tipbridge.tips.intake.errors import NoSuchReport, ReportGone
from tipbridge.tips.intake.model import LooseEnds, Original, ReportRecord, ReportState
from tipbridge.tips.intake.rules import gone_words
from tipbridge.tips.report.receipt import (
    RECEIPT_TYPE,
    FiledDocument,
    FiledFile,
    FilingReceipt,
    receipt_payload,
)

LINES = 500
DOUBLES_WITHIN = timedelta(days=30)
"""How far back doubles are looked for: as long as a known client goes on trying."""


@action("intake.receipt.signed", provider=True)
def read_receipt(work: Work, report_id: int) -> bytes:
    """The signed receipt of a finished report: a DSSE envelope for `verified_receipt`.

    Shape: signed when it is asked for, of what can no longer change: asked again, the same
    bytes. Digests of what was sent as XML are of the sealed originals.
    Errors: NoSuchReport; Conflict while it is open; ReportGone once it has ended.
    """
    record = store.report_record(work.db, report_id)
    if record is None:
        raise NoSuchReport(str(report_id))
    if record.state is ReportState.OPEN:
        raise Conflict("The report is not finished; a receipt follows /finish.", id=str(report_id))
    if record.state is not ReportState.FINISHED:
        raise ReportGone(gone_words(record.state), id=str(report_id))
    payload = receipt_payload(_receipt_of(work, record))
    work.record(record.report_id, sha256=hashlib.sha256(payload).hexdigest())
    return work.node.keys.sign(RECEIPT_TYPE, payload)


@action(
    "intake.loose-ends.listed",
    roles=(Role.PROVIDER_MANAGER, Role.ADMINISTRATOR),
    provider=True,
)
def list_loose_ends(work: Work, *, page: int = 1) -> LooseEnds:
    """Open reports that nobody finished yet, and finished ones that were probably filed twice.

    Shape: of the provider that asks; staff see every provider's. Newest doubles first, the
    orphan that expires next first, LINES of each to a page.
    """
    lines = {"limit": LINES + 1, "offset": (page - 1) * LINES}
    orphans = store.orphans(work.db, work.now, **lines)
    doubles = store.doubles(work.db, since=work.now - DOUBLES_WITHIN, **lines)
    found = LooseEnds(
        orphans=orphans[:LINES],
        doubles=doubles[:LINES],
        more=max(len(orphans), len(doubles)) > LINES,
    )
    work.record("all", orphans=len(found.orphans), doubles=len(found.doubles))
    return found


def _receipt_of(work: Work, record: ReportRecord) -> FilingReceipt:
    filed_by = store.filed_by(work.db, int(record.report_id))
    if filed_by is None or record.finished_at is None:
        raise NoSuchReport(record.report_id)
    credential_id, username, test = filed_by
    return FilingReceipt(
        node_id=work.node.id,
        synthetic=work.node.synthetic,
        report_id=record.report_id,
        provider_id=record.provider_id,
        provider_name=record.provider_name,
        test=test,
        credential_id=credential_id,
        username=username,
        opened_at=record.opened_at,
        finished_at=record.finished_at,
        documents=tuple(_document(work, one, record.report_id) for one in record.originals),
        files=tuple(
            FiledFile(
                file_id=file.file_id,
                received_at=file.received_at,
                md5=file.md5,
                sha1=file.sha1,
                sha256=file.sha256,
                size_bytes=file.size_bytes,
            )
            for file in record.files
        ),
    )


def _document(work: Work, original: Original, report_id: str) -> FiledDocument:
    try:
        data = work.node.vault.read(original.sealed)
    except (NotFound, FileNotFoundError) as error:  # purged between its row and its file
        raise ReportGone(gone_words(ReportState.PURGED), id=report_id) from error
    return FiledDocument(
        about=original.about,
        file_id=original.file_id,
        received_at=original.received_at,
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
    )
