"""Every SQL statement of searching. Row-level security scopes each table before a word of the
search is looked at: a comparison of text is not leakproof, so the database never runs it first.
"""

from typing import Any

from sqlalchemy import ARRAY, Connection, Text, bindparam, select, text

from tipbridge.police.cases.searching.model import Found, FoundKind, Search, Sought
from tipbridge.police.cases.searching.tables import case_searches

# Two Hangul syllables make few trigrams: what contains the words is found whatever its likeness.
_LIKE = """
    (strpos(lower(normalize({column}, NFKC)), :words) > 0
     OR word_similarity(:words, lower(normalize({column}, NFKC))) >= :least)"""
_LIKENESS = "word_similarity(:words, lower(normalize({column}, NFKC)))"
# Korean names are written with a space or without: both sides are compared without any.
_SQUEEZED = r"""
    strpos(lower(regexp_replace(normalize({column}, NFKC), '\s', '', 'g')), lower(:squeezed)) > 0"""
_PERSON = "LEFT JOIN case_people p ON p.id = t.person_id JOIN cases c ON c.id = t.case_id"


def _query() -> str:
    name, note, value = (
        (_LIKE.format(column=column), _LIKENESS.format(column=column))
        for column in ("concat_ws(' ', p.name, p.reference)", "t.note", "t.value")
    )
    squeezed = " OR ".join(_SQUEEZED.format(column=column) for column in ("p.name", "p.reference"))
    return f"""
    WITH found AS (
        SELECT 'case' AS kind, c.id AS case_id, c.number, NULL AS person_id,
               NULL::int AS position, c.number AS text, 1.0::float AS likeness
          FROM cases c
         WHERE lower(c.number) = :words OR EXISTS (
               SELECT 1 FROM case_foreign_numbers f
                WHERE f.case_id = c.id
                  AND lower(regexp_replace(normalize(f.number, NFKC), '\\s', '', 'g')) = lower(:squeezed)
                  AND f.taken_back_at IS NULL)
        UNION ALL
        SELECT 'person', c.id, c.number, p.id, p.position,
               concat_ws(' · ', p.name, p.reference), {name[1]}
          FROM case_people p JOIN cases c ON c.id = p.case_id
         WHERE ({name[0]} OR {squeezed}) AND p.struck_at IS NULL
        UNION ALL
        SELECT 'identifier', c.id, c.number, p.id, p.position,
               concat_ws(' ', t.kind, t.scope, t.value), 1.0
          FROM case_identifiers t {_PERSON} WHERE (t.value = ANY (:values) OR t.kind IN ('device', 'phone')
           AND upper(regexp_replace(t.value, '[^0-9A-Za-z]', '', 'g')) = ANY (:codes))
           AND t.taken_back_at IS NULL
        UNION ALL
        SELECT 'note', c.id, c.number, p.id, p.position, left(t.note, 200), {note[1]}
          FROM case_notes t {_PERSON} WHERE {note[0]} AND NOT EXISTS (
               SELECT 1 FROM case_strikes s WHERE s.note_id = t.id AND s.restored_at IS NULL)
        UNION ALL
        SELECT 'fact', c.id, c.number, p.id, p.position, t.value, {value[1]}
          FROM case_facts t {_PERSON} WHERE {value[0]} AND t.withdrawn_at IS NULL
        UNION ALL
        SELECT DISTINCT 'item', c.id, c.number, NULL, NULL::int,
               coalesce(t.sha256, t.sha1, t.md5), 1.0::float
          FROM case_items t JOIN cases c ON c.id = t.case_id
         WHERE t.sha256 = :words OR t.sha1 = :words OR t.md5 = :words
        UNION ALL
        SELECT 'on-an-exhibit', c.id, c.number, NULL, NULL, t.sha256, 1.0
          FROM case_seized_files t JOIN cases c ON c.id = t.case_id WHERE t.sha256 = :words
        UNION ALL
        SELECT DISTINCT 'on-an-exhibit', c.id, c.number, NULL, NULL::int, t.code, 1.0::float
          FROM case_seized_codes t JOIN cases c ON c.id = t.case_id WHERE t.code = ANY (:codes)
        UNION ALL
        SELECT 'demand', c.id, c.number, p.id, p.position,
               concat_ws(' ', t.addressee, t.ip, t.account), 1.0
          FROM case_demands t {_PERSON}
         WHERE (t.ip = ANY (:values) OR t.account = ANY (:values)) AND t.state <> 'dropped')
    """  # noqa: S608 - parts of our own


_VALUES = [bindparam(name, type_=ARRAY(Text)) for name in ("values", "codes")]
_LINES = "SELECT * FROM found ORDER BY likeness DESC, kind, number, position, text LIMIT :lines"
_SEARCH = text(f"{_query()} {_LINES}").bindparams(*_VALUES)
_BY_KIND = "SELECT kind, count(*) FROM found GROUP BY kind ORDER BY kind"
_COUNTS = text(f"{_query()} {_BY_KIND}").bindparams(*_VALUES)


def look_for(
    db: Connection, sought: Sought, *, least: float, lines: int
) -> tuple[list[Found], dict[FoundKind, int]]:
    """What is found in the cases that the actor sees, likest first; and how many of each kind."""
    asked: dict[str, Any] = {
        "words": sought.words,
        "squeezed": sought.squeezed,
        "values": list(sought.values),
        "codes": list(sought.codes),
        "least": least,
    }
    rows = db.execute(_SEARCH, asked | {"lines": lines}).mappings()
    found = [
        Found(
            kind=FoundKind(row["kind"]),
            case_id=row["case_id"],
            number=row["number"],
            person_id=row["person_id"],
            position=row["position"],
            text=row["text"],
            likeness=row["likeness"],
        )
        for row in rows
    ]
    return found, {FoundKind(kind): count for kind, count in db.execute(_COUNTS, asked)}


def insert_search(db: Connection, search: Search) -> None:
    """Keep that and why somebody searched."""
    names = [column.name for column in case_searches.c]
    db.execute(case_searches.insert().values({name: getattr(search, name) for name in names}))


def searches_of(db: Connection, case_id: str) -> list[Search]:
    """The searches that were made for a case, newest first."""
    query = select(case_searches).where(case_searches.c.case_id == case_id)
    order = (case_searches.c.searched_at.desc(), case_searches.c.id.desc())
    return [Search(**row) for row in db.execute(query.order_by(*order)).mappings()]
