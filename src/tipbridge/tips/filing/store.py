"""Every SQL statement that changes filings; the ledger reads them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from tipbridge.foundation.storage.erasing import text_ended
from tipbridge.foundation.storage.vault import Sealed
from tipbridge.tips.filing.model import (
    Ending,
    FilingFile,
    FilingState,
    Move,
    Origin,
    Reason,
    Standing,
    Task,
    Verb,
    Viewing,
)
from tipbridge.tips.filing.rows import file_of, task_of
from tipbridge.tips.filing.scan.tables import scan_drafts
from tipbridge.tips.filing.tables import FINISH_OPEN, filing_files, filing_tries, filings

_F, _FILE, _TRY = filings.c, filing_files.c, filing_tries.c


def insert_filing(
    db: Connection,
    standing: Standing,
    *,
    reason: Reason,
    origin: Origin,
    incident_type: str,
    at: datetime,
    by: str,
    unit_id: int,
    hits: Sequence[dict[str, str]] = (),
) -> None:
    """Keep a new filing with its files."""
    task = standing.task
    db.execute(
        insert(filings).values(
            id=standing.id,
            state=standing.state.value,
            reason=reason.value,
            origin=origin.value,
            url=standing.url,
            sandbox=standing.sandbox,
            incident_type=incident_type,
            batched=standing.batched,
            key_id=standing.key_id,
            **_document(standing.document),
            verb=task.verb.value if task else None,
            due_at=standing.due_at,
            hits=list(hits),
            made_at=at,
            made_by=by,
            unit_id=unit_id,
        )
    )
    insert_files(db, standing.id, standing.files)


def _document(sealed: Sealed) -> dict[str, object]:
    return {
        "document_id": sealed.file_id,
        "document_key": sealed.wrapped_key,
        "document_bytes": sealed.size_bytes,
    }


def insert_files(db: Connection, filing_id: str, files: Iterable[FilingFile]) -> None:
    """Keep files of a filing."""
    rows = [
        {
            "filing_id": filing_id,
            "position": file.position,
            "sealed_id": file.sealed.file_id,
            "wrapped_key": file.sealed.wrapped_key,
            "size_bytes": file.sealed.size_bytes,
            "md5": file.digests.md5,
            "sha1": file.digests.sha1,
            "sha256": file.digests.sha256,
            "name": file.name,
            "details_id": file.details.file_id if file.details else None,
            "details_key": file.details.wrapped_key if file.details else None,
            "details_bytes": file.details.size_bytes if file.details else None,
        }
        for file in files
    ]
    if rows:
        db.execute(insert(filing_files), rows)


def take_standing(db: Connection, filing_id: str, *, wait: bool) -> Standing | None:
    """A filing's standing, held until this transaction ends.

    Shape: None when there is none for this actor or, unless `wait`, when somebody holds it.
    """
    query = select(filings, FINISH_OPEN).where(_F.id == filing_id)
    row = db.execute(query.with_for_update(of=filings, skip_locked=not wait)).mappings().first()
    return None if row is None else _standing(db, row)


def _standing(db: Connection, row: RowMapping) -> Standing:
    open_try = select(func.max(_TRY.number)).where(
        _TRY.filing_id == row["id"], _TRY.ended_at.is_(None)
    )
    return Standing(
        id=row["id"],
        state=FilingState(row["state"]),
        url=row["url"],
        sandbox=row["sandbox"],
        key_id=row["key_id"],
        document=Sealed(
            key_id=row["key_id"],
            file_id=row["document_id"],
            wrapped_key=row["document_key"],
            size_bytes=row["document_bytes"],
        ),
        batched=row["batched"],
        round=row["round"],
        report_id=row["report_id"],
        task=task_of(row),
        misses=row["misses"],
        due_at=row["due_at"],
        finish_open=row["finish_open"],
        open_try=db.execute(open_try).scalar_one_or_none(),
        files=_files(db, row["id"], row["key_id"]),
    )


def _files(db: Connection, filing_id: str, key_id: str) -> tuple[FilingFile, ...]:
    query = select(filing_files).where(_FILE.filing_id == filing_id).order_by(_FILE.position)
    return tuple(file_of(row, key_id) for row in db.execute(query).mappings())


def begin_try(db: Connection, standing: Standing, task: Task, at: datetime) -> int:
    """Write down that this call is about to be made; returns the try's number."""
    last = select(func.coalesce(func.max(_TRY.number), 0)).where(_TRY.filing_id == standing.id)
    number = int(db.execute(last).scalar_one()) + 1
    db.execute(
        insert(filing_tries).values(
            filing_id=standing.id,
            number=number,
            round=standing.round,
            verb=task.verb.value,
            position=task.position,
            begun_at=at,
        )
    )
    return number


def end_try(
    db: Connection, filing_id: str, number: int, *, ending: Ending, code: int | None, at: datetime
) -> None:
    """Write down how a try ended."""
    db.execute(
        update(filing_tries)
        .where(_TRY.filing_id == filing_id, _TRY.number == number)
        .values(ended_at=at, ending=ending.value, code=code)
    )


def apply_move(
    db: Connection,
    standing: Standing,
    move: Move,
    *,
    due_at: datetime | None,
    woken_until: datetime | None,
    told: str | None,
) -> None:
    """Move a filing; beginning anew forgets what the clearinghouse named in this round."""
    task = move.task
    values: dict[str, Any] = {
        "state": move.state.value,
        "verb": task.verb.value if task else None,
        "position": task.position if task else 0,
        "then_do": task.then.value if task and task.then else None,
        "misses": standing.misses + 1 if move.wait else 0,
        "due_at": due_at,
        "woken_until": woken_until,
    }
    if move.reason is not None:
        values["reason"] = move.reason.value
    if told is not None:
        values["told"] = told
    if move.report_id is not None:
        values["report_id"] = move.report_id
    if move.anew:
        values |= {"report_id": None, "round": _F.round + 1}
        _forget_round(db, standing.id)
    db.execute(update(filings).where(_F.id == standing.id).values(values))


def _forget_round(db: Connection, filing_id: str) -> None:
    db.execute(
        update(filing_files)
        .where(_FILE.filing_id == filing_id)
        .values(file_id=None, described=False)
    )


def note_file(
    db: Connection, filing_id: str, position: int, *, file_id: str | None, described: bool
) -> None:
    """Keep the clearinghouse's id of a file, or that its details were taken."""
    values: dict[str, object] = {"described": True} if described else {"file_id": file_id}
    db.execute(
        update(filing_files)
        .where(_FILE.filing_id == filing_id, _FILE.position == position)
        .values(values)
    )


def note_filed(
    db: Connection,
    filing_id: str,
    *,
    at: datetime,
    username: str | None,
    receipt: bytes | None,
    preserve: tuple[object, str] | None,
) -> None:
    """Keep when a report was filed, the answer that is its receipt, and how long it is kept."""
    db.execute(
        update(filings)
        .where(_F.id == filing_id)
        .values(
            filed_at=at,
            username=username,
            receipt=receipt,
            preserve_until=preserve[0] if preserve else None,
            preserve_rule=preserve[1] if preserve else None,
        )
    )


def set_state(
    db: Connection,
    filing_id: str,
    *,
    state: FilingState,
    reason: Reason,
    grounds: str | None = None,
) -> None:
    """Let a filing stand where a person decided."""
    values: dict[str, object] = {"state": state.value, "reason": reason.value}
    if grounds is not None:
        values["grounds"] = grounds
    db.execute(update(filings).where(_F.id == filing_id).values(values))


def set_grounds(db: Connection, filing_id: str, grounds: str) -> None:
    """Keep a person's reason."""
    db.execute(update(filings).where(_F.id == filing_id).values(grounds=grounds))


def release_draft(
    db: Connection, filing_id: str, *, url: str, sandbox: bool, at: datetime, woken_until: datetime
) -> None:
    """Let a draft be sent."""
    db.execute(
        update(filings)
        .where(_F.id == filing_id)
        .values(
            state=FilingState.SENDING.value,
            reason=Reason.ACCEPTED.value,
            url=url,
            sandbox=sandbox,
            verb=Verb.SUBMIT.value,
            position=0,
            due_at=at,
            woken_until=woken_until,
        )
    )


def set_document(
    db: Connection, filing_id: str, sealed: Sealed, *, incident_type: str, batched: bool
) -> None:
    """Put another document in a draft's place."""
    values = {**_document(sealed), "incident_type": incident_type, "batched": batched}
    db.execute(update(filings).where(_F.id == filing_id).values(values))


def set_viewing(
    db: Connection, filing_id: str, position: int, details: Sealed, said: Viewing
) -> None:
    """Keep what a person stated of a file, and the details that say it."""
    db.execute(
        update(filing_files)
        .where(_FILE.filing_id == filing_id, _FILE.position == position)
        .values(
            details_id=details.file_id,
            details_key=details.wrapped_key,
            details_bytes=details.size_bytes,
            viewed=said.viewed,
            viewed_by=said.by,
            viewed_at=said.at,
        )
    )


def due_filings(db: Connection, now: datetime, until: datetime) -> list[str]:
    """Take the filings whose time has come and that nobody was woken for; theirs until `until`."""
    due = (
        select(_F.id)
        .where(
            _F.state == FilingState.SENDING.value,
            _F.due_at <= now,
            func.coalesce(_F.woken_until, now) <= now,
        )
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    query = update(filings).where(_F.id.in_(due)).values(woken_until=until).returning(_F.id)
    return sorted(db.execute(query).scalars())


def exists(db: Connection, filing_id: str) -> bool:
    """Whether there is such a filing for this actor."""
    return db.execute(select(_F.id).where(_F.id == filing_id)).first() is not None


def kept_until(db: Connection, filing_id: str) -> date | None:
    """The day until which a filing is preserved; None without one."""
    query = select(_F.preserve_until).where(_F.id == filing_id)
    return db.execute(query).scalar_one_or_none()


def known_keys(db: Connection, key_ids: Collection[str]) -> set[str]:
    """Those of these vault groups that belong to a filing."""
    return set(db.execute(select(_F.key_id).where(_F.key_id.in_(list(key_ids)))).scalars())


def empty_filing(db: Connection, filing_id: str) -> None:
    """Drop what a filing still says in the database; numbers, times and the receipt stay."""
    db.execute(update(filing_files).where(_FILE.filing_id == filing_id).values(name=None))
    db.execute(delete(scan_drafts).where(scan_drafts.c.filing_id == filing_id))
    db.execute(update(filings).where(_F.id == filing_id).values(told=None, grounds=None))
    text_ended(db, filings, filing_files)
