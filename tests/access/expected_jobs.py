"""What the worker may do, by event and by the clock. Written by hand; imports nothing."""

JOBS: dict[str, tuple[str, ...]] = {
    "base.clock.set": (
        "tips.intake.actions.expire_reports",
        "tips.intake.actions.erase_ended",
        "sharing.exchange.actions.resend_due",
        "police.cases.demands.actions.expire_demands",
        "police.cases.fairness.actions.chase_corrections",
    ),
    "hashes.version.activated": ("knowledge.hashes.actions.build_missing",),
    "filing.filing.due": ("tips.filing.trying.send_filing",),
    "intake.report.finished": (
        "tips.enrichment.actions.enrich_tip",
        "tips.triage.actions.triage_tip",
        "tips.quality.actions.assess_report",
    ),
    "enrichment.file.waiting": ("tips.enrichment.likeness.actions.compare_file",),
    "enrichment.file.near": (
        "tips.enrichment.actions.enrich_tip",
        "tips.triage.actions.triage_tip",
    ),
    "intake.sandbox.finished": ("tips.quality.actions.assess_report",),
    "intake.report.purged": (
        "tips.enrichment.actions.forget_tip",
        "tips.triage.actions.end_leads",
        "sharing.referral.actions.forget_report",
    ),
    "exchange.package.queued": ("sharing.exchange.actions.send_package",),
    "exchange.package.settled": (
        "sharing.referral.arriving.note_settled",
        "police.removals.nodes.note_settled",
    ),
    "exchange.package.received": (
        "sharing.referral.arriving.take_package",
        "sharing.notices.actions.take_notice",
        "police.removals.nodes.take_answer",
    ),
    "referral.referral.received": ("police.cases.actions.open_or_attach",),
    "cases.case.opened": ("police.removals.actions.note_addresses",),
    "cases.case.attached": ("police.removals.actions.note_addresses",),
    "cases.people.changed": (
        "police.welfare.actions.review_case",
        "police.removals.noticing.ask_for_own_material",
        "police.outcomes.actions.review_case",
    ),
    "cases.identifier.added": ("police.cases.asking.actions.compare_case",),
    "cases.asking.made": ("police.cases.asking.actions.answer_asking",),
    "cases.handover.accepted": ("police.cases.handing.actions.complete_hand_over",),
    "removals.places.noted": ("police.removals.noticing.ask_for_own_material",),
    "removals.notice.queued": ("police.removals.noticing.send_notice",),
    "removals.check.due": ("police.removals.checking.check_due",),
    "cases.person.corrected": ("police.cases.fairness.actions.send_correction",),
    "cases.referral.appraised": ("sharing.referral.appraising.follow_appraisal",),
    "outcomes.outcome.decided": ("police.outcomes.actions.send_feedback",),
    "outcomes.step.recorded": ("police.outcomes.steps.tell_step",),
    "retention.case.due": ("police.retention.actions.erase_due",),
}

DUE: tuple[str, ...] = (
    "tips.intake.actions.expire_reports",
    "tips.intake.actions.clear_sandboxes",
    "tips.intake.actions.erase_ended",
    "sharing.exchange.actions.resend_due",
    "tips.filing.trying.wake_due",
    "tips.filing.scan.actions.forget_scans",
    "knowledge.hashes.actions.build_missing",
    "police.cases.demands.actions.expire_demands",
    "police.welfare.actions.miss_clocks",
    "police.removals.noticing.wake_notices",
    "police.removals.checking.wake_checks",
    "police.cases.fairness.actions.chase_corrections",
    "police.retention.actions.wake_due",
)
