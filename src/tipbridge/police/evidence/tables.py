"""Tables of exhibits, their custody and their examinations."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, ForeignKey, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tipbridge.foundation.storage.tables import metadata

_TIME = DateTime(timezone=True)

exhibits = Table(
    "exhibits",
    metadata,
    Column("id", Text, primary_key=True),
    Column("case_id", Text, ForeignKey("cases.id"), nullable=False),
    Column("mark", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("identifiers", Text, nullable=False),
    Column("seized_place", Text, nullable=False),
    Column("seized_authority", Text, nullable=False),
    Column("seized_at", _TIME, nullable=False),
    Column("seized_by", Text, nullable=False),
    Column("added_at", _TIME, nullable=False),
)

exhibit_custody = Table(
    "exhibit_custody",
    metadata,
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("giver", Text),
    Column("taker", Text),
    Column("reason", Text),
    Column("faults", ARRAY(Text), nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", _TIME, nullable=False),
    Column("salt", Text),
    Column("digest", Text),
    Column("detail", Text),
)

exhibit_photographs = Table(
    "exhibit_photographs",
    metadata,
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("shows", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    Column("added_at", _TIME, nullable=False),
)

exhibit_categories = Table(
    "exhibit_categories",
    metadata,
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("at", _TIME, primary_key=True),
    Column("category", Integer, nullable=False),
    Column("document_sha256", Text, nullable=False),
)

exhibit_examinations = Table(
    "exhibit_examinations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("examiner", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("processed", Integer, nullable=False),
    Column("unprocessed", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("items", Integer, nullable=False),
    Column("lists", ARRAY(Text), nullable=False),
    Column("verdict", Text, nullable=False),
    Column("medium_bytes", BigInteger),
    Column("unread_bytes", BigInteger, nullable=False),
    Column("sha256_before", Text),
    Column("sha256_after", Text),
    Column("near", Integer, nullable=False),
    Column("not_compared", Integer, nullable=False),
    Column("doubt_kinds", ARRAY(Text), nullable=False),
    Column("doubt_details", ARRAY(Text), nullable=False),
    Column("doubt_sayings", ARRAY(Text), nullable=False),
    Column("listed", Integer),
    Column("answered", Integer),
    Column("acquisition", Text),
)

exhibit_files = Table(
    "exhibit_files",
    metadata,
    Column("examination_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("md5", Text, nullable=False),
    Column("sha1", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("finding", Text),
    Column("list_ids", ARRAY(Text), nullable=False),
    Column("place", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("looks", Text, nullable=False),
    Column("start_byte", BigInteger),
    Column("modified_ns", BigInteger),
    Column("accessed_ns", BigInteger),
    Column("created_ns", BigInteger),
    Column("changed_ns", BigInteger),
    Column("looked", Text, nullable=False),
    Column("look_reasons", ARRAY(Text), nullable=False),
)

exhibit_hits = Table(
    "exhibit_hits",
    metadata,
    Column("examination_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("list_id", Text, nullable=False),
    Column("list_name", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("mark", Text),
    Column("confidence", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("distance_bits", Integer, nullable=False),
)

exhibit_unprocessed = Table(
    "exhibit_unprocessed",
    metadata,
    Column("examination_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("start_byte", BigInteger),
    Column("size_bytes", BigInteger),
)

exhibit_passes = Table(
    "exhibit_passes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("examiner", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("md5", Text, nullable=False),
    Column("sha1", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("stored_md5", Text),
    Column("stored_sha1", Text),
    Column("notes", ARRAY(Text), nullable=False),
    Column("header", ARRAY(Text), nullable=False),
    Column("sorted_material", Boolean),
)

exhibit_openings = Table(
    "exhibit_openings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("examiner", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("custody", Text),
)

exhibit_readings = Table(
    "exhibit_readings",
    metadata,
    Column("pass_id", Text, ForeignKey("exhibit_openings.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("reading", Text, nullable=False),
    Column("began_at", _TIME, nullable=False),
    Column("at", _TIME, nullable=False),
    Column("bytes_read", BigInteger, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)

exhibit_searched = Table(
    "exhibit_searched",
    metadata,
    Column("pass_id", Text, ForeignKey("exhibit_passes.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("since_entries", Integer, nullable=False),
    Column("lists", JSONB, nullable=False),
)

exhibit_given_up = Table(
    "exhibit_given_up",
    metadata,
    Column("pass_id", Text, ForeignKey("exhibit_openings.id"), primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("given_up_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

exhibit_checkpoints = Table(
    "exhibit_checkpoints",
    metadata,
    Column("pass_id", Text, ForeignKey("exhibit_passes.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("bytes_read", BigInteger, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
)

exhibit_unread = Table(
    "exhibit_unread",
    metadata,
    Column("examination_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("start_byte", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)

exhibit_acquisitions = Table(
    "exhibit_acquisitions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("at", _TIME, nullable=False),
    Column("examiner", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("image", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("segment_bytes", BigInteger, nullable=False),
    Column("recorded_by", Text),
    Column("recorded_at", _TIME),
    Column("stated", ARRAY(Text), nullable=False),
)

exhibit_acquired = Table(
    "exhibit_acquired",
    metadata,
    Column("acquisition_id", Text, ForeignKey("exhibit_acquisitions.id"), primary_key=True),
    Column("exhibit_id", Text, ForeignKey("exhibits.id"), nullable=False),
    Column("finished_at", _TIME, nullable=False),
    Column("md5", Text, nullable=False),
    Column("sha1", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("segments", ARRAY(Text), nullable=False),
    Column("bad_starts", ARRAY(BigInteger), nullable=False),
    Column("bad_lengths", ARRAY(BigInteger), nullable=False),
    Column("bad_reasons", ARRAY(Text), nullable=False),
)
