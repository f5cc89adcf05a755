"""Tables of questions asked of peers and of peers' questions."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

deconfliction_questions = Table(
    "deconfliction_questions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("peer_id", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("agreement", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("package_id", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("asked_at", _TIME, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("answered_at", _TIME),
    Column("refusal", Text),
    Column("compared", Integer),
    Column("left_out", Integer, nullable=False),
    Column("secret", LargeBinary),
)

deconfliction_asked = Table(
    "deconfliction_asked",
    metadata,
    Column("question_id", Text, ForeignKey("deconfliction_questions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("hit", Boolean),
)

deconfliction_answers = Table(
    "deconfliction_answers",
    metadata,
    Column("package_id", Text, primary_key=True),
    Column("peer_id", Text, ForeignKey("peers.node_id"), nullable=False),
    Column("agreement", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("refusal", Text),
    Column("at", _TIME, nullable=False),
)
