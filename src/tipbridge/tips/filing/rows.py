"""How rows of filings are read."""

from collections.abc import Mapping
from typing import Any

from tipbridge.foundation.storage.vault import Sealed
from tipbridge.knowledge.hashes.digests import Digests
from tipbridge.tips.filing.model import FilingFile, Task, Then, Verb, Viewing


def task_of(row: Mapping[Any, Any]) -> Task | None:
    """The next call of a filing; None when it is not being sent."""
    if row["verb"] is None:
        return None
    then = None if row["then_do"] is None else Then(row["then_do"])
    return Task(verb=Verb(row["verb"]), position=row["position"], then=then)


def file_of(row: Mapping[Any, Any], key_id: str) -> FilingFile:
    """One file of a filing whose vault group is this."""
    details = None
    if row["details_id"] is not None:
        details = Sealed(
            key_id=key_id,
            file_id=row["details_id"],
            wrapped_key=row["details_key"],
            size_bytes=row["details_bytes"],
        )
    return FilingFile(
        position=row["position"],
        sealed=Sealed(
            key_id=key_id,
            file_id=row["sealed_id"],
            wrapped_key=row["wrapped_key"],
            size_bytes=row["size_bytes"],
        ),
        digests=Digests(
            md5=row["md5"],
            sha1=row["sha1"],
            sha256=row["sha256"],
            size_bytes=row["size_bytes"],
        ),
        name=row["name"],
        details=details,
        file_id=row["file_id"],
        described=row["described"],
        viewing=_viewing_of(row),
    )


def _viewing_of(row: Mapping[Any, Any]) -> Viewing | None:
    if row["viewed_by"] is None:
        return None
    return Viewing(viewed=row["viewed"], by=row["viewed_by"], at=row["viewed_at"])
