"""Whose rows each table holds, written by hand; imports nothing of the product.

owned   rows of one tip, lead, referral, case or exhibit: seen by whoever sees that row
node    rows of the node itself: seen by any actor, never by nobody
system  rows that only system actors see
nobody  no rows of anybody: the number of the last migration
"""

TABLES: dict[str, str] = {}

for _line in """
schema_version        | nobody
node_clock            | node
units                 | node
desks                 | node
duty_turns            | node
staff                 | node
sessions              | node
sign_in_failures      | system
ended_texts           | node
audit_events          | node
audit_pending         | node
audit_entries         | node
audit_head            | node
audit_checkpoints     | node
agreements            | node
approvals             | node
agreement_signatures  | node
agreement_suspensions | node
hash_lists            | node
hash_list_versions    | node
hash_list_imports     | node
hash_list_entries     | node
hash_list_votes       | node
hash_feeds            | node
hash_alarms           | node
hash_members          | node
hash_clock            | node
hash_entries          | node
hash_fingerprints     | node
hash_votes            | node
providers             | node
provider_credentials  | node
provider_contacts     | node
provider_limits       | node
provider_strictness   | node
report_guesses        | node
reports               | owned
report_files          | owned
report_originals      | owned
report_feedback       | owned
report_quality        | owned
filings               | owned
filing_files          | owned
filing_tries          | owned
scanners              | node
scans                 | node
scan_hits             | node
scan_drafts           | owned
scan_alarms           | node
tip_enrichments       | owned
tip_ip_facts          | owned
tip_person_facts      | owned
tip_favours           | owned
tip_duplicates        | owned
tip_list_hits         | owned
tip_triage            | owned
leads                 | owned
peers                 | node
sequences             | node
inbox                 | node
outbox                | node
relayed_receipts      | node
referrals             | owned
referral_parts        | owned
referral_steps        | owned
referral_feedback     | owned
release_requests      | owned
grants                | node
cases                 | owned
case_referrals        | owned
case_foreign_numbers  | owned
case_people           | owned
case_person_referrals | owned
case_identifiers      | owned
case_items            | owned
case_links            | owned
case_notices          | owned
case_relations        | owned
case_demands          | owned
case_facts            | owned
case_handovers        | owned
child_files           | owned
case_notes            | owned
case_documents        | owned
case_askings          | owned
case_searches         | owned
case_origins          | owned
case_favours          | owned
case_defence          | owned
case_corrections      | owned
correction_sendings   | owned
case_hits             | owned
case_tasks            | owned
exhibits              | owned
exhibit_custody       | owned
exhibit_examinations  | owned
exhibit_files         | owned
exhibit_unprocessed   | owned
exhibit_passes        | owned
exhibit_checkpoints   | owned
exhibit_unread        | owned
outcome_decisions     | owned
outcome_duties        | owned
outcome_feedback      | owned
outcome_steps         | owned
outcome_appeals       | owned
welfare_records       | owned
welfare_standings     | owned
welfare_clocks        | owned
welfare_talks         | owned
welfare_follow_ups    | owned
coercive_steps        | owned
host_notices          | owned
host_answers          | owned
removals              | owned
removal_steps         | owned
removal_notices       | owned
removal_replies       | owned
removal_checks        | owned
removal_authorities   | owned
removal_comparisons   | owned
removal_votes         | owned
removal_hosts         | node
""".strip().splitlines():
    _name, _, _whose = _line.partition("|")
    TABLES[_name.strip()] = _whose.strip()
