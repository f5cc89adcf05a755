"""The statements that read what a referral said in a case, and how it was marked."""

from sqlalchemy import Connection, TextClause, text

from tipbridge.knowledge.agreements.model import DataClass, Form, Part

_TOLD = text("SELECT * FROM tb_told_in_case(:case_id, :referral_id) ORDER BY label")
_MARKED = text("SELECT * FROM tb_marks_in_case(:case_id, :referral_id) ORDER BY label")


def parts_told(db: Connection, case_id: str, referral_id: str) -> tuple[Part, ...]:
    """A referral's parts but those about people whom this case does not have.

    Shape: none for a case that the actor doesn't see, one that the referral doesn't feed, or a
    restricted referral that the actor can't open.
    """
    return _parts(db, _TOLD, case_id, referral_id)


def marks_told(db: Connection, case_id: str, referral_id: str) -> tuple[Part, ...]:
    """How each sender on its road marked a referral that feeds a case, also one that the actor can't open.

    Shape: none for a case that the actor doesn't see, or one that the referral doesn't feed.
    """
    return _parts(db, _MARKED, case_id, referral_id)


def _parts(db: Connection, query: TextClause, case_id: str, referral_id: str) -> tuple[Part, ...]:
    rows = db.execute(query, {"case_id": case_id, "referral_id": referral_id}).mappings()
    return tuple(
        Part(
            label=row["label"],
            value=row["value"],
            data_class=DataClass(row["data_class"]),
            form=Form(row["form"]),
        )
        for row in rows
    )
