"""Every SQL statement about hosts' own texts."""

from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from tipbridge.police.removals.model import NoticeLanguage, NoticeStep
from tipbridge.police.removals.texts.tables import removal_templates
from tipbridge.police.removals.wording import Template

Key = tuple[NoticeLanguage, NoticeStep]


def texts_of(db: Connection, host: str) -> dict[Key, Template]:
    """A host's own texts, by language and step."""
    table = removal_templates.c
    query = select(table.language, table.step, table.subject, table.body)
    return {
        (NoticeLanguage(row.language), NoticeStep(row.step)): Template(
            subject=row.subject, body=row.body
        )
        for row in db.execute(query.where(table.host == host))
    }


def put_text(db: Connection, host: str, key: Key, text: Template, *, by: str, at: datetime) -> None:
    """Keep a host's own text; the newest counts."""
    values = {"subject": text.subject, "body": text.body, "written_by": by, "written_at": at}
    query = insert(removal_templates).values(
        host=host, language=key[0].value, step=key[1].value, **values
    )
    columns = ["host", "language", "step"]
    db.execute(query.on_conflict_do_update(index_elements=columns, set_=values))


def drop_text(db: Connection, host: str, key: Key) -> bool:
    """Forget a host's own text; says whether there was one."""
    table = removal_templates.c
    query = removal_templates.delete().where(
        table.host == host, table.language == key[0].value, table.step == key[1].value
    )
    return db.execute(query).rowcount == 1
