"""Finished reports as later rooms read them, made without a database."""

import hashlib
from datetime import UTC, datetime

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.tips.intake.model import ReportFile, ReportRecord, ReportState
from tipbridge.tips.report.model import FileDetails, Incident, Person, PersonRole, Report

DAY_AFTER = datetime(2024, 6, 2, tzinfo=UTC)


def details(viewed: bool | None = None, annotations: tuple[str, ...] = ()) -> FileDetails:
    return FileDetails(report_id=1, file_id="f", viewed_by_provider=viewed, annotations=annotations)


def record(
    *,
    kind: str = "Child Pornography (possession, manufacture, and distribution)",
    people=(),
    at=None,
    files=(),
    batched: bool = False,
    finished_at: datetime = DAY_AFTER,
    ended: bool = False,
) -> ReportRecord:
    """A report; each of `files` is what was said of it, or None."""
    report = Report(
        incident=Incident(type=kind, at=at),
        reporter=Person(role=PersonRole.REPORTED),
        people=tuple(people),
        batched=batched,
    )
    return ReportRecord(
        report_id="900000001",
        provider_id="p",
        provider_name="esp-one",
        state=ReportState.PURGED if ended else ReportState.FINISHED,
        opened_at=finished_at,
        modified_at=finished_at,
        expires_at=finished_at,
        finished_at=finished_at,
        ended_at=None,
        key_id="k",
        unit_id=1,
        restricted=False,
        members=(),
        report=None if ended else report,
        values=(),
        files=tuple(_file(index, told) for index, told in enumerate(files)),
    )


def _file(index: int, told: FileDetails | None) -> ReportFile:
    return ReportFile(
        file_id=f"f{index}",
        received_at=DAY_AFTER,
        md5="0",
        sha1="0",
        sha256=hashlib.sha256(bytes([index])).hexdigest(),
        size_bytes=1,
        empty=False,
        claims_differ=False,
        sealed=Sealed(key_id="k", file_id=f"f{index}", wrapped_key=b"", size_bytes=1),
        details=told,
    )
