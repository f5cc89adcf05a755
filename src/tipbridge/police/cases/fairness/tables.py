"""Tables of origins, favours, the defence and corrections."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Table, Text

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)


def _of_person() -> tuple[Column[str], Column[str]]:
    return (
        Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
        Column("person_id", Text, ForeignKey("case_people.id"), nullable=False),
    )


case_origins = Table(
    "case_origins",
    metadata,
    Column("case_id", Text, ForeignKey("cases.id"), primary_key=True),
    Column("origin", Text, nullable=False),
    Column("grounds", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("from_case", Text, ForeignKey("cases.id")),
    Column("opened_by", Text, nullable=False),
)

case_favours = Table(
    "case_favours",
    metadata,
    Column("id", Text, primary_key=True),
    *_of_person(),
    Column("text", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", _TIME, nullable=False),
)

case_defence = Table(
    "case_defence",
    metadata,
    Column("id", Text, primary_key=True),
    *_of_person(),
    Column("asked", Text, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", _TIME, nullable=False),
    Column("answer", Text),
    Column("answered_by", Text),
    Column("answered_at", _TIME),
)

case_corrections = Table(
    "case_corrections",
    metadata,
    Column("id", Text, primary_key=True),
    *_of_person(),
    Column("grounds", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", _TIME, nullable=False),
    Column("chased_at", _TIME),
    Column("taken_back_at", _TIME),
    Column("undoes", Text),
)

correction_tellings = Table(
    "correction_tellings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("correction_id", Text, ForeignKey("case_corrections.id"), nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("target", Text, nullable=False),
    Column("target_id", Text, nullable=False),
    Column("receiver", Text),
    Column("task_id", Text, nullable=False),
    Column("told_at", _TIME, nullable=False),
    Column("state", Text, nullable=False),
    Column("words", Text),
    Column("noted_at", _TIME),
    Column("noted_by", Text),
)

correction_sendings = Table(
    "correction_sendings",
    metadata,
    Column("correction_id", Text, ForeignKey("case_corrections.id"), primary_key=True),
    Column("referral_id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("sent_at", _TIME, nullable=False),
)
