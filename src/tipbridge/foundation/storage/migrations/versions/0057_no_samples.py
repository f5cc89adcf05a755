"""No samples of a case's words in the planner's statistics, where they would outlive the case."""

from alembic import op

from tipbridge.foundation.storage.migrations.ground import short_locks

revision = "0057"
down_revision = "0056"

_WORDS = {
    "case_askings": ("grounds",),
    "case_corrections": ("grounds",),
    "case_defence": ("asked", "answer"),
    "case_demands": ("addressee", "authority", "account", "ip", "words"),
    "case_documents": ("title",),
    "case_facts": ("source", "value"),
    "case_favours": ("text",),
    "case_foreign_numbers": ("agency", "number"),
    "case_handovers": ("words", "answer"),
    "case_holds": ("words", "lifted_words"),
    "case_identifiers": ("value", "scope"),
    "case_items": ("label",),
    "case_notes": ("note",),
    "case_origins": ("grounds",),
    "case_people": (
        "reference", "name", "nationalities", "guardian", "guardian_contact", "counsel",
        "counsel_contact", "place_service",
    ),
    "case_person_referrals": ("label",),
    "case_referrals": ("report_number",),
    "case_relations": ("grounds",),
    "case_searches": ("grounds", "sought"),
    "case_tasks": ("title",),
    "child_files": (
        "name", "guardian", "guardian_contact", "school", "address", "statement", "needs",
    ),
    "coercive_steps": ("grounds",),
    "disclosures": ("recipient",),
    "exhibit_acquisitions": ("source", "image"),
    "exhibit_custody": ("giver", "taker", "detail", "reason"),
    "exhibit_examinations": ("source",),
    "exhibit_files": ("path",),
    "exhibit_passes": ("source", "notes"),
    "exhibit_photographs": ("shows",),
    "exhibit_unprocessed": ("path", "detail"),
    "exhibits": (
        "mark", "description", "identifiers", "seized_place", "seized_by", "seized_authority",
    ),
    "outcome_appeals": ("grounds", "answer"),
    "outcome_decisions": ("advice", "grounds", "reason", "conditions"),
    "outcome_steps": ("note",),
    "removal_authorities": ("words",),
    "removal_notices": ("recipient", "subject", "problem"),
    "removals": ("host", "label"),
    "welfare_records": ("agency",),
}  # fmt: skip
"""What people write; digests, ids and closed words keep their statistics."""


def upgrade() -> None:
    """Take these columns out of the statistics, as migration 0013 did for tips."""
    short_locks()
    for table, columns in _WORDS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
