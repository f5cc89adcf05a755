"""Every SQL statement about children's own files."""

from collections.abc import Iterable, Sequence
from dataclasses import fields

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.foundation.storage.rows import insert_rows
from tipbridge.police.cases.children.model import ChildChange, ChildFacts, ChildFile
from tipbridge.police.cases.children.tables import child_file_changes, child_files

_FACTS = tuple(each.name for each in fields(ChildFacts))


def insert_file(db: Connection, file: ChildFile) -> bool:
    """Open a child's own file; false when there is one, seen or not."""
    names = ("id", "case_id", "person_id", "opened_by", "opened_at")
    values = {name: getattr(file, name) for name in names} | {"members": list(file.members)}
    query = insert(child_files).values(values | _columns(file.facts)).on_conflict_do_nothing()
    return db.execute(query).rowcount == 1


def update_facts(db: Connection, file_id: str, facts: ChildFacts) -> None:
    """Write down what is now known."""
    db.execute(child_files.update().where(child_files.c.id == file_id).values(_columns(facts)))


def insert_changes(db: Connection, changes: Iterable[ChildChange]) -> None:
    """Keep what a file said before."""
    rows = [
        {
            "id": each.id,
            "fact": each.fact,
            "file_id": each.file_id,
            "before": each.before,
            "changed_by": each.by,
            "changed_at": each.at,
        }
        for each in changes
    ]
    insert_rows(db, child_file_changes, rows)


def changes_of(db: Connection, file_id: str) -> list[ChildChange]:
    """What a file said before, the last change first."""
    table = child_file_changes.c
    query = select(child_file_changes).where(table.file_id == file_id)
    rows = db.execute(query.order_by(table.changed_at.desc(), table.id.desc(), table.fact))
    return [
        ChildChange(
            id=row["id"],
            file_id=row["file_id"],
            fact=row["fact"],
            before=row["before"],
            by=row["changed_by"],
            at=row["changed_at"],
        )
        for row in rows.mappings()
    ]


def set_members(db: Connection, file_id: str, members: Sequence[str]) -> None:
    """Who may read the file."""
    query = child_files.update().where(child_files.c.id == file_id)
    db.execute(query.values(members=list(members)))


def files_of(db: Connection, case_id: str) -> list[ChildFile]:
    """The children's own files of a case that the actor is on the list of."""
    query = select(child_files).where(child_files.c.case_id == case_id)
    rows = db.execute(query.order_by(child_files.c.opened_at, child_files.c.id)).mappings()
    return [
        ChildFile(
            id=row["id"],
            case_id=row["case_id"],
            person_id=row["person_id"],
            members=tuple(row["members"]),
            facts=ChildFacts(**{name: row[name] for name in _FACTS}),
            opened_by=row["opened_by"],
            opened_at=row["opened_at"],
        )
        for row in rows
    ]


def _columns(facts: ChildFacts) -> dict[str, str | None]:
    return {name: getattr(facts, name) for name in _FACTS}
