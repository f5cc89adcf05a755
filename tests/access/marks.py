"""Which id shows that a row is among those that an action lists."""

MARKS: dict[str, str] = {
    "tips.intake.receipts.list_loose_ends": "open_report",
    "tips.quality.actions.read_quality": "report",
    "tips.filing.ledger.actions.list_filings": "filing",
    "tips.triage.actions.list_tips": "report",
    "tips.triage.actions.list_pending": "open_report",
    "tips.quality.actions.read_own_quality": "report",
    "tips.triage.actions.list_leads": "lead",
    "sharing.notices.actions.list_notices": "host_notice",
    "sharing.referral.actions.list_referrals": "received",
    "sharing.referral.system.actions.list_waiting": "received",
    "sharing.referral.consent.actions.list_consents": "consent",
    "sharing.referral.requesting.list_requests": "request",
    "sharing.referral.life.actions.list_withdrawals": "withdrawn",
    "sharing.referral.replaying.actions.replay_decisions": "draft",
    "police.cases.actions.list_cases": "case",
    "police.cases.handing.actions.list_hand_overs": "offer",
    "police.cases.tasks.actions.list_tasks": "own_task",
    "police.removals.actions.list_up": "removal",
    "police.removals.actions.measure_hosts": "host",
    "police.welfare.actions.list_records": "welfare",
    "police.outcomes.comparing.list_differences": "case",
    "police.retention.actions.read_plan": "case",
    "police.evidence.actions.list_exhibits": "exhibit",
    "police.disclosure.actions.list_disclosures": "disclosure",
}
"""For actions that list rows: which id shows that the row is among them."""
