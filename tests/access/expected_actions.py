"""The expected cell of every action. Written by hand; imports nothing of the product."""

from tests.access.cells import read

ACTIONS = read("""
# the desk
office.actions.add_staff                    | node | administrator
office.actions.change_staff                 | node | administrator
office.actions.list_staff                   | node | administrator auditor
office.actions.add_unit                     | node | administrator
office.actions.list_units                   | node | everyone
office.desks.actions.add_desk               | node | administrator
office.desks.actions.add_turn               | node | administrator
office.desks.actions.withdraw_turn          | node | administrator
office.desks.actions.list_desks             | node | everyone
office.approvals.actions.list_approvals     | node | analyst liaison investigator examiner auditor administrator
office.actions.sign_in                      | node | system
office.actions.count_sign_in_failure        | node | system
office.actions.sign_out                     | node | everyone
office.tokens.actions.add_token             | node | analyst liaison investigator
office.tokens.actions.list_tokens           | node | administrator analyst liaison investigator auditor
office.tokens.actions.end_token             | node | administrator analyst liaison investigator
office.actions.set_clock                    | node | administrator
office.actions.read_audit                   | node | administrator auditor
office.actions.verify_audit                 | node | administrator auditor
office.actions.erase_text                   | node | administrator system

# what we know before any tip
knowledge.agreements.actions.add_agreement  | node | administrator
knowledge.agreements.actions.list_agreements | node | everyone
knowledge.agreements.actions.read_agreement | node | everyone
knowledge.agreements.actions.sign_agreement | node | administrator
knowledge.agreements.actions.withdraw_agreement | node | administrator
knowledge.agreements.actions.suspend_agreement | node | administrator
knowledge.agreements.actions.resume_agreement | node | administrator
knowledge.hashes.actions.add_list           | node | analyst examiner
knowledge.hashes.actions.import_list        | node | analyst examiner
knowledge.hashes.actions.activate_version   | node | analyst examiner
knowledge.hashes.actions.list_lists         | node | analyst investigator examiner auditor
knowledge.hashes.actions.rebuild_list       | node | analyst examiner
knowledge.hashes.actions.match_digests      | node | analyst examiner
knowledge.hashes.actions.match_for_provider | node | provider
knowledge.hashes.actions.build_missing      | node | system
knowledge.hashes.files.actions.begin_matching | node | analyst examiner
knowledge.hashes.files.actions.match_files  | node | analyst examiner
knowledge.hashes.feeds.actions.pull_page    | node | analyst examiner
knowledge.hashes.feeds.actions.push_votes   | node | analyst examiner
knowledge.hashes.feeds.actions.vote         | node | analyst examiner
knowledge.hashes.guarding.note_probing      | node | system
knowledge.hashes.guarding.list_alarms       | node | provider-manager analyst auditor
knowledge.hashes.guarding.see_alarm         | node | provider-manager analyst
knowledge.hashes.history.show_list          | node | analyst investigator examiner auditor
knowledge.hashes.history.diff_list          | node | analyst investigator examiner auditor
knowledge.hashes.history.export_list        | node | analyst examiner
knowledge.hashes.history.verify_lists       | node | analyst investigator examiner auditor

# hash sharing: members are providers that were enrolled
knowledge.hashsharing.actions.check_status  | node | provider
knowledge.hashsharing.actions.read_members  | node | provider
knowledge.hashsharing.actions.read_words    | node | provider
knowledge.hashsharing.actions.read_entries  | node | provider
knowledge.hashsharing.actions.read_fingerprint | rows | provider
knowledge.hashsharing.actions.submit        | node | provider
knowledge.hashsharing.actions.vote          | rows | provider
knowledge.hashsharing.actions.enrol_member  | node | provider-manager administrator
knowledge.hashsharing.actions.end_member    | node | provider-manager administrator
knowledge.hashsharing.actions.list_members  | node | provider-manager administrator analyst auditor
knowledge.hashsharing.actions.list_disputed | node | provider-manager administrator analyst auditor
knowledge.hashsharing.actions.publish_list  | node | analyst
knowledge.hashsharing.actions.retract_entry | node | analyst

# intake: providers see their own reports only
tips.intake.providers.add_provider            | node | provider-manager administrator
tips.intake.providers.revoke_provider         | node | provider-manager administrator
tips.intake.providers.list_providers          | node | provider-manager administrator
tips.intake.providers.read_provider         | node | provider-manager administrator
tips.intake.providers.add_contact           | node | provider-manager administrator
tips.intake.providers.remove_contact        | node | provider-manager administrator
tips.intake.providers.set_limits            | node | provider-manager administrator
tips.intake.providers.set_rule              | node | provider-manager administrator
tips.intake.guessing.note_guess             | node | system
tips.intake.guessing.list_guessing          | node | provider-manager administrator
tips.intake.guessing.see_guessing           | node | provider-manager administrator
tips.intake.actions.clear_sandboxes         | node | system
tips.intake.actions.check_status            | node | provider
tips.intake.actions.submit                  | node | provider
tips.intake.actions.upload                  | rows | provider
tips.intake.actions.file_info               | rows | provider
tips.intake.actions.finish                  | rows | provider
tips.intake.actions.retract                 | rows | provider
tips.intake.actions.expire_reports          | node | system
tips.intake.actions.erase_ended             | node | system
tips.intake.actions.purge                   | rows | administrator system
tips.intake.actions.record_feedback         | rows | analyst system
tips.intake.receipts.read_receipt           | rows | provider
tips.intake.receipts.list_loose_ends        | list | provider-manager administrator provider
tips.quality.actions.assess_report          | rows | system
tips.quality.actions.read_own_quality       | list | provider
tips.quality.actions.list_quality           | node | provider-manager administrator analyst auditor
tips.quality.actions.read_quality           | list | provider-manager administrator analyst auditor

# filing: reports on their way to a clearinghouse
tips.filing.actions.accept_filing           | node | analyst system
tips.filing.trying.send_filing              | rows | system
tips.filing.trying.end_try                  | rows | system
tips.filing.trying.wake_due                 | node | system
tips.filing.actions.preview_filing          | node | analyst
tips.filing.drafts.save_draft               | node | analyst system
tips.filing.drafts.change_draft             | rows | analyst
tips.filing.drafts.decide_draft             | rows | analyst
tips.filing.viewing.state_viewed            | rows | analyst
tips.filing.ledger.actions.read_receipts    | rows | analyst auditor
tips.filing.ledger.feedback.read_feedback   | node | analyst auditor
tips.filing.ledger.actions.list_filings     | list | analyst auditor
tips.filing.ledger.actions.read_filing      | rows | analyst auditor
tips.filing.actions.retry_filing            | rows | analyst
tips.filing.actions.resolve_filing          | rows | analyst
tips.filing.actions.purge_filing            | rows | administrator
tips.filing.scan.actions.scan               | node | analyst system
tips.filing.scan.actions.notice_probing     | node | system
tips.filing.scan.actions.settle_alarm       | node | analyst administrator
tips.filing.scan.actions.read_scans         | node | analyst administrator auditor
tips.filing.scan.actions.forget_scans       | node | system
tips.filing.scan.scanners.add_scanner       | node | administrator
tips.filing.scan.scanners.end_scanner       | node | administrator

# enrichment and triage
tips.enrichment.actions.enrich_tip          | rows | system
tips.enrichment.actions.forget_tip          | rows | system
tips.enrichment.likeness.actions.compare_file | rows | system
tips.enrichment.likeness.actions.compare_list | node | system
tips.triage.actions.triage_tip              | rows | system
tips.triage.actions.list_tips               | list | analyst
tips.triage.actions.list_pending             | list | analyst
tips.triage.actions.read_tip                | rows | analyst
tips.triage.actions.assign_tip              | rows | analyst
tips.triage.actions.list_leads              | list | analyst liaison
tips.triage.actions.read_lead               | rows | analyst liaison
tips.triage.actions.add_lead                | node | liaison
tips.triage.actions.close_lead              | rows | analyst liaison
tips.triage.actions.end_leads               | rows | system

# between organisations; the outbox and inbox show who, when and under what, and no part
sharing.exchange.actions.show_card          | node | everyone system
sharing.exchange.actions.add_peer           | node | administrator
sharing.exchange.actions.list_peers         | node | everyone
sharing.exchange.actions.take_signature     | node | administrator
sharing.exchange.actions.list_packages      | shared | analyst liaison investigator auditor
sharing.exchange.actions.receive_package    | node | system
sharing.exchange.actions.note_refused       | node | system
sharing.exchange.actions.send_package       | node | system
sharing.exchange.actions.resend_package     | shared | analyst liaison investigator
sharing.exchange.actions.resend_due         | node | system
sharing.exchange.carrying.handing.hand_over | node | system
sharing.exchange.carrying.handing.export_packages | shared | analyst liaison investigator
sharing.exchange.carrying.handing.import_receipt | shared | analyst liaison investigator
sharing.exchange.carrying.refusals.import_refusal | shared | analyst liaison investigator
sharing.exchange.carrying.fetching.fetch_due | node | system
sharing.exchange.carrying.fetching.fetch_package | node | system
sharing.exchange.carrying.fetching.import_package | shared | analyst liaison investigator
sharing.exchange.trusting.actions.prepare_keys | node | administrator
sharing.exchange.trusting.actions.use_next_keys | node | administrator
sharing.exchange.trusting.actions.follow_peer | node | administrator
sharing.exchange.trusting.actions.revoke_key | node | administrator
sharing.exchange.trusting.actions.list_keys | node | everyone
sharing.exchange.parking.actions.list_parked | shared | analyst liaison investigator auditor
sharing.exchange.parking.actions.retake_package | shared | analyst liaison investigator

sharing.referral.actions.open_referral      | rows | analyst liaison
sharing.referral.actions.decide_referral    | rows | analyst liaison
sharing.referral.actions.release_referral   | rows | analyst liaison
sharing.referral.system.actions.list_waiting | list | analyst liaison investigator
sharing.referral.system.actions.fetch_referral | rows | analyst liaison investigator
sharing.referral.system.actions.take_over | rows | analyst liaison investigator
sharing.referral.life.actions.say_stage | rows | liaison investigator
sharing.referral.life.actions.withdraw_referral | rows | analyst liaison
sharing.referral.life.actions.list_withdrawals | list | analyst liaison investigator
sharing.referral.life.actions.receive_saying | node | system
sharing.referral.life.actions.receive_withdrawal | node | system
sharing.referral.dropping.actions.drop_referral | rows | analyst liaison
sharing.referral.pausing.actions.say_suspension | node | system
sharing.referral.pausing.actions.receive_suspension | node | system
sharing.referral.replaying.actions.replay_decisions | list | analyst liaison auditor
sharing.referral.replaying.actions.read_decisions | rows | analyst liaison auditor
sharing.referral.approving.actions.approve_release  | rows | analyst liaison
sharing.referral.emergency.actions.call_emergency   | rows | analyst liaison
sharing.referral.emergency.actions.take_back_call   | rows | analyst liaison
sharing.referral.emergency.actions.review_emergency | rows | analyst liaison
sharing.referral.emergency.actions.miss_reviews     | node | system
sharing.referral.emergency.actions.list_emergencies | list | analyst liaison
sharing.referral.keeping.actions.review_kept        | rows | liaison investigator
sharing.referral.keeping.actions.list_owed          | list | analyst liaison investigator
police.retention.lapsing.end_kept                   | node | system
sharing.referral.actions.place_referral     | rows | analyst liaison investigator
sharing.referral.actions.list_referrals     | list | analyst liaison investigator
sharing.referral.actions.read_referral      | rows | analyst liaison investigator
sharing.referral.agreeing.actions.try_agreement | rows | analyst liaison
sharing.referral.agreeing.actions.compare_version | node | everyone
sharing.referral.agreeing.actions.try_version | rows | analyst liaison
sharing.referral.agreeing.counting.count_exchanged | node | analyst liaison auditor
sharing.referral.consent.actions.ask_consent | rows | analyst liaison investigator
sharing.referral.consent.actions.answer_consent | rows | analyst liaison investigator
sharing.referral.consent.actions.list_consents | list | analyst liaison investigator
sharing.referral.consent.actions.read_consent | rows | analyst liaison investigator
sharing.referral.consent.actions.receive_ask | node | system
sharing.referral.consent.actions.receive_answer | node | system
sharing.referral.requesting.open_request       | rows | analyst liaison
sharing.referral.requesting.list_requests      | list | analyst liaison investigator
sharing.referral.requesting.read_request       | rows | analyst liaison investigator
sharing.referral.requesting.answer_request     | rows | liaison investigator
sharing.referral.requesting.narrow_grant       | rows | analyst liaison
sharing.referral.requesting.withdraw_grant     | rows | liaison investigator
sharing.referral.actions.send_feedback      | rows | liaison investigator system
sharing.referral.appraising.appraise_referral | rows | liaison investigator system
sharing.referral.appraising.follow_appraisal | node | system
sharing.referral.arriving.take_package       | node | system
sharing.referral.arriving.receive_referral   | node | system
sharing.referral.arriving.receive_receipt    | node | system
sharing.referral.arriving.receive_feedback   | node | system
sharing.referral.arriving.receive_request    | node | system
sharing.referral.arriving.receive_answer     | node | system
sharing.referral.arriving.note_settled       | node | system
sharing.referral.actions.forget_report      | node | system
sharing.notices.actions.take_notice         | node | system
sharing.notices.actions.list_notices        | list | analyst auditor
sharing.notices.actions.answer_notice       | rows | analyst

# police
police.cases.withdrawn.note_withdrawal      | node | system
police.cases.actions.open_or_attach         | rows | system
police.cases.actions.list_cases             | list | investigator
police.cases.actions.read_case              | rows | investigator
police.cases.told.actions.read_told         | rows | investigator
police.cases.actions.assign_case            | rows | investigator
police.cases.appraising.appraise            | rows | investigator
police.cases.actions.restrict_case          | rows | investigator
police.cases.actions.lift_restriction       | rows | investigator
police.cases.numbers.actions.take_back_number | rows | investigator
police.cases.numbers.actions.add_foreign_number | rows | investigator
police.cases.actions.add_person             | rows | investigator
police.cases.actions.record_person          | rows | investigator
police.cases.stating.state_exploitation     | rows | investigator
police.cases.changing.actions.withdraw_facts | rows | investigator
police.cases.changing.actions.read_changes  | rows | investigator
police.cases.identifying.add_identifier     | rows | investigator
police.cases.identifying.take_back_identifier | rows | investigator
police.cases.actions.feed_referral          | rows | investigator
police.cases.waiting.actions.take_waiting   | rows | investigator
police.cases.waiting.actions.list_unfit     | list | investigator
police.cases.actions.bring_wanted           | rows | system
police.cases.actions.bring_detached         | rows | system
police.cases.joining.actions.decide_link    | rows | investigator
police.cases.joining.actions.reopen_link    | rows | investigator
police.cases.joining.actions.join_cases     | rows | investigator
police.cases.joining.actions.split_case     | rows | investigator
police.cases.joining.actions.undo_relation  | rows | investigator
police.cases.demands.actions.draft_demand   | rows | investigator
police.cases.demands.actions.send_demand    | rows | investigator
police.cases.demands.actions.answer_demand  | rows | investigator
police.cases.demands.actions.refuse_demand  | rows | investigator
police.cases.demands.actions.drop_demand    | rows | investigator
police.cases.demands.undoing.withdraw_fact  | rows | investigator
police.cases.demands.undoing.reopen_demand  | rows | investigator
police.cases.demands.redating.correct_demand_day | rows | investigator
police.cases.demands.actions.read_demands   | rows | investigator
police.cases.demands.actions.expire_demands | node | system
police.cases.diary.actions.finish_task      | rows | investigator
police.cases.diary.actions.add_task         | rows | investigator
police.cases.tasks.actions.list_tasks       | list | investigator
police.cases.tasks.actions.set_task_day     | rows | investigator
police.cases.tasks.actions.assign_task      | rows | investigator
police.cases.misplaced.actions.strike_entry | rows | investigator
police.cases.misplaced.actions.restore_entry | rows | investigator
police.cases.misplaced.actions.move_entry   | rows | investigator
police.cases.misplaced.actions.return_entry | rows | investigator
police.cases.misplaced.actions.note_came    | rows | investigator
police.cases.misplaced.actions.note_left    | rows | investigator
police.striking.actions.strike_person       | rows | investigator
police.striking.actions.restore_person      | rows | investigator
police.striking.joining.join_people         | rows | investigator
police.striking.separating.separate_acts    | rows | investigator
police.cases.humans.actions.say_same        | rows | investigator
police.cases.humans.actions.part            | rows | investigator
police.striking.detaching.detach_referral   | rows | investigator
police.striking.detaching.reattach_referral | rows | investigator
police.cases.diary.actions.add_note         | rows | investigator
police.cases.diary.actions.add_document     | rows | investigator
police.cases.diary.actions.add_sealed_document | rows | investigator
police.cases.diary.actions.open_document    | rows | investigator
police.cases.diary.actions.read_diary       | rows | investigator
police.cases.access.read_access             | rows | investigator
police.deconfliction.actions.ask_peer       | rows | investigator
police.deconfliction.actions.list_questions | rows | investigator
police.deconfliction.actions.list_answered  | node | investigator auditor   # counts, of nobody
police.deconfliction.answering.answer_question | node | system
police.deconfliction.answering.take_answer  | node | system
police.cases.handing.actions.offer_case     | rows | investigator
police.cases.handing.actions.withdraw_offer | rows | investigator
police.cases.handing.actions.accept_case    | shared | investigator   # by the unit that a case is offered to
police.cases.handing.actions.refuse_case    | shared | investigator   # as above
police.cases.handing.actions.complete_hand_over | rows | system
police.cases.handing.lists.give_lists        | rows | system
police.cases.leaving.actions.note_left       | node | system
police.cases.leaving.actions.note_unread     | rows | system
police.cases.leaving.readers.admit_readers   | rows | system
police.cases.tasks.holders.note_gone         | node | system
police.cases.tasks.holders.tell_left         | rows | system
police.cases.leaving.actions.list_left       | shared | investigator liaison  # by the unit that is asked: numbers, no more
police.cases.leaving.actions.take_over       | shared | investigator liaison  # as above
police.cases.leaving.actions.give_left       | rows | system
police.cases.handing.actions.list_hand_overs | list | investigator
police.cases.handing.actions.admit_member   | rows | investigator
police.cases.handing.actions.dismiss_member | rows | investigator
police.cases.children.actions.open_child_file | rows | investigator
police.cases.children.actions.read_child_file | rows | investigator
police.cases.children.actions.record_child  | rows | investigator
police.cases.children.actions.admit_to_child | rows | investigator
police.cases.children.actions.dismiss_from_child | rows | investigator
police.cases.searching.actions.search       | rows | investigator
police.cases.searching.actions.list_searches | rows | investigator
police.cases.fairness.actions.open_case     | rows | investigator   # of the case that it came out of
police.cases.fairness.actions.record_favour | rows | investigator
police.cases.fairness.actions.note_defence  | rows | investigator
police.cases.fairness.actions.answer_defence | rows | investigator
police.cases.fairness.actions.correct_person | rows | investigator
police.cases.fairness.undoing.take_back_correction | rows | investigator
police.cases.fairness.actions.send_correction | rows | system
police.cases.fairness.telling.note_answer   | rows | investigator
police.cases.fairness.telling.name_receiver | rows | investigator
police.cases.fairness.telling.note_heard    | rows | system
police.deconfliction.telling.tell_peers     | rows | system
police.disclosure.actions.tell_receivers    | rows | system
police.disclosure.actions.tell_change       | rows | system
police.cases.fairness.actions.chase_corrections | node | system
police.cases.fairness.actions.read_due_process | rows | investigator
police.cases.asking.actions.ask_others      | rows | investigator
police.cases.asking.actions.answer_asking   | rows | system
police.cases.asking.actions.compare_case    | rows | system

police.evidence.actions.add_exhibit         | rows | investigator examiner
police.evidence.actions.hand_over           | rows | investigator examiner
police.evidence.actions.receive             | rows | investigator examiner
police.evidence.actions.return_exhibit      | rows | investigator examiner
police.evidence.keeping.seal_exhibit        | rows | investigator examiner
police.evidence.keeping.destroy_exhibit     | rows | investigator examiner
police.evidence.keeping.add_photographs     | rows | investigator examiner
police.evidence.actions.list_exhibits       | list | investigator examiner
police.evidence.actions.read_exhibit        | rows | investigator examiner
police.evidence.actions.read_progress       | rows | investigator examiner
police.evidence.acquisitions.begin_acquisition | rows | examiner
police.evidence.acquisitions.finish_acquisition | rows | examiner
police.evidence.recording.check_stated       | rows | examiner
police.evidence.recording.record_acquisition | rows | examiner
police.evidence.begun.open_medium           | rows | examiner
police.evidence.passes.begin_pass           | rows | examiner
police.evidence.passes.keep_found           | rows | examiner
police.evidence.passes.finish_pass          | rows | examiner
police.evidence.passes.give_up_pass         | rows | examiner
police.evidence.marking.keep_reading        | rows | examiner
police.evidence.labelling.label_exhibits    | rows | investigator examiner
police.evidence.categorising.give_media     | rows | examiner
police.evidence.categorising.take_categories | rows | examiner
police.evidence.reporting.read_report       | rows | investigator examiner

police.disclosure.actions.propose_disclosure | rows | investigator examiner
police.disclosure.actions.preview_disclosure | rows | investigator examiner
police.disclosure.actions.approve_disclosure | rows | investigator examiner
police.disclosure.actions.begin_sealing     | rows | investigator examiner
police.disclosure.actions.write_disclosure  | rows | investigator examiner
police.disclosure.actions.read_disclosure   | rows | investigator examiner
police.disclosure.actions.list_disclosures  | list | investigator examiner

police.outcomes.actions.read_advice         | rows | investigator
police.outcomes.actions.decide_outcome      | rows | investigator
police.outcomes.actions.read_outcomes       | rows | investigator
police.outcomes.actions.finish_duty         | rows | investigator
police.outcomes.steps.record_step           | rows | investigator
police.outcomes.mistaken.take_back_step     | rows | investigator
police.outcomes.holding.change_custody      | rows | investigator
police.outcomes.steps.tell_step             | rows | system
police.outcomes.mistaken.tell_taken_back    | rows | system
police.outcomes.steps.tell_authorities      | rows | system
police.outcomes.steps.tell_change           | rows | system
police.outcomes.steps.file_appeal           | rows | investigator
police.outcomes.steps.answer_appeal         | rows | investigator
police.outcomes.comparing.list_differences  | list | investigator
police.outcomes.comparing.compare_with      | node | investigator  # counts of what the actor sees; shows no row
police.outcomes.actions.review_case         | rows | system
police.outcomes.readvising.watch_law        | node | system
police.outcomes.turning.watch_days          | node | system
police.outcomes.actions.send_feedback       | rows | system

police.welfare.actions.review_case          | rows | system
police.welfare.steps.tell_agency            | rows | system
police.welfare.actions.review_person        | rows | investigator
police.welfare.actions.list_records         | list | investigator
police.welfare.actions.read_record          | rows | investigator
police.welfare.actions.record_welfare       | rows | investigator
police.welfare.actions.record_talk          | rows | investigator
police.welfare.actions.plan_follow_up       | rows | investigator
police.welfare.actions.finish_follow_up     | rows | investigator
police.welfare.actions.change_access        | rows | investigator
police.welfare.undoing.take_back_talk       | rows | investigator
police.welfare.undoing.drop_follow_up       | rows | investigator
police.welfare.lists.give_lists             | rows | system
police.welfare.lists.give_left              | rows | system
police.welfare.actions.miss_clocks          | node | system
police.welfare.steps.record_step            | rows | investigator
police.welfare.actions.close_welfare        | rows | investigator

police.removals.mailed.actions.import_mail | rows | investigator
police.removals.compared.actions.record_authority | rows | investigator
police.removals.compared.actions.end_authority | rows | investigator
police.removals.compared.actions.compare_digest   | rows | investigator
police.removals.nodes.note_settled            | rows | system
police.removals.nodes.take_answer             | rows | system
police.removals.actions.note_addresses      | rows | system
police.removals.actions.list_removals       | rows | investigator examiner
police.removals.actions.add_place           | rows | investigator
police.removals.actions.list_up             | list | investigator
police.removals.actions.measure_hosts       | list | investigator
police.removals.moving.record_state         | rows | investigator
police.removals.noticing.make_notice        | rows | investigator
police.removals.noticing.ask_for_own_material | rows | system
police.removals.noticing.reconsider_own_material | rows | system
police.removals.marks.reconsider_marks | rows | system
police.removals.returning.return_places | rows | system
police.removals.detaching.follow_detached | rows | system
police.removals.mistaken.actions.take_back  | rows | investigator
police.removals.noticing.carry_notice       | rows | investigator
police.removals.redating.correct_notice_day | rows | investigator
police.removals.correcting.correct_place | rows | investigator
police.removals.noticing.retry_notice       | rows | investigator
police.removals.noticing.send_notice        | rows | system
police.removals.noticing.wake_notices       | node | system
police.removals.noticing.record_reply       | rows | investigator
police.removals.checking.wake_checks        | node | system
police.removals.checking.check_due          | rows | system
police.removals.checking.check_now          | rows | investigator
police.removals.looking.look_by_hand        | rows | investigator
police.removals.voting.name_item            | rows | investigator examiner
police.removals.texts.actions.write_text    | node | investigator administrator
police.removals.texts.actions.drop_text     | node | investigator administrator
police.removals.texts.actions.read_texts    | node | investigator administrator
police.removals.voting.classify_item        | rows | investigator examiner
police.removals.voting.offer_item           | rows | examiner
police.retention.actions.read_plan          | list | investigator
police.retention.actions.place_hold         | rows | investigator
police.retention.actions.lift_hold          | rows | investigator
police.retention.actions.wake_due           | node | system
police.retention.actions.erase_due          | rows | system
police.removals.hosts.list_hosts            | node | investigator administrator
police.removals.hosts.write_host            | node | investigator administrator
police.removals.hosts.allow_checks          | node | administrator

# counts only, of the cases that the reader's unit may count
bulletin.actions.read_public_bulletin       | shared | press investigator examiner analyst liaison auditor
bulletin.actions.read_full_bulletin         | shared | investigator auditor
bulletin.published.actions.publish_bulletin | node | press investigator
bulletin.published.actions.list_publications | node | press investigator examiner analyst liaison auditor
bulletin.published.actions.read_publication | node | press investigator examiner analyst liaison auditor
""")
