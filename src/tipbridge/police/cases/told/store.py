"""The statements that read what a referral said in a case, how it was marked, and under what it came."""

from sqlalchemy import Connection, TextClause, text

from tipbridge.knowledge.agreements.model import DataClass, Form, Part
from tipbridge.sharing.exchange.model import Basis, BasisKind

_TOLD = text("SELECT * FROM tb_told_in_case(:case_id, :referral_id) ORDER BY label")
_BASIS = text("SELECT kind, id FROM tb_basis_in_case(:case_id, :referral_id)")
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


def basis_told(db: Connection, case_id: str, referral_id: str) -> Basis | None:
    """Under what a referral came that feeds a case, also one that the actor can't open.

    Shape: None for a case that the actor doesn't see, or one that the referral doesn't feed.
    """
    row = db.execute(_BASIS, {"case_id": case_id, "referral_id": referral_id}).one_or_none()
    return None if row is None else Basis(kind=BasisKind(row.kind), id=row.id)


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
